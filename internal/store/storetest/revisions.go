package storetest

import (
	"errors"
	"testing"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

func testRevisions(t *testing.T, s *suite) {
	s.orders(t)
	revision := store.Revision{ApplicationID: "app-orders", Identity: "sha", RegisterTime: at(1),
		Location: *appSpec("version: 0.0", "sha")}
	register := func(description string, minute int) func(*store.Tx) error {
		r := revision
		r.Description, r.RegisterTime = description, at(minute)
		return func(tx *store.Tx) error { return tx.RegisterRevision(r) }
	}
	read := func() store.Revision {
		return view(t, s, func(tx *store.Tx) (store.Revision, error) { return tx.Revision("app-orders", "sha") })
	}
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Revision("app-orders", "sha"); return err })
	s.fails(t, store.ErrNotFound, func(tx *store.Tx) error { return tx.UseRevision("app-orders", "sha", at(1)) })
	s.tx(t, register("", 1))
	same(t, "new", read(), revision)
	s.tx(t, register("told", 2))
	s.tx(t, register("", 3))
	revision.Description = "told"
	same(t, "registered again", read(), revision)
	for _, minute := range []int{6, 5, 4, 5} { // as others recorded theirs in between
		s.tx(t, func(tx *store.Tx) error { return tx.UseRevision("app-orders", "sha", at(minute)) })
	}
	revision.FirstUsedTime, revision.LastUsedTime = at(4), at(6)
	same(t, "used several times", read(), revision)
	revision.ApplicationID = "none"
	s.fails(t, store.ErrNotFound, register("", 1))
}

func testRevisionLists(t *testing.T, s *suite) {
	s.orders(t, "live")
	s3 := func(identity, bucket, key string, registered int) store.Revision {
		return store.Revision{ApplicationID: "app-orders", Identity: identity, RegisterTime: at(registered),
			Location: codedeploy.RevisionLocation{RevisionType: codedeploy.RevisionLocationTypeS3,
				S3Location: &codedeploy.S3Location{Bucket: bucket, Key: key}}}
	}
	s.tx(t, func(tx *store.Tx) error {
		text := store.Revision{ApplicationID: "app-orders", Identity: "text", RegisterTime: at(3), Location: *appSpec("secret", "text")}
		return errors.Join(tx.RegisterRevision(s3("c", "one", "app/1.zip", 1)), tx.RegisterRevision(s3("a", "one", "APP/2.zip", 2)),
			tx.RegisterRevision(s3("b", "two", "app/%.zip", 2)), tx.RegisterRevision(text),
			tx.UseRevision("app-orders", "text", at(5)), tx.UseRevision("app-orders", "b", at(6)), tx.UseRevision("app-orders", "text", at(7)))
	})
	deployed := ended(deployment("d-1", "orders-live", 1), codedeploy.DeploymentStatusSucceeded, 2)
	deployed.RevisionIdentity = "b"
	s.insert(t, deployed)
	tests := []struct {
		name   string
		filter store.RevisionFilter
		want   []string
	}{
		{"by default", store.RevisionFilter{}, []string{"c", "a", "b", "text"}},
		{"newest first", store.RevisionFilter{Descending: true}, []string{"text", "a", "b", "c"}},
		{"first used", store.RevisionFilter{SortBy: codedeploy.ApplicationRevisionSortByFirstUsedTime}, []string{"text", "b", "a", "c"}},
		{"last used descending", store.RevisionFilter{SortBy: codedeploy.ApplicationRevisionSortByLastUsedTime, Descending: true},
			[]string{"text", "b", "a", "c"}},
		{"bucket", store.RevisionFilter{S3Bucket: "one"}, []string{"c", "a"}},
		{"prefix", store.RevisionFilter{S3Bucket: "one", S3KeyPrefix: "app/"}, []string{"c"}},
		{"prefix is no pattern", store.RevisionFilter{S3Bucket: "two", S3KeyPrefix: "app/%"}, []string{"b"}},
		{"deployed", store.RevisionFilter{Deployed: codedeploy.ListStateFilterActionInclude}, []string{"b"}},
		{"not deployed", store.RevisionFilter{Deployed: codedeploy.ListStateFilterActionExclude}, []string{"c", "a", "text"}},
		{"whatever is deployed", store.RevisionFilter{Deployed: codedeploy.ListStateFilterActionIgnore}, []string{"c", "a", "b", "text"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.filter.ApplicationID = "app-orders"
			var got []string
			var after store.RevisionKey
			for {
				page := view(t, s, func(tx *store.Tx) ([]store.ListedRevision, error) { return tx.ListRevisions(test.filter, after, 1) })
				if len(page) == 0 {
					break
				}
				after = page[0].Key
				got = append(got, after.Identity)
				if c := page[0].Location.AppSpecContent; c != nil && c.Content != "" {
					t.Errorf("content %q in a list", c.Content)
				}
			}
			same(t, "identities", got, test.want)
		})
	}
}
