package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// RunOnPremises is the part of the suite about on-premises instances; see Run.
func RunOnPremises(t *testing.T, open func(t *testing.T) *store.Store) {
	for name, test := range map[string]func(*testing.T, *suite){
		"Registration": testOnPremisesRegistration,
		"Race":         testOnPremisesRace,
		"Tags":         testOnPremisesTags,
		"Lists":        testOnPremisesLists,
		"Paging":       testOnPremisesPaging,
	} {
		t.Run(name, func(t *testing.T) { test(t, &suite{open(t)}) })
	}
}

// host is registered n minutes after start, with an IAM user of its own name.
func host(name string, n int) store.OnPremisesInstance {
	return store.OnPremisesInstance{Scope: scope, Info: codedeploy.InstanceInfo{
		InstanceName: name, InstanceARN: fmt.Sprintf("arn:aws:codedeploy:eu-west-1:111122223333:instance/%s_%d", name, n),
		IAMUserARN: "arn:aws:iam::111122223333:user/" + name, RegisterTime: codedeploy.NewTimestamp(at(n)),
	}}
}

func (s *suite) register(t testing.TB, hosts ...store.OnPremisesInstance) {
	t.Helper()
	for _, i := range hosts {
		s.tx(t, func(tx *store.Tx) error { return tx.RegisterOnPremisesInstance(i) })
	}
}

func (s *suite) host(t testing.TB, sc store.Scope, name string) store.OnPremisesInstance {
	t.Helper()
	return view(t, s, func(tx *store.Tx) (store.OnPremisesInstance, error) { return tx.OnPremisesInstance(sc, name) })
}

func testOnPremisesRegistration(t *testing.T, s *suite) {
	first := host("web", 1)
	elsewhere := first
	elsewhere.Scope = other
	bySession := host("db", 1)
	bySession.Info.IAMUserARN, bySession.Info.IAMSessionARN = "", "arn:aws:sts::111122223333:assumed-role/hosts/db"
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.OnPremisesInstance(scope, "web"); return err })
	s.register(t, first, elsewhere, bySession)
	same(t, "by user", s.host(t, scope, "web"), first)
	same(t, "by session", s.host(t, scope, "db"), bySession)
	same(t, "elsewhere", s.host(t, other, "web"), elsewhere)

	refused := func(want error, i store.OnPremisesInstance) {
		t.Helper()
		s.fails(t, want, func(tx *store.Tx) error { return tx.RegisterOnPremisesInstance(i) })
	}
	refused(store.ErrExists, first)
	sameUser, sameSession := first, bySession
	sameUser.Info.InstanceName, sameSession.Info.InstanceName = "web2", "db2"
	refused(store.ErrIdentityTaken, sameUser)
	refused(store.ErrIdentityTaken, sameSession)
	both := bySession
	both.Info.InstanceName = "web"
	refused(store.ErrExists, both)

	for _, minute := range []int{2, 3} { // the second changes nothing
		s.tx(t, func(tx *store.Tx) error { return tx.DeregisterOnPremisesInstance(scope, "web", at(minute)) })
	}
	s.tx(t, func(tx *store.Tx) error { return tx.DeregisterOnPremisesInstance(scope, "none", at(2)) })
	gone := first
	gone.Info.DeregisterTime = codedeploy.NewTimestamp(at(2))
	same(t, "deregistered", s.host(t, scope, "web"), gone)
	same(t, "still registered elsewhere", s.host(t, other, "web"), elsewhere)

	s.register(t, sameUser) // the identity is free again
	refused(store.ErrIdentityTaken, first)
	again := host("web", 4)
	again.Info.IAMUserARN, again.Info.IAMSessionARN = "", "arn:aws:sts::111122223333:assumed-role/hosts/web"
	s.register(t, again)
	same(t, "registered again", s.host(t, scope, "web"), again)
}

// testOnPremisesRace registers one name, and then one identity, many times at
// once.
func testOnPremisesRace(t *testing.T, s *suite) {
	race := func(want error, make func(int) store.OnPremisesInstance) {
		t.Helper()
		var won atomic.Int32
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				err := s.store.Tx(t.Context(), func(tx *store.Tx) error { return tx.RegisterOnPremisesInstance(make(n)) })
				switch {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, want):
					t.Errorf("got error %v, want %v", err, want)
				}
			})
		}
		all.Wait()
		same(t, "winners", won.Load(), 1)
	}
	race(store.ErrExists, func(n int) store.OnPremisesInstance {
		i := host("name", n)
		i.Info.IAMUserARN += fmt.Sprint(n)
		return i
	})
	race(store.ErrIdentityTaken, func(n int) store.OnPremisesInstance {
		i := host(fmt.Sprint("host", n), n)
		i.Info.IAMUserARN = "arn:aws:iam::111122223333:user/shared"
		return i
	})
}

