package proxy

import (
	"io"
	"net/http"
	"time"
)

// wholeBody is the largest request body that is taken in before a target is
// chosen. It keeps slow clients from holding targets, and such a request can
// be offered to another target.
const wholeBody = 32 << 10

// exchange is one request and its answer.
type exchange struct {
	l      *Listener
	client *client // of HTTP/1.1; nil: HTTP/2
	w      http.ResponseWriter
	r      *http.Request
	now    time.Time // when it began

	upgrade   string  // the protocol asked for, "" for none
	body      []byte  // the whole, unless
	streaming bool    // it goes on to the target as it comes
	upload    *upload // which has begun

	forward *forward // what the rules chose, for the cookies
	chosen  *weighted
	at      *target     // where the request is counted now
	c       *conn       // and what it uses there
	tried   []*target   // took no connection
	failure int         // the status that this makes
	stop    func() bool // of HTTP/2: ends watch
	begun   bool        // the answer's head is written
}

// serve is the handler of all requests.
func (l *Listener) serve(w http.ResponseWriter, r *http.Request, cl *client) {
	x := &exchange{}
	if cl != nil {
		x = &cl.exchange // one at a time
	}
	*x = exchange{l: l, client: cl, w: w, r: r, now: time.Now()}
	l.counters.requests.Add(1)
	defer x.recover()
	if !acceptable(r) {
		x.reject(http.StatusBadRequest)
		return
	}
	if !x.takeBody() {
		return
	}
	for !x.act(l.table.Load()) {
	}
}

// recover makes of a panic what a failure of the load balancer is: the listener
// and all other requests go on.
func (x *exchange) recover() {
	problem := recover()
	if problem == nil {
		return
	}
	if x.at != nil {
		x.abandon()
	}
	if problem != http.ErrAbortHandler { // which is this package's own, to cut an answer off
		x.l.counters.elb5xx.Add(1)
		if !x.begun {
			x.refuse(http.StatusInternalServerError)
			return
		}
	}
	panic(http.ErrAbortHandler)
}

// abandon lets go of the target in the midst of a request.
func (x *exchange) abandon() {
	if x.c != nil {
		x.c.close()
	}
	if x.client != nil {
		x.client.use(nil)
	}
	x.endUpload(false)
	x.release(outcome{})
}

// release ends the count of the request at its target.
func (x *exchange) release(o outcome) {
	t, c := x.at, x.c
	x.at, x.c = nil, nil
	t.release(c, time.Now(), o)
}

// reject answers a request that goes nowhere, and ends the connection.
func (x *exchange) reject(status int) {
	x.l.counters.elb4xx.Add(1)
	if x.r.ProtoMajor == 1 {
		x.w.Header().Set("Connection", "close")
	}
	x.refuse(status)
}

// refuse answers in the place of a target.
func (x *exchange) refuse(status int) {
	x.begun = true
	refuse(x.w, status)
}

// takeBody reads a small body, and leaves a larger one or one of unknown length
// for later. It reports whether the request can go on.
func (x *exchange) takeBody() bool {
	r := x.r
	x.upgrade = upgrades(r)
	if r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody {
		return true
	}
	if r.ContentLength < 0 || r.ContentLength > wholeBody {
		x.streaming = true
		return true
	}
	rc := http.NewResponseController(x.w)
	_ = rc.SetReadDeadline(x.now.Add(x.l.o.IdleTimeout)) // fails on a closed connection only, which the read tells
	x.body = make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, x.body)
	_ = rc.SetReadDeadline(time.Time{})
	if err == nil {
		return true
	}
	if isTimeout(err) {
		x.reject(http.StatusRequestTimeout)
	} else {
		x.reject(http.StatusBadRequest)
	}
	return false
}

// act does what the rules say. It reports false when they have been replaced
// before any target has got the request, so that the new ones decide.
func (x *exchange) act(t *table) bool {
	a := t.route(x.r)
	switch {
	case a.forward != nil:
		return x.offer(a.forward, t)
	case a.fixed != nil:
		x.l.counters.fixed.Add(1)
		x.begun = true
		a.fixed.answer(x.w)
	case a.redirect != nil:
		x.l.counters.redirects.Add(1)
		x.begun = true
		a.redirect.answer(x.w, x.r, x.l.port)
	default:
		x.l.counters.elb5xx.Add(1)
		x.refuse(http.StatusServiceUnavailable)
	}
	return true
}
