package runtime

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// client plays a runtime.
type client struct {
	t   *testing.T
	api *runtimeAPI
}

func newClient(t *testing.T) client {
	t.Helper()
	api, err := newRuntimeAPI()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.close)
	return client{t, api}
}

func (c client) do(method, path, body string, trailer http.Header) (int, http.Header, string) {
	c.t.Helper()
	r, err := http.NewRequest(method, "http://"+c.api.address+"/2018-06-01/runtime"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if trailer != nil {
		r.ContentLength, r.Trailer = -1, trailer
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(text)
}

// deliver hands an invocation with the id "one" to the next poll.
func (c client) deliver() *delivery {
	d := &delivery{
		in:       Invocation{RequestID: "one", ARN: "arn", Payload: []byte(`{"a":1}`), ClientContext: "{}"},
		deadline: time.UnixMilli(1700000000123), traceID: "Root=1", answered: make(chan reply, 1),
	}
	go func() { c.api.deliver(<-c.api.polls, d) }()
	return d
}

func TestRuntimeAPIDelivers(t *testing.T) {
	c := newClient(t)
	d := c.deliver()
	status, header, body := c.do("GET", "/invocation/next", "", nil)
	if status != http.StatusOK || body != `{"a":1}` {
		t.Errorf("%d %s", status, body)
	}
	for name, want := range map[string]string{
		"Lambda-Runtime-Aws-Request-Id":       "one",
		"Lambda-Runtime-Deadline-Ms":          "1700000000123",
		"Lambda-Runtime-Invoked-Function-Arn": "arn",
		"Lambda-Runtime-Trace-Id":             "Root=1",
		"Lambda-Runtime-Client-Context":       "{}",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if status, _, body := c.do("GET", "/invocation/next", "", nil); status != http.StatusForbidden {
		t.Errorf("a poll without an answer got %d %s", status, body)
	}
	if status, _, body := c.do("POST", "/invocation/two/response", "2", nil); status != http.StatusBadRequest {
		t.Errorf("an answer to another invocation got %d %s", status, body)
	}
	if status, _, body := c.do("POST", "/invocation/one/response", "1", nil); status != http.StatusAccepted {
		t.Errorf("the answer got %d %s", status, body)
	}
	if status, _, body := c.do("POST", "/invocation/one/error", "{}", nil); status != http.StatusBadRequest {
		t.Errorf("a second answer got %d %s", status, body)
	}
	if said := <-d.answered; string(said.payload) != "1" || said.functionError != "" {
		t.Errorf("answered %+v", said)
	}
}

func TestRuntimeAPIStreamedError(t *testing.T) {
	c := newClient(t)
	d := c.deliver()
	c.do("GET", "/invocation/next", "", nil)
	c.do("POST", "/invocation/one/response", "half", http.Header{
		"Lambda-Runtime-Function-Error-Type": {"Late"},
		"Lambda-Runtime-Function-Error-Body": {base64.StdEncoding.EncodeToString([]byte(`{"errorMessage":"late"}`))},
	})
	if said := <-d.answered; said.functionError != unhandled || said.errorType != "Late" || string(said.payload) != `{"errorMessage":"late"}` {
		t.Errorf("answered %+v", said)
	}
}

func TestRuntimeAPIInitError(t *testing.T) {
	c := newClient(t)
	for _, body := range []string{`{"errorType":"A"}`, `{"errorType":"B"}`} {
		if status, _, _ := c.do("POST", "/init/error", body, nil); status != http.StatusAccepted {
			t.Errorf("status %d", status)
		}
	}
	if said := <-c.api.initErrors; string(said.payload) != `{"errorType":"A"}` || said.functionError != unhandled {
		t.Errorf("got %+v", said)
	}
}

// FuzzOutput holds the log to whole bounded lines that lose nothing but gain line ends.
func FuzzOutput(f *testing.F) {
	f.Add([]byte("a\nb"), 1)
	f.Add(bytes.Repeat([]byte("x"), maxLine+1), maxLine)
	f.Fuzz(func(t *testing.T, text []byte, size int) {
		w := &lineWriter{t: t}
		o := &output{sink: w}
		for rest := text; len(rest) > 0; {
			n := min(max(size, 1), len(rest))
			o.passOn(rest[:n])
			rest = rest[n:]
		}
		o.finish("")
		if got := strings.ReplaceAll(strings.Join(w.lines, ""), "\n", ""); got != strings.ReplaceAll(string(text), "\n", "") {
			t.Errorf("%d bytes became %d", len(text), len(got))
		}
	})
}