func testOnPremisesTags(t *testing.T, s *suite) {
	elsewhere := host("web", 1)
	elsewhere.Scope = other
	s.register(t, host("web", 1), elsewhere)
	put := func(tags ...codedeploy.Tag) func(*store.Tx) error {
		return func(tx *store.Tx) error { return tx.PutOnPremisesTags(scope, "web", tags) }
	}
	tags := func(sc store.Scope) []codedeploy.Tag { return s.host(t, sc, "web").Info.Tags }
	s.tx(t, put(codedeploy.Tag{Key: "b", Value: "1"}, codedeploy.Tag{Key: "a", Value: "1"}))
	s.tx(t, put(codedeploy.Tag{Key: "b", Value: "2"}))
	same(t, "merged", tags(scope), []codedeploy.Tag{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}})
	same(t, "elsewhere", tags(other), nil)
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error {
		return tx.PutOnPremisesTags(scope, "none", []codedeploy.Tag{{Key: "a", Value: "1"}})
	})
	s.tx(t, func(tx *store.Tx) error {
		return tx.DeleteOnPremisesTags(scope, "web", []codedeploy.Tag{{Key: "b", Value: "1"}, {Key: "none", Value: "1"}, {Key: "a", Value: "1"}})
	})
	left := []codedeploy.Tag{{Key: "b", Value: "2"}}
	same(t, "left", tags(scope), left)
	s.tx(t, func(tx *store.Tx) error { return tx.DeregisterOnPremisesInstance(scope, "web", at(2)) })
	same(t, "of a deregistered instance", tags(scope), left)
	s.register(t, host("web", 3))
	same(t, "of an instance registered again", tags(scope), left)
}

func testOnPremisesLists(t *testing.T, s *suite) {
	s.register(t, host("d", 1), host("b", 1), host("a", 1), host("c", 1))
	elsewhere := host("z", 1)
	elsewhere.Scope = other
	s.register(t, elsewhere)
	tag := func(key, value string) codedeploy.Tag { return codedeploy.Tag{Key: key, Value: value} }
	s.tx(t, func(tx *store.Tx) error {
		return errors.Join(
			tx.PutOnPremisesTags(scope, "a", []codedeploy.Tag{tag("stage", "prod"), tag("role", "web")}),
			tx.PutOnPremisesTags(scope, "b", []codedeploy.Tag{tag("stage", "test"), tag("was", "test")}),
			tx.PutOnPremisesTags(scope, "c", []codedeploy.Tag{tag("stage", "prod"), tag("role", "db")}),
			tx.PutOnPremisesTags(other, "z", []codedeploy.Tag{tag("stage", "prod")}),
			tx.DeregisterOnPremisesInstance(scope, "c", at(2)))
	})
	const registered, deregistered = codedeploy.RegistrationStatusRegistered, codedeploy.RegistrationStatusDeregistered
	type tags = []codedeploy.Tag
	tests := []struct {
		name   string
		filter store.OnPremisesFilter
		want   []string
	}{
		{"all", store.OnPremisesFilter{}, []string{"a", "b", "c", "d"}},
		{"registered", store.OnPremisesFilter{Status: registered}, []string{"a", "b", "d"}},
		{"deregistered", store.OnPremisesFilter{Status: deregistered}, []string{"c"}},
		{"other scope", store.OnPremisesFilter{Scope: other}, []string{"z"}},
		{"key", store.OnPremisesFilter{AnyTag: tags{tag("stage", "")}}, []string{"a", "b", "c"}},
		{"value, twice on one", store.OnPremisesFilter{AnyTag: tags{tag("", "test")}}, []string{"b"}},
		{"pair", store.OnPremisesFilter{AnyTag: tags{tag("stage", "prod")}}, []string{"a", "c"}},
		{"pair, registered", store.OnPremisesFilter{Status: registered, AnyTag: tags{tag("stage", "prod")}}, []string{"a"}},
		{"value, deregistered", store.OnPremisesFilter{Status: deregistered, AnyTag: tags{tag("", "prod")}}, []string{"c"}},
		{"any of three", store.OnPremisesFilter{AnyTag: tags{tag("role", "db"), tag("", "test"), tag("role", "")}}, []string{"a", "b", "c"}},
		{"nobody's", store.OnPremisesFilter{AnyTag: tags{tag("prod", "stage")}}, nil},
	}
	for _, test := range tests {
		if test.filter.Scope == (store.Scope{}) {
			test.filter.Scope = scope
		}
		for _, limit := range []int{1, 2, 100} {
			t.Run(fmt.Sprintf("%s by %d", test.name, limit), func(t *testing.T) {
				same(t, "names", s.hostPages(t, test.filter, limit, func(int) {}), test.want)
			})
		}
	}
}

// hostPages reads a list to its end and calls between after every page.
func (s *suite) hostPages(t *testing.T, f store.OnPremisesFilter, limit int, between func(page int)) []string {
	t.Helper()
	var names []string
	for n := 0; ; n++ {
		var after string
		if len(names) > 0 {
			after = names[len(names)-1]
		}
		page := view(t, s, func(tx *store.Tx) ([]string, error) { return tx.ListOnPremisesInstances(f, after, limit) })
		if len(page) == 0 {
			return names
		}
		if len(page) > limit {
			t.Fatalf("page of %d, limit %d", len(page), limit)
		}
		names = append(names, page...)
		between(n)
	}
}

// testOnPremisesPaging registers and deregisters between the pages: what was
// there all the time comes once.
func testOnPremisesPaging(t *testing.T, s *suite) {
	for i := range 10 {
		s.register(t, host(fmt.Sprintf("host%02d", i*2), 1))
	}
	filter := store.OnPremisesFilter{Scope: scope, Status: codedeploy.RegistrationStatusRegistered}
	got := s.hostPages(t, filter, 4, func(page int) {
		if page == 0 {
			s.register(t, host("host01", 2), host("host07", 2))
			s.tx(t, func(tx *store.Tx) error {
				return errors.Join(tx.DeregisterOnPremisesInstance(scope, "host00", at(3)), tx.DeregisterOnPremisesInstance(scope, "host10", at(3)))
			})
		}
	})
	same(t, "names", got, []string{"host00", "host02", "host04", "host06", "host07", "host08", "host12", "host14", "host16", "host18"})
}
