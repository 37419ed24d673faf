package lambda

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	client "github.com/aws/aws-sdk-go-v2/service/lambda"

	"greenlight/internal/localcloud/lambda/runtime"
)

// logging makes function f write its payload to its log.
func logging(c *cloud) {
	c.create("f")
	c.pool.do(func(code runtime.Code, in runtime.Invocation) (runtime.Result, error) {
		w := c.pool.options.Logs(code.Function, code.Version, in.RequestID)
		_, err := io.WriteString(w, strings.Trim(string(in.Payload), `"`)+"\n")
		return runtime.Result{}, err
	})
}

func (c *cloud) write(message string) {
	c.t.Helper()
	must(c.invoke(client.InvokeInput{Payload: []byte(`"` + message + `"`)}))(c.t)
}

func (c *cloud) read(since time.Time) []string {
	c.t.Helper()
	var messages []string
	err := c.service.Logs(c.t.Context(), testAccount, testRegion, "f", since, false, func(l LogLine) error {
		messages = append(messages, l.Message)
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return messages
}

func TestLogs(t *testing.T) {
	c := newCloud(t)
	logging(c)
	if got := c.read(time.Time{}); len(got) != 0 {
		t.Errorf("a silent function said %q", got)
	}
	c.write("one")
	c.advance(time.Minute)
	since := c.clock.Now()
	c.write("two")
	c.restart()
	c.write("three")
	if got := strings.Join(c.read(time.Time{}), " "); got != "one two three" {
		t.Errorf("log %q", got)
	}
	if got := strings.Join(c.read(since), " "); got != "two three" {
		t.Errorf("log since the second line %q", got)
	}
	for _, function := range []string{"g", "../f", ""} {
		err := c.service.Logs(t.Context(), testAccount, testRegion, function, time.Time{}, false, nil)
		if err == nil {
			t.Errorf("there is a log of %q", function)
		}
	}
	stop := errors.New("enough")
	err := c.service.Logs(t.Context(), testAccount, testRegion, "f", time.Time{}, false, func(LogLine) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("error %v, want the reader's", err)
	}
}

// A log goes on wherever the data is, also below a directory whose name would be
// a pattern.
func TestLogsBelowADirectoryNamedLikeAPattern(t *testing.T) {
	c := newCloud(t, func(o *Options) { o.Dir = filepath.Join(o.Dir, "proj[1]") })
	logging(c)
	c.write("one")
	c.restart()
	c.write("two")
	if got := strings.Join(c.read(time.Time{}), " "); got != "one two" {
		t.Errorf("log %q", got)
	}
}

func TestLogsAreBounded(t *testing.T) {
	c := newCloud(t, func(o *Options) { o.LogSegment = 1000 })
	logging(c)
	for i := range 100 {
		c.write(fmt.Sprint("line ", i))
	}
	got := c.read(time.Time{})
	if len(got) >= 40 || got[len(got)-1] != "line 99" {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
	files, err := os.ReadDir(filepath.Join(c.options.Dir, "lambda", "logs", testAccount, testRegion, "f"))
	if err != nil || len(files) != logSegments {
		t.Errorf("%d files, %v", len(files), err)
	}
}

// A line that a killed process could not finish neither shows nor spoils the
// next one.
func TestTornLogLine(t *testing.T) {
	c := newCloud(t)
	logging(c)
	c.write("one")
	c.close()
	path := filepath.Join(c.options.Dir, "lambda", "logs", testAccount, testRegion, "f", "0000000001.log")
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"time":"2026-`); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	c.pool.reopen()
	c.open()
	c.write("two")
	if got := strings.Join(c.read(time.Time{}), " "); got != "one two" {
		t.Errorf("log %q", got)
	}
}

func TestLogsFollow(t *testing.T) {
	c := newCloud(t, func(o *Options) { o.LogSegment = 300 })
	logging(c)
	c.write("0")
	server := httptest.NewServer(c.service.LogsHandler())
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+LogsPath+"?function=f&follow=1&since=5m", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for i := range 10 {
		if !lines.Scan() {
			t.Fatal(lines.Err())
		}
		var line LogLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.Message != fmt.Sprint(i) || line.Version != "$LATEST" || line.RequestID == "" {
			t.Errorf("line %d: %+v", i, line)
		}
		c.write(fmt.Sprint(i + 1))
	}
}

func TestLogsHandlerRefuses(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	other := c.as("210987654321", testRegion)
	must(other.CreateFunction(t.Context(), &client.CreateFunctionInput{
		FunctionName: name, Role: &[]string{testRole}[0], Handler: name, Runtime: "provided.al2", Code: codeInputOf(t, "f"),
	}))(t)
	tests := []struct {
		query  string
		status int
		text   string
	}{
		{"function=f", 400, "2 functions are named"},
		{"function=f&account=" + testAccount, 200, ""},
		{"function=" + testARN, 200, ""},
		{"function=g", 404, "Function not found"},
		{"", 404, "Function not found"},
		{"function=f&account=..&region=..", 400, "do not name a function"},
		{"function=" + testARN + "&since=yesterday", 400, "yesterday"},
	}
	for _, test := range tests {
		w := httptest.NewRecorder()
		c.service.LogsHandler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, LogsPath+"?"+test.query, nil))
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.text) {
			t.Errorf("%s: %d %s", test.query, w.Code, w.Body)
		}
	}
}
