package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/api"
	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// harness is the API on an empty store. It has no engine, so it serves
// everything but deployments.
type harness struct {
	store   *store.Store
	api     *api.API
	service http.Handler
}

func newHarness(t testing.TB, quotas api.Quotas) *harness {
	t.Helper()
	return newHarnessWith(t, api.Options{Quotas: quotas})
}

// newHarnessWith takes the options that are not about the store and the clock.
func newHarnessWith(t testing.TB, o api.Options) *harness {
	t.Helper()
	return newHarnessOn(t, func(testing.TB, *api.Options) {}, o)
}

// newHarnessOn lets a test put an engine on the store before the API is made.
func newHarnessOn(t testing.TB, prepare func(testing.TB, *api.Options), o api.Options) *harness {
	t.Helper()
	path := filepath.Join(t.TempDir(), "greenlight.db")
	empty, err := emptyDatabase()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	o.Store = s
	if o.Clock == nil {
		o.Clock = newClock(clock.Real)
	}
	prepare(t, &o)
	a, err := api.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return &harness{store: s, api: a, service: a.Service()}
}

// emptyDatabase is a database with all its tables, made once for all tests.
var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "greenlight")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "greenlight.db")
	made, err := store.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := made.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newClock is a clock that forgets its offset with the test.
func newClock(mode clock.Mode) *clock.Clock {
	return clock.New(mode, 0, func(time.Duration) error { return nil })
}

// client calls the API as one account in one region.
type client struct {
	*harness
	account, region string
}

const (
	testAccount = "111122223333"
	testRegion  = "eu-west-1"
)

// newClient is a client of a fresh API with AWS's quotas.
func newClient(t *testing.T) client {
	t.Helper()
	return newHarness(t, api.Quotas{}).client()
}

func (h *harness) client() client { return client{h, testAccount, testRegion} }

func (c client) scope() store.Scope { return store.Scope{Account: c.account, Region: c.region} }

// send posts a raw body and returns the answer's status and body.
func (c client) send(t testing.TB, operation, body string) (int, []byte) {
	t.Helper()
	r := httptest.NewRequestWithContext(awswire.WithCaller(t.Context(), awswire.Caller{Account: c.account, Region: c.region}),
		http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "CodeDeploy_20141006."+operation)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	w := httptest.NewRecorder()
	c.service.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

// object is a JSON object.
type object = map[string]any

// ok calls an operation that must succeed; nil is an empty body.
func (c client) ok(t testing.TB, operation, body string) object {
	t.Helper()
	status, answer := c.send(t, operation, body)
	if status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", operation, body, status, answer)
	}
	covered.note(t, operation, "")
	if len(answer) == 0 {
		return nil
	}
	return parse(t, answer)
}

// refused calls an operation that must answer the exception, and returns the
// message.
func (c client) refused(t testing.TB, operation, body string, want codedeploy.ExceptionCode) string {
	t.Helper()
	status, answer := c.send(t, operation, body)
	if status == http.StatusOK {
		t.Errorf("%s %s: got 200 %s, want %s", operation, body, answer, want)
		return ""
	}
	fault := parse(t, answer)
	if status != http.StatusBadRequest || fault["__type"] != string(want) {
		t.Errorf("%s %s: got %d %s, want %s", operation, body, status, answer, want)
	} else {
		covered.note(t, operation, want)
	}
	message, _ := fault["message"].(string)
	return message
}

func parse(t testing.TB, text []byte) object {
	t.Helper()
	var o object
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&o); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

// equal compares an answer, or a part of one, with JSON text.
func equal(t *testing.T, got any, want string) {
	t.Helper()
	var wanted any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatalf("%s: %v", want, err)
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("not as wanted (-want +got):\n%s", diff)
	}
}

// with is the JSON object base with the members of changes in place of its
// own; a null leaves the member out.
func with(t *testing.T, base, changes string) string {
	t.Helper()
	o := parse(t, []byte(base))
	for name, value := range parse(t, []byte(changes)) {
		if value == nil {
			delete(o, name)
		} else {
			o[name] = value
		}
	}
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// quoted is the text as JSON.
func quoted(text string) string {
	encoded, _ := json.Marshal(text) // a string always has a JSON form
	return string(encoded)
}

// refusal is a request of a table that must be refused.
type refusal struct {
	name string
	body string // the whole request, or what differs from a good one
	want codedeploy.ExceptionCode
	says string // part of the message
}

func (r refusal) check(t *testing.T, c client, operation, body string) {
	t.Helper()
	message := c.refused(t, operation, body, r.want)
	if !strings.Contains(message, r.says) {
		t.Errorf("%s %s: the message is %q, it should say %q", operation, body, message, r.says)
	}
}

// manyNames is a JSON list of n distinct names.
func manyNames(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = "n" + strings.Repeat("x", i)[:i%90] + string(rune('a'+i/90))
	}
	text, _ := json.Marshal(names)
	return string(text)
}

// strs is a JSON list of texts.
func strs(t *testing.T, list any) []string {
	t.Helper()
	values, ok := list.([]any)
	if !ok {
		t.Fatalf("%v is not a list", list)
	}
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = value.(string)
	}
	return texts
}
