package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// farSide is a CodeDeploy server that says what a script wrote down for it. The
// file server/<Operation>.<deployment id>, or else server/<Operation>, has an
// answer per line: an HTTP status and a JSON body. Calls take line after line,
// and the last one stays. It refuses what is not signed AWS JSON 1.1, and keeps
// the bodies it got in the file requests/<Operation>.
type farSide struct {
	dir    string
	server *httptest.Server

	mu    sync.Mutex
	taken map[string]int
	calls map[string]chan struct{} // closed at the first call
}

type farSideKey struct{}

func newFarSide(dir string) *farSide {
	f := &farSide{dir: dir, taken: map[string]int{}, calls: map[string]chan struct{}{}}
	f.server = httptest.NewServer(f)
	return f
}

func (f *farSide) url() string { return f.server.URL }
func (f *farSide) close()      { f.server.CloseClientConnections(); f.server.Close() }

func (f *farSide) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.Header.Get("Authorization"), "/codedeploy/aws4_request") {
		f.answer(w, http.StatusForbidden, `{"__type":"MissingAuthenticationTokenException","message":"not signed for codedeploy"}`)
		return
	}
	operation, isAPI := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "CodeDeploy_20141006.")
	if !isAPI {
		f.serveLogs(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		f.answer(w, http.StatusBadRequest, `{"__type":"SerializationException"}`)
		return
	}
	line, err := f.next(operation, body)
	if err != nil {
		f.answer(w, http.StatusBadRequest, fmt.Sprintf(`{"__type":"UnscriptedCall","message":%q}`, err.Error()))
		return
	}
	status, answer, _ := strings.Cut(line, " ")
	code, err := strconv.Atoi(status)
	if err != nil {
		code, answer = http.StatusBadRequest, `{"__type":"UnscriptedCall","message":"the line has no status"}`
	}
	f.answer(w, code, answer)
}

func (f *farSide) answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	io.WriteString(w, body)
}

func (f *farSide) serveLogs(w http.ResponseWriter, r *http.Request) {
	text, err := os.ReadFile(filepath.Join(f.dir, "server", "logs"))
	switch query := r.URL.Query(); {
	case err != nil || r.URL.Path != "/_greenlight/logs":
		http.NotFound(w, r)
	case query.Get("function") == "unknown":
		w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
		f.answer(w, http.StatusNotFound, `{"Type":"User","Message":"Function not found: unknown"}`)
	case query.Get("region") != "us-east-1" || query.Get("since") == "":
		http.Error(w, "which region, since when?", http.StatusBadRequest)
	default:
		w.Write(text)
	}
}

// next is the line to answer a call with.
func (f *farSide) next(operation string, body []byte) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.keep(operation, body); err != nil {
		return "", err
	}
	var about struct {
		DeploymentID string `json:"deploymentId"`
	}
	if err := json.Unmarshal(body, &about); err != nil {
		return "", err
	}
	name := operation + "." + about.DeploymentID
	text, err := os.ReadFile(filepath.Join(f.dir, "server", name))
	if errors.Is(err, os.ErrNotExist) {
		name = operation
		text, err = os.ReadFile(filepath.Join(f.dir, "server", name))
	}
	if err != nil {
		return "", err
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	line := lines[min(f.taken[name], len(lines)-1)]
	f.taken[name]++
	return string(line), nil
}

func (f *farSide) keep(operation string, body []byte) error {
	if called := f.called(operation); f.taken["call "+operation] == 0 {
		close(called)
	}
	f.taken["call "+operation]++
	folder := filepath.Join(f.dir, "requests")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, operation), body, 0o644)
}

func (f *farSide) called(operation string) chan struct{} {
	if f.calls[operation] == nil {
		f.calls[operation] = make(chan struct{})
	}
	return f.calls[operation]
}

// served waits until an operation has been called: served OPERATION.
func served(ts *testscript.TestScript, _ bool, args []string) {
	f := ts.Value(farSideKey{}).(*farSide)
	f.mu.Lock()
	called := f.called(args[0])
	f.mu.Unlock()
	<-called
}

// exits runs a command and checks its exit code: exits CODE COMMAND [ARG...].
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		code = ended.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if args[0] != strconv.Itoa(code) {
		ts.Fatalf("exit code %d, not %s", code, args[0])
	}
}

// nowhere is an address at which nobody listens.
func nowhere() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "http://127.0.0.1:1"
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}
