package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is one run of `greenlight dev`, or of `greenlight serve`. It ends with the test at the latest.
type server struct {
	*cloud
	URL     string
	data    string
	options []string // of `greenlight dev`, besides address, data and clock

	t      testing.TB
	cmd    *exec.Cmd
	stderr transcript
	exited chan struct{} // closed when the process has ended
}

// start runs `greenlight dev` on a new data directory.
func start(t testing.TB, clock string, options ...string) *server {
	t.Helper()
	return startOn(t, t.TempDir(), clock, options...)
}

// startOn runs it on a given one, and returns when it listens.
func startOn(t testing.TB, data, clock string, options ...string) *server {
	t.Helper()
	s := launch(t, data, clock, options...)
	s.awaitListening()
	s.cloud = newCloud(t, s.URL, account, "any")
	return s
}

func launch(t testing.TB, data, clock string, options ...string) *server {
	t.Helper()
	args := append([]string{"dev", "--listen", "127.0.0.1:0", "--data", data, "--clock", clock}, options...)
	s := launchBinary(t, data, nil, args...)
	s.options = options
	return s
}

func (s *server) awaitListening() {
	s.t.Helper()
	select {
	case s.URL = <-s.stderr.listening:
	case <-s.exited:
		s.t.Fatalf("greenlight ended before it listened: %v\n%s", s.cmd.ProcessState, &s.stderr)
	case <-time.After(patience):
		s.t.Fatalf("greenlight did not listen within %s\n%s", patience, &s.stderr)
	}
}

// launchBinary runs a verb that serves, with further variables in its
// environment, and keeps below data what it makes.
func launchBinary(t testing.TB, data string, variables []string, args ...string) *server {
	t.Helper()
	s := &server{
		t: t, data: data, exited: make(chan struct{}),
		cmd:    exec.Command(binary, args...),
		stderr: transcript{listening: make(chan string, 1)},
	}
	s.cmd.Env = environment(t, variables...)
	pipe, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		s.stderr.read(pipe)
		_ = s.cmd.Wait() // ProcessState says all
		close(s.exited)
	}()
	t.Cleanup(s.clean)
	return s
}

// clean ends the process if it still runs, and sees to it that nothing which it
// started is left. A kill leaves tasks running, as it should; a stop does not.
func (s *server) clean() {
	select {
	case <-s.exited:
	default:
		if len(s.options) > 0 {
			s.stop()
		} else {
			s.kill()
		}
	}
	eventually(s.t, "the processes of functions and tasks to end", func() bool { return len(processesIn(s.data)) == 0 })
	if s.t.Failed() {
		s.t.Logf("what greenlight %s said:\n%s", s.cmd.Args[1], &s.stderr)
	}
}

// kill ends the process as a power failure would.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may have ended by itself
	<-s.exited
}

// stop asks the process to end and returns its exit code.
func (s *server) stop() int {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-s.exited:
	case <-time.After(patience):
		s.t.Fatalf("greenlight dev did not end within %s of SIGTERM", patience)
	}
	return s.cmd.ProcessState.ExitCode()
}

// restart runs the next process on the same data directory.
func (s *server) restart(clock string) *server {
	s.t.Helper()
	<-s.exited
	return startOn(s.t, s.data, clock, s.options...)
}

// get answers the status and the body of a GET of the server's own pages.
func (s *server) get(path string) (int, string) {
	s.t.Helper()
	return s.send(http.MethodGet, path, "")
}

func (s *server) send(method, path, body string) (int, string) {
	s.t.Helper()
	request := must(http.NewRequestWithContext(s.t.Context(), method, s.URL+path, strings.NewReader(body)))(s.t)
	answer, err := s.http.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode, string(must(io.ReadAll(answer.Body))(s.t))
}

// now is the server's time.
func (s *server) now() time.Time {
	s.t.Helper()
	return s.clockAnswer(s.get("/_greenlight/clock"))
}

// advance moves a manual clock and returns when all that became due is done.
func (s *server) advance(by time.Duration) time.Time {
	s.t.Helper()
	return s.clockAnswer(s.send(http.MethodPost, "/_greenlight/clock", `{"advance":"`+by.String()+`"}`))
}

// settle returns when the server has done all that there is to do now.
func (s *server) settle() { s.t.Helper(); s.advance(0) }

func (s *server) clockAnswer(status int, body string) time.Time {
	s.t.Helper()
	var answer struct{ Now time.Time }
	if err := json.Unmarshal([]byte(body), &answer); status != http.StatusOK || err != nil {
		s.t.Fatalf("the clock answered %d %s", status, body)
	}
	return answer.Now
}

// transcript keeps what a server writes to its standard error.
type transcript struct {
	listening chan string // gets the URL, once

	mu   sync.Mutex
	text bytes.Buffer
}

func (tr *transcript) read(from io.Reader) {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		tr.mu.Lock()
		tr.text.WriteString(lines.Text() + "\n")
		tr.mu.Unlock()
		if url, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			tr.listening <- url
		}
	}
	_, _ = io.Copy(io.Discard, from) // a line too long ends the scanner, not the server
}

func (tr *transcript) String() string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.text.String()
}

// processesIn lists the processes whose program or directory is below dir. Only
// Linux can tell.
func processesIn(dir string) []string {
	var found []string
	if runtime.GOOS != "linux" {
		return nil
	}
	for _, link := range []string{"exe", "cwd"} {
		names, _ := filepath.Glob("/proc/[0-9]*/" + link) // the pattern is well-formed
		for _, name := range names {
			if place, err := os.Readlink(name); err == nil && strings.HasPrefix(place, dir+"/") {
				found = append(found, name+" -> "+place)
			}
		}
	}
	return found
}
