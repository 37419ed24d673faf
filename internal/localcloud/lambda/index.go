package lambda

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"greenlight/internal/sqldb"
)

// index holds the present state of every function in memory.
type index struct {
	mu     sync.RWMutex
	scopes map[scope]map[string]*entry
}

// scope is an account in a region.
type scope struct{ Account, Region string }

func (id functionID) scope() scope { return scope{id.Account, id.Region} }

// entry is the place of one function's name. Its lock is held by the one
// operation that changes the function, also while that is saved: operations on
// different functions share commits, those on one function follow each other.
//
// An entry without a function goes when the last claim to it has ended.
type entry struct {
	claims   int // under the index's lock
	changing sync.Mutex
	current  atomic.Pointer[function] // nil: there is no such function
}

// find is the present state of a function; nil if there is none.
func (x *index) find(id functionID) *function {
	x.mu.RLock()
	e := x.scopes[id.scope()][id.Name]
	x.mu.RUnlock()
	if e == nil {
		return nil
	}
	return e.current.Load()
}

// claim locks the entry of a name, made if need be, until release is called.
func (x *index) claim(id functionID) (e *entry, release func()) {
	e = x.enter(id)
	e.changing.Lock()
	return e, func() {
		e.changing.Unlock()
		x.leave(id, e)
	}
}

func (x *index) enter(id functionID) *entry {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.scopes == nil {
		x.scopes = map[scope]map[string]*entry{}
	}
	functions := x.scopes[id.scope()]
	if functions == nil {
		functions = map[string]*entry{}
		x.scopes[id.scope()] = functions
	}
	if functions[id.Name] == nil {
		functions[id.Name] = &entry{}
	}
	functions[id.Name].claims++
	return functions[id.Name]
}

func (x *index) leave(id functionID, e *entry) {
	x.mu.Lock()
	defer x.mu.Unlock()
	e.claims--
	if e.claims > 0 || e.current.Load() != nil {
		return
	}
	functions := x.scopes[id.scope()]
	delete(functions, id.Name)
	if len(functions) == 0 {
		delete(x.scopes, id.scope())
	}
}

// list is the functions of a scope by name.
func (x *index) list(s scope) []*function {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var functions []*function
	for _, e := range x.scopes[s] {
		if f := e.current.Load(); f != nil {
			functions = append(functions, f)
		}
	}
	slices.SortFunc(functions, func(a, b *function) int { return cmp.Compare(a.id.Name, b.id.Name) })
	return functions
}

// named is the functions of one name in all accounts and regions.
func (x *index) named(name string) []*function {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var functions []*function
	for _, names := range x.scopes {
		if e := names[name]; e != nil && e.current.Load() != nil {
			functions = append(functions, e.current.Load())
		}
	}
	return functions
}

// write saves one row.
type write func(tx *sqldb.Tx) error

// change runs fn on a copy of r's function, saves the writes that it returns,
// and shows the copy. No writes, no change. Only an existing function can be
// changed.
func (s *Service) change(ctx context.Context, r reference, fn func(f *function) ([]write, error)) error {
	if s.functions.find(r.functionID) == nil {
		return functionNotFound(r.ARN())
	}
	e, release := s.functions.claim(r.functionID)
	defer release()
	current := e.current.Load()
	if current == nil {
		return functionNotFound(r.ARN())
	}
	next := current.clone()
	writes, err := fn(next)
	if err != nil || len(writes) == 0 {
		return err
	}
	return s.replace(ctx, e, next, writes...)
}

// replace saves writes and shows next in the place e, nil for a function that
// is gone. The caller has claimed e.
//
// It also sees to it that the code of every version is held as long as the
// version is shown, and that the runtime forgets versions that are not.
func (s *Service) replace(ctx context.Context, e *entry, next *function, writes ...write) error {
	current := e.current.Load()
	added, removed := differingVersions(current, next)
	for _, v := range added {
		s.code.hold(v.CodeSHA256)
	}
	if err := s.save(ctx, writes...); err != nil {
		s.releaseCode(added)
		return err
	}
	e.current.Store(next)
	if current != nil {
		s.retire(current.id, removed, next == nil)
	}
	s.releaseCode(removed)
	return nil
}

func (s *Service) releaseCode(versions []*version) {
	for _, v := range versions {
		s.code.release(v.CodeSHA256)
	}
}

// differingVersions compares two states of a function; nil has no versions.
func differingVersions(before, after *function) (added, removed []*version) {
	if before != nil && after != nil && before.latest == after.latest && len(before.versions) == len(after.versions) {
		return nil, nil
	}
	had := map[*version]bool{}
	if before != nil {
		for _, v := range before.all() {
			had[v] = true
		}
	}
	if after != nil {
		for _, v := range after.all() {
			if !had[v] {
				added = append(added, v)
			}
			delete(had, v)
		}
	}
	return added, slices.Collect(maps.Keys(had))
}

// save runs writes in one transaction. It does not stop for a caller that has
// gone: memory and database must agree about what happened.
func (s *Service) save(ctx context.Context, writes ...write) error {
	return s.db.Tx(context.WithoutCancel(ctx), func(tx *sqldb.Tx) error {
		for _, write := range writes {
			if err := write(tx); err != nil {
				return err
			}
		}
		return nil
	})
}
