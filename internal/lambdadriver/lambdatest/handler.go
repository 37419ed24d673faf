package lambdatest

import (
	"net/http"
	"strings"
)

// DefaultAccount is the account of an access key id that names none.
const DefaultAccount = "000000000000"

// call is one request on its way through an operation.
type call struct {
	caller place // account and region of the signature; no name
	lie    bool
	*http.Request
}

// operation does one operation's work and returns its answer; an error is a Failure to be answered.
type operation func(call) (answer, *Failure)

// answer is a success: a status, and a body that is JSON unless it is nil.
type answer struct {
	status int
	body   any
}

// ServeHTTP answers as Lambda would, or as the script says.
func (l *Lambda) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.routes.ServeHTTP(w, r) }

func (l *Lambda) router() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern, name string, do operation) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { l.serve(w, r, name, do) })
	}
	handle("GET /2015-03-31/functions/{function}/aliases/{alias}", GetAlias, l.getAlias)
	handle("PUT /2015-03-31/functions/{function}/aliases/{alias}", UpdateAlias, l.updateAlias)
	handle("POST /2015-03-31/functions/{function}/invocations", Invoke, l.invoke)
	handle("GET /2019-09-30/functions/{function}/provisioned-concurrency", GetProvisionedConcurrencyConfig, l.getProvisioned)
	return mux
}

func (l *Lambda) serve(w http.ResponseWriter, r *http.Request, name string, do operation) {
	failure := l.next(name)
	if failure.Stall != nil {
		select {
		case <-failure.Stall:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	switch {
	case failure.DropBefore:
		panic(http.ErrAbortHandler)
	case failure.Status != 0:
		writeFailure(w, failure)
		return
	}
	out, refused := do(call{caller: callerOf(r), lie: failure.Lie, Request: r})
	switch {
	case failure.DropAfter:
		panic(http.ErrAbortHandler)
	case refused != nil:
		writeFailure(w, *refused)
	default:
		writeAnswer(w, out)
	}
}

// callerOf reads the credential scope of the signature: Credential=<access key id>/<date>/<region>/lambda/aws4_request.
func callerOf(r *http.Request) place {
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	parts := strings.SplitN(scope, "/", 4)
	if len(parts) < 4 {
		return place{account: DefaultAccount}
	}
	return place{account: accountOf(parts[0]), region: parts[2]}
}

func accountOf(accessKeyID string) string {
	if len(accessKeyID) != len(DefaultAccount) || strings.Trim(accessKeyID, "0123456789") != "" {
		return DefaultAccount
	}
	return accessKeyID
}

// locate resolves a function name in any of Lambda's forms: "f", "f:live", "<account>:function:f" and the full ARN, each with
// or without a qualifier. An ARN's account counts, its region does not: Lambda serves one region.
func locate(caller place, name string) (at place, qualifier string) {
	at = caller
	if before, rest, ok := strings.Cut(name, "function:"); ok {
		fields := strings.Split(strings.TrimSuffix(before, ":"), ":")
		at.account = fields[len(fields)-1]
		name = rest
	}
	at.name, qualifier, _ = strings.Cut(name, ":")
	return at, qualifier
}
