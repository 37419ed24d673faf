// Package lambdatest is a Lambda far side for tests: real state behind Lambda's REST protocol (functions, versions, aliases
// with RevisionId, provisioned concurrency, invocations), scripted to fail, stall, throttle, drop connections and lie. Run is
// the conformance suite that holds this fake and an independent far side to the same behaviour.
package lambdatest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Lambda is the far side. Serve it over a socket (it is an http.Handler) or call it in process through Transport. It is safe
// for concurrent use. Every account and region sees only its own functions; the account is the caller's access key id when
// that is twelve digits, and 000000000000 otherwise.
type Lambda struct {
	routes http.Handler

	mu          sync.Mutex
	functions   map[place]*function
	revisions   int
	updates     []Update
	invocations []Invocation
	onInvoke    func(Invocation)
	failures    map[string][]*script
}

// Alias as the far side has it.
type Alias struct {
	Version    string
	Weights    map[string]float64 // nil when there is none
	RevisionID string
}

// Update is one UpdateAlias that arrived, whether or not it was granted. Members the request left out are "" or nil.
type Update struct {
	Account, Region, Function, Alias string
	Version                          string
	Weights                          map[string]float64 // empty but not nil when the request sent an empty map
	RevisionID                       string
	Granted                          bool // the alias was written
	Time                             time.Time
}

// Invocation is one Invoke that was accepted.
type Invocation struct {
	Account, Region string
	Function        string // the bare name it resolved to
	FunctionName    string // as the caller wrote it
	Qualifier       string // of the query, not of the name
	Type            string // X-Amz-Invocation-Type
	LogType         string // X-Amz-Log-Type
	Payload         []byte
	Time            time.Time
}

type place struct{ account, region, name string }

type function struct {
	versions map[string]bool
	aliases  map[string]*aliasState
}

type aliasState struct {
	now, before Alias // before is what a lie shows
	provisioned *provisioned
}

type provisioned struct{ status, reason string }

// New returns a far side without functions.
func New() *Lambda {
	l := &Lambda{functions: map[place]*function{}, failures: map[string][]*script{}}
	l.routes = l.router()
	return l
}

// AddFunction creates a function with published versions, or publishes more of an existing one.
func (l *Lambda) AddFunction(account, region, name string, versions ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := place{account, region, name}
	f := l.functions[at]
	if f == nil {
		f = &function{versions: map[string]bool{}, aliases: map[string]*aliasState{}}
		l.functions[at] = f
	}
	for _, v := range versions {
		f.versions[v] = true
	}
}

// SetAlias creates or moves an alias as somebody else would: with a new RevisionId and unrecorded in Updates. It panics when
// the function was not added, which is a mistake in the test.
func (l *Lambda) SetAlias(account, region, name, alias, version string, weights map[string]float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.functions[place{account, region, name}]
	if f == nil {
		panic(fmt.Sprintf("lambdatest: no function %s in %s %s", name, account, region))
	}
	state := f.aliases[alias]
	if state == nil {
		state = &aliasState{}
		f.aliases[alias] = state
	}
	l.write(state, version, weights)
}

// SetProvisioned gives an existing alias provisioned concurrency in a status (IN_PROGRESS, READY, FAILED); "" takes it away.
func (l *Lambda) SetProvisioned(account, region, name, alias, status, reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	state := l.alias(place{account, region, name}, alias)
	if state == nil {
		panic(fmt.Sprintf("lambdatest: no alias %s of %s in %s %s", alias, name, account, region))
	}
	state.provisioned = nil
	if status != "" {
		state.provisioned = &provisioned{status, reason}
	}
}

// Alias returns an alias; false when there is none.
func (l *Lambda) Alias(account, region, name, alias string) (Alias, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	state := l.alias(place{account, region, name}, alias)
	if state == nil {
		return Alias{}, false
	}
	return state.now.clone(), true
}

// Updates returns every UpdateAlias of an alias that got past the failure script, in order of arrival.
func (l *Lambda) Updates(name, alias string) []Update {
	l.mu.Lock()
	defer l.mu.Unlock()
	return selected(l.updates, func(u Update) bool { return u.Function == name && u.Alias == alias })
}

// Invocations returns every accepted Invoke of a function, by its bare name, in order of arrival.
func (l *Lambda) Invocations(name string) []Invocation {
	l.mu.Lock()
	defer l.mu.Unlock()
	return selected(l.invocations, func(i Invocation) bool { return i.Function == name })
}

// OnInvoke has fn called with every accepted Invoke, before it is answered: a report sent from within fn arrives before the
// answer (lambda.md 9, L18). fn starts a goroutine to report later.
func (l *Lambda) OnInvoke(fn func(Invocation)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.onInvoke = fn
}

// alias returns nil when the function or the alias does not exist. The lock is held.
func (l *Lambda) alias(at place, alias string) *aliasState {
	f := l.functions[at]
	if f == nil {
		return nil
	}
	return f.aliases[alias]
}

// write moves an alias and gives it a new revision. The lock is held.
func (l *Lambda) write(state *aliasState, version string, weights map[string]float64) {
	l.revisions++
	state.before = state.now
	state.now = Alias{
		Version:    version,
		Weights:    maps.Clone(weights),
		RevisionID: fmt.Sprintf("00000000-0000-4000-8000-%012d", l.revisions),
	}
	if len(weights) == 0 {
		state.now.Weights = nil
	}
	if state.before.Version == "" {
		state.before = state.now
	}
}

func (a Alias) clone() Alias {
	a.Weights = maps.Clone(a.Weights)
	return a
}

func selected[T any](all []T, wanted func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(all), func(v T) bool { return !wanted(v) })
}
