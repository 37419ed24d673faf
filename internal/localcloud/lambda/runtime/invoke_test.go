package runtime

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFunctionAnswers(t *testing.T) {
	p, _ := newTestPool(t, Options{})
	r := invoke(t, p, goCode(t), `{"text":"hello"}`)
	if got := answer[string](t, r); got != "hello" {
		t.Errorf("got %q", got)
	}
	if r.Duration <= 0 {
		t.Errorf("Duration = %v", r.Duration)
	}
}

func TestFunctionKnowsItsInvocation(t *testing.T) {
	p, _ := newTestPool(t, Options{})
	plain := `{"custom":{"colour":"green"}}`
	for name, clientContext := range map[string]string{"json": plain, "base64": base64.StdEncoding.EncodeToString([]byte(plain))} {
		t.Run(name, func(t *testing.T) {
			in := event(`{"do":"context"}`)
			in.ClientContext = clientContext
			r, err := p.Invoke(context.Background(), goCode(t), 0, in)
			if err != nil {
				t.Fatal(err)
			}
			got := answer[struct {
				ID, ARN   string
				Custom    map[string]string
				Remaining int64
			}](t, r)
			if got.ID != in.RequestID || got.ARN != in.ARN || got.Custom["colour"] != "green" {
				t.Errorf("got %+v", got)
			}
			if limit := goCode(t).Timeout.Milliseconds(); got.Remaining <= limit/2 || got.Remaining > limit {
				t.Errorf("remaining %d ms of %d", got.Remaining, limit)
			}
		})
	}
}

func TestFunctionFails(t *testing.T) {
	tests := []struct {
		name, payload, errorType, message string
	}{
		{"error", `{"do":"error","text":"no luck"}`, "errorString", "^no luck$"},
		{"panic", `{"do":"panic","text":"ouch"}`, "string", "^ouch$"},
		{"exit", `{"do":"exit","count":1}`, "Runtime.ExitError", `^RequestId: request-\d+ Error: Runtime exited with error: exit status 1$`},
		{"exit without a reason", `{"do":"exit"}`, "Runtime.ExitError", `^RequestId: request-\d+ Error: Runtime exited without providing a reason$`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, _ := newTestPool(t, Options{})
			got := failed(t, invoke(t, p, goCode(t), test.payload))
			if got.ErrorType != test.errorType || !regexp.MustCompile(test.message).MatchString(got.ErrorMessage) {
				t.Errorf("got %+v", got)
			}
			if again := answer[string](t, invoke(t, p, goCode(t), `{"text":"again"}`)); again != "again" {
				t.Errorf("afterwards got %q", again)
			}
		})
	}
}

func TestTimeoutKillsTheWholeGroup(t *testing.T) {
	p, log := newTestPool(t, Options{})
	code := goCode(t)
	first := answer[int](t, invoke(t, p, code, `{"do":"pid"}`))
	code.Timeout = 250 * time.Millisecond
	r := invoke(t, p, code, `{"do":"family"}`)
	got := failed(t, r)
	if !regexp.MustCompile(`^\S+Z request-\d+ Task timed out after 0\.25 seconds$`).MatchString(got.ErrorMessage) {
		t.Errorf("got %+v", got)
	}
	mustContain(t, string(r.LogTail), "child ", got.ErrorMessage, "Status: timeout")
	child := regexp.MustCompile(`child (\d+)`).FindStringSubmatch(log.String())
	awaitNoProcess(t, child[1])
	code.Timeout = time.Minute
	if second := answer[int](t, invoke(t, p, code, `{"do":"pid"}`)); second == first {
		t.Error("an environment was used again after a time-out")
	}
}

func TestInitializationFails(t *testing.T) {
	t.Run("exit", func(t *testing.T) {
		p, _ := newTestPool(t, Options{})
		code := goCode(t)
		code.Environment = map[string]string{"INIT": "exit"}
		r := invoke(t, p, code, `{}`)
		mustContain(t, failed(t, r).ErrorMessage, "Runtime exited with error: exit status 3")
		mustContain(t, string(r.LogTail), "leaving early", "START RequestId", "END RequestId", "Status: error\tError Type: Runtime.ExitError")
	})
	t.Run("too long", func(t *testing.T) {
		p, _ := newTestPool(t, Options{})
		p.initLimit = 100 * time.Millisecond
		code := goCode(t)
		code.Environment, code.Timeout = map[string]string{"INIT": "hang"}, 200*time.Millisecond
		r := invoke(t, p, code, `{}`)
		mustContain(t, failed(t, r).ErrorMessage, "Task timed out after 0.20 seconds")
	})
	t.Run("too long the first time", func(t *testing.T) {
		p, log := newTestPool(t, Options{})
		p.initLimit = 300 * time.Millisecond
		code := goCode(t)
		code.Environment = map[string]string{"INIT": "hang once", "MARK": filepath.Join(t.TempDir(), "mark")}
		if got := answer[string](t, invoke(t, p, code, `{"text":"late"}`)); got != "late" {
			t.Errorf("got %q", got)
		}
		mustContain(t, log.String(), "Phase: init\tStatus: timeout")
	})
}

