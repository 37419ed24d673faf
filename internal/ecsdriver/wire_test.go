package ecsdriver_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"greenlight/internal/awsaccess"
	"greenlight/internal/awsaccess/awstest"
	"greenlight/internal/ecsdriver"
)

var as = awstest.As

const requestID = "01234567-89ab-cdef-0123-456789abcdef"

// request is one call as it came over the wire.
type request struct {
	operation string
	body      string     // of ECS
	form      url.Values // of ELB, without Action and Version
}

// answer is what the far side says to a call.
type answer struct {
	status int // 0: 200
	body   string
}

// wire is ECS and Elastic Load Balancing behind one address, each with hand-written answers. It has no state but the record of
// what was asked.
type wire struct {
	mu       sync.Mutex
	answers  map[string][]answer // by operation; the last one stays
	requests []request
	onCall   func(request)
}

func newWire(t *testing.T) (*wire, *ecsdriver.Driver) {
	w := &wire{answers: map[string][]answer{}}
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	return w, ecsdriver.New(awstest.Access(server.URL, nil))
}

// says sets an operation's answers, one call after the other.
func (w *wire) says(operation string, answers ...answer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[operation] = answers
}

// ok has ELB answer with results, given as the XML inside.
func (w *wire) ok(operation string, results ...string) {
	answers := make([]answer, len(results))
	for i, result := range results {
		answers[i] = granted(operation, result)
	}
	w.says(operation, answers...)
}

func granted(operation, result string) answer {
	return answer{body: fmt.Sprintf(`<%[1]sResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">`+
		`<%[1]sResult>%[2]s</%[1]sResult><ResponseMetadata><RequestId>%[3]s</RequestId></ResponseMetadata></%[1]sResponse>`,
		operation, result, requestID)}
}

func elbError(status int, code, message string) answer {
	return answer{status, fmt.Sprintf(`<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><Error><Type>Sender</Type>`+
		`<Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>`, code, message, requestID)}
}

func ecsError(status int, code, message string) answer {
	return answer{status, fmt.Sprintf(`{"__type":%q,"message":%q}`, code, message)}
}

const ecsTarget = "AmazonEC2ContainerServiceV20141113."

func (w *wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	req := request{body: string(body)}
	operation, isECS := strings.CutPrefix(r.Header.Get("X-Amz-Target"), ecsTarget)
	if isECS {
		req.operation = operation
		rw.Header().Set("X-Amzn-Requestid", requestID)
	} else {
		req.form, _ = url.ParseQuery(req.body)
		req.operation = req.form.Get("Action")
		req.form.Del("Action")
		req.form.Del("Version")
	}
	a, onCall := w.take(req)
	if onCall != nil {
		onCall(req)
	}
	if a.status != 0 {
		rw.WriteHeader(a.status)
	}
	io.WriteString(rw, a.body)
}

func (w *wire) take(req request) (answer, func(request)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = append(w.requests, req)
	answers := w.answers[req.operation]
	if len(answers) == 0 {
		return answer{http.StatusNotImplemented, "no answer was written for " + req.operation}, nil
	}
	if len(answers) > 1 {
		w.answers[req.operation] = answers[1:]
	}
	return answers[0], w.onCall
}

// asked returns what came so far of some operations, or of all.
func (w *wire) asked(operations ...string) []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []request
	for _, r := range w.requests {
		if len(operations) == 0 || slices.Contains(operations, r.operation) {
			found = append(found, r)
		}
	}
	return found
}

func names(requests []request) []string {
	var list []string
	for _, r := range requests {
		list = append(list, r.operation)
	}
	return list
}

// flat makes a form comparable: one "key=value" per member, sorted, the pair's ARNs shortened.
func flat(form url.Values) []string {
	var list []string
	short := strings.NewReplacer(tgA, "tgA", tgB, "tgB", tgX, "tgX", rulesARN, "rule/", l80, "L80", nlb80, "NLB80")
	for key, values := range form {
		for _, v := range values {
			list = append(list, key+"="+short.Replace(v))
		}
	}
	slices.Sort(list)
	return list
}

func wantFault(t *testing.T, err error, kind awsaccess.FaultKind, service, code string) *awsaccess.Fault {
	t.Helper()
	fault, ok := errors.AsType[*awsaccess.Fault](err)
	if !ok || fault.Kind != kind || fault.Service != service || fault.Code != code {
		t.Fatalf("error is %v, want a fault of %s of kind %s with code %q", err, service, kind, code)
	}
	return fault
}
