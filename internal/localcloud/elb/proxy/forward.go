package proxy

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"
)

// verdict is what became of a request at one target.
type verdict int

const (
	ended     verdict = iota // it is answered, or nobody waits for the answer
	elsewhere                // the target took no connection: another one may
	failed                   // exchange.failure is to be answered
	cutOff                   // an answer that has begun cannot be finished
)

// offer offers the request to targets of a group until one takes it. It reports
// false when none did but the rules have been replaced meanwhile.
func (x *exchange) offer(f *forward, rules *table) bool {
	var bound stickyID
	if f.stickiness > 0 {
		bound = readSticky(x.r, cookieGroup, x.now)
	}
	x.forward, x.chosen = f, f.choose(bound)
	if x.chosen == nil {
		x.l.counters.elb5xx.Add(1)
		x.refuse(http.StatusServiceUnavailable)
		return true
	}
	group := x.chosen.group
	bound = x.boundTarget(group)
	for {
		t := group.acquire(x.now, bound, x.tried)
		if t == nil {
			return x.unserved(rules)
		}
		x.at = t
		switch x.attempt() {
		case ended:
			return true
		case failed:
			x.refuse(x.failure)
			return true
		case cutOff:
			panic(http.ErrAbortHandler) // net/http's way to end an answer visibly unfinished
		}
		x.tried = append(x.tried, t)
	}
}

// boundTarget is the target that a cookie names, if the group sticks.
func (x *exchange) boundTarget(g *Group) stickyID {
	switch o := g.stickiness(); {
	case o.Stickiness > 0:
		return readSticky(x.r, cookieTarget, x.now)
	case o.AppCookie != "":
		return readSticky(x.r, cookieApp, x.now)
	}
	return stickyID{}
}

// unserved ends a request that no target of the group took. A group that was
// emptied because the rules left it first is no reason to fail.
func (x *exchange) unserved(rules *table) bool {
	if x.l.table.Load() != rules {
		x.tried, x.failure = nil, 0
		return false
	}
	if x.failure == 0 {
		x.failure = http.StatusServiceUnavailable
	}
	x.chosen.group.failed()
	x.refuse(x.failure)
	return true
}

// attempt has the request answered by the target at which it is counted, and
// releases that.
func (x *exchange) attempt() verdict {
	for fresh := false; ; fresh = true {
		if err := x.connect(fresh); err != nil {
			return x.refused(err)
		}
		began := time.Now()
		x.watch()
		h, err := x.ask(x.c, began)
		if err != nil && x.again(err) && x.unwatch() {
			x.discard()
			continue
		}
		if err != nil {
			x.unwatch()
			return x.broken(err)
		}
		return x.deliver(h, outcome{status: h.status, answered: true, latency: time.Since(began)})
	}
}

// connect takes a connection to the target, an idle one unless it is to be
// fresh.
func (x *exchange) connect(fresh bool) error {
	if !fresh {
		if x.c = x.at.reuse(x.now); x.c != nil && !x.c.alive() {
			x.discard()
		}
		if x.c != nil {
			return nil
		}
	}
	c, err := dial(x.dialing(), x.at.address, x.l.o.ConnectTimeout)
	if err != nil {
		return err
	}
	x.c = c
	if !x.at.attach(c) {
		return errCut
	}
	return nil
}

// discard closes a connection that the target has closed, and with it all idle
// ones: they are no better.
func (x *exchange) discard() {
	x.at.detach(x.c)
	x.at.stale()
	x.c = nil
}

// refused ends the attempt at a target that took no connection. Nothing was
// sent, so the request goes on elsewhere.
func (x *exchange) refused(err error) verdict {
	switch {
	case x.gone():
		x.release(outcome{})
		return ended
	case isTimeout(err):
		x.failure = http.StatusGatewayTimeout
	default:
		x.failure = http.StatusBadGateway
	}
	x.release(outcome{refused: true, again: true})
	return elsewhere
}

// safe are the methods that ask for nothing to be changed.
var safe = []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace}

// again tells whether a request that failed on a kept connection may be sent
// once more: the target closed it before it said anything, and either got
// nothing or was asked to change nothing. One that Cut has closed was at work on
// the request all the time.
func (x *exchange) again(err error) bool {
	if !x.c.reused || x.upload != nil || !errors.Is(err, errNoAnswer) {
		return false
	}
	return errors.Is(err, errUnsent) ||
		!errors.Is(err, net.ErrClosed) && x.body == nil && slices.Contains(safe, x.r.Method)
}

// broken ends an attempt without an answer.
func (x *exchange) broken(err error) verdict {
	x.c.close()
	clientFailed := x.endUpload(false)
	clear(x.w.Header())
	switch {
	case x.gone():
		x.release(outcome{})
		return ended
	case clientFailed:
		x.release(outcome{})
		x.reject(http.StatusBadRequest)
		return ended
	case isTimeout(err):
		x.failure = http.StatusGatewayTimeout
	default:
		x.failure = http.StatusBadGateway
	}
	x.release(outcome{elb: true})
	if x.upload != nil && x.r.ProtoMajor == 1 {
		x.w.Header().Set("Connection", "close")
	}
	return failed
}

// dialing is what ends an attempt to connect before its time.
func (x *exchange) dialing() context.Context {
	if x.client != nil {
		return x.l.ctx
	}
	return x.r.Context()
}