func TestBootstrapIsNoProgram(t *testing.T) {
	tests := []struct {
		name, reason string
		prepare      func(path string) error
	}{
		{"missing", "no such file", func(string) error { return nil }},
		{"not executable", "permission denied", func(path string) error { return os.WriteFile(path, []byte("#!/bin/sh\n"), 0o600) }},
		{"no format", "exec format error", func(path string) error { return os.WriteFile(path, []byte("hello"), 0o700) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, _ := newTestPool(t, Options{})
			code := goCode(t)
			code.Dir = t.TempDir()
			if err := test.prepare(filepath.Join(code.Dir, "bootstrap")); err != nil {
				t.Fatal(err)
			}
			r := invoke(t, p, code, `{}`)
			got := failed(t, r)
			mustContain(t, got.ErrorMessage, test.reason)
			mustContain(t, string(r.LogTail), "START RequestId", test.reason, "REPORT RequestId")
			if got.ErrorType != "Runtime.InvalidEntrypoint" || strings.Contains(got.ErrorMessage, code.Dir) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestPayloadBounds(t *testing.T) {
	p, _ := newTestPool(t, Options{})
	t.Run("both ways", func(t *testing.T) {
		text := strings.Repeat("y", maxPayload-100)
		if got := answer[string](t, invoke(t, p, goCode(t), `{"text":"`+text+`"}`)); got != text {
			t.Errorf("%d bytes came back of %d", len(got), len(text))
		}
	})
	t.Run("response too large", func(t *testing.T) {
		got := failed(t, invoke(t, p, goCode(t), `{"do":"big","count":6291600}`))
		if got.ErrorType != "Function.ResponseSizeTooLarge" {
			t.Errorf("got %+v", got)
		}
		if again := answer[string](t, invoke(t, p, goCode(t), `{"text":"again"}`)); again != "again" {
			t.Errorf("afterwards got %q", again)
		}
	})
	t.Run("request too large", func(t *testing.T) {
		if _, err := p.Invoke(context.Background(), goCode(t), 0, event(strings.Repeat(" ", maxPayload+1))); err == nil {
			t.Error("accepted")
		}
	})
	t.Run("request id", func(t *testing.T) {
		for _, id := range []string{"", "a/b", "a b", "a?b"} {
			if _, err := p.Invoke(context.Background(), goCode(t), 0, Invocation{RequestID: id}); err == nil {
				t.Errorf("accepted %q", id)
			}
		}
	})
}

func TestEnvironmentVariables(t *testing.T) {
	t.Setenv("AWS_SECRET_ACCESS_KEY", "of the host")
	t.Setenv("HTTPS_PROXY", "http://of.the.host")
	t.Setenv("SSL_CERT_FILE", "/of/the/host")
	p, _ := newTestPool(t, Options{})
	code := goCode(t)
	code.Environment["TZ"] = "Europe/Berlin"
	code.Environment["AWS_LAMBDA_FUNCTION_NAME"] = "forged"
	all := answer[[]string](t, invoke(t, p, code, `{"do":"environment"}`))
	for _, wanted := range []string{
		"AWS_LAMBDA_FUNCTION_NAME=f", "AWS_LAMBDA_FUNCTION_VERSION=1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/f", "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand", "_HANDLER=bootstrap",
		"LAMBDA_TASK_ROOT=" + functionDir, "AWS_REGION=eu-west-1", "COLOUR=green", "TZ=Europe/Berlin", "PATH=" + os.Getenv("PATH"),
	} {
		if !slices.Contains(all, wanted) {
			t.Errorf("%s is missing in %q", wanted, all)
		}
	}
	for _, v := range all {
		name, value, _ := strings.Cut(v, "=")
		if strings.Contains(value, "of the host") || strings.Contains(value, "of.the.host") || strings.Contains(value, "/of/the/host") {
			t.Errorf("%s leaked", name)
		}
		if name == "HOME" && value == os.Getenv("HOME") {
			t.Error("the function has the server's home")
		}
	}
}

func TestUnsupportedRuntime(t *testing.T) {
	p, _ := newTestPool(t, Options{})
	for _, name := range []string{"", "java21", "python2.7", "python3.08", "python3.99", "nodejs20", "nodejs21.x", "provided"} {
		code := goCode(t)
		code.Runtime = name
		_, err := p.Invoke(context.Background(), code, 0, event(`{}`))
		if !errors.Is(err, ErrUnsupportedRuntime) || !errors.Is(Supported(name), ErrUnsupportedRuntime) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"provided.al2023", "provided.al2", "python3.8", "python3.14", "nodejs12.x", "nodejs24.x"} {
		if err := Supported(name); err != nil {
			t.Error(err)
		}
	}
}
