// Package awstest gives tests an AWS to call: accounts for the SDK, and moto, a stand-in written by others, as the independent
// opinion on what AWS answers.
package awstest

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"greenlight/internal/awsaccess"
)

// As is the account and region that tests act in.
var As = awsaccess.As{Account: "123456789012", Region: "eu-west-1", RoleARN: "arn:aws:iam::123456789012:role/deployer"}

const motoStart = 60 * time.Second

// Access calls every service at endpoint with As.Account's credentials. client may be nil: the SDK's own.
func Access(endpoint string, client aws.HTTPClient) *awsaccess.Access {
	return awsaccess.New(awsaccess.Options{
		Base:               aws.Config{HTTPClient: client},
		Endpoint:           endpoint,
		AccountCredentials: true,
	})
}

// Moto starts moto's server on a free loopback port and returns its address. The server ends with the test. Without moto the
// test is skipped.
func Moto(t testing.TB) string {
	t.Helper()
	command := motoCommand()
	if command == nil {
		t.Skip("moto is not installed: neither moto_server nor python3 -m moto.server can be run")
	}
	ctx, cancel := context.WithTimeout(t.Context(), motoStart)
	defer cancel()
	cmd := exec.Command(command[0], append(command[1:], "-H", "127.0.0.1", "-p", "0")...)
	cmd.Env = plainEnvironment()
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	endpoint := motoAddress(ctx, log)
	if endpoint == "" {
		t.Fatalf("moto (process %d) said no address within %s", cmd.Process.Pid, motoStart)
	}
	withoutDocker(t, endpoint)
	makeRole(t, endpoint)
	return endpoint
}

func motoCommand() []string {
	if path, err := exec.LookPath("moto_server"); err == nil {
		return []string{path}
	}
	if path, err := exec.LookPath("python3"); err == nil && exec.Command(path, "-c", "import moto.server").Run() == nil {
		return []string{path, "-m", "moto.server"}
	}
	return nil
}

// plainEnvironment leaves out what would send the server's own calls through proxies or foreign certificates.
func plainEnvironment() []string {
	var kept []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(strings.ToUpper(entry), "=")
		if !strings.HasPrefix(name, "AWS_") && !strings.HasSuffix(name, "_CA_BUNDLE") && !strings.HasSuffix(name, "_PROXY") {
			kept = append(kept, entry)
		}
	}
	return kept
}

var running = regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)

// motoAddress reads the server's log until it names its address, and keeps the log flowing afterwards.
func motoAddress(ctx context.Context, log io.Reader) string {
	found := make(chan string, 1)
	go func() {
		defer close(found)
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if m := running.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
				break
			}
		}
		_, _ = io.Copy(io.Discard, log)
	}()
	select {
	case endpoint := <-found:
		return endpoint
	case <-ctx.Done():
		return ""
	}
}

// makeRole creates the role of As.RoleARN, without which moto creates no function. It speaks the query protocol itself, because
// nothing else here needs IAM's client.
func makeRole(t testing.TB, endpoint string) {
	t.Helper()
	form := url.Values{
		"Action":                   {"CreateRole"},
		"Version":                  {"2010-05-08"},
		"RoleName":                 {"deployer"},
		"AssumeRolePolicyDocument": {`{"Version":"2012-10-17","Statement":[]}`},
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+As.Account+"/20260101/us-east-1/iam/aws4_request")
	send(t, req, http.StatusOK)
}

// withoutDocker has moto answer an Invoke without running the function.
func withoutDocker(t testing.TB, endpoint string) {
	t.Helper()
	body := strings.NewReader(`{"lambda":{"use_docker":false}}`)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint+"/moto-api/config", body)
	if err != nil {
		t.Fatal(err)
	}
	send(t, req, http.StatusCreated)
}

func send(t testing.TB, req *http.Request, status int) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != status {
		t.Fatalf("%s %s: %s, want status %d", req.Method, req.URL.Path, resp.Status, status)
	}
}
