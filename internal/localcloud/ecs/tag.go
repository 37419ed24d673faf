package ecs

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"greenlight/internal/sqldb"
)

// tags of a resource, by key.
type tags map[string]string

// Bounds of tags (ECS model, Tag).
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

// newTags reads the tags of a request.
func newTags(given []tag) (tags, error) {
	t := tags{}
	for _, g := range given {
		t[g.Key] = g.Value
	}
	return t, t.check()
}

func (t tags) check() error {
	if len(t) > maxTags {
		return invalidParameter.errorf("A resource can have at most %d tags, found %d.", maxTags, len(t))
	}
	for key, value := range t {
		if n := utf8.RuneCountInString(key); n < 1 || n > maxTagKey || strings.HasPrefix(strings.ToLower(key), "aws:") {
			return invalidParameter.errorf("The tag key %q must have 1 to %d characters and not begin with aws:.", shortened(key), maxTagKey)
		}
		if utf8.RuneCountInString(value) > maxTagValue {
			return invalidParameter.errorf("The value of the tag %q must have at most %d characters.", key, maxTagValue)
		}
	}
	return nil
}

// list is the tags as the wire has them, sorted by key.
func (t tags) list() []tag {
	all := make([]tag, 0, len(t))
	for _, key := range slices.Sorted(maps.Keys(t)) {
		all = append(all, tag{key, t[key]})
	}
	return all
}

type tagInput struct {
	ARN  string   `json:"resourceArn"`
	Tags []tag    `json:"tags"`
	Keys []string `json:"tagKeys"`
}

// tagResource implements TagResource.
func (s *Service) tagResource(ctx context.Context, in *tagInput) (any, error) {
	return struct{}{}, s.changeTags(ctx, in.ARN, func(t tags) {
		for _, given := range in.Tags {
			t[given.Key] = given.Value
		}
	})
}

// untagResource implements UntagResource.
func (s *Service) untagResource(ctx context.Context, in *tagInput) (any, error) {
	return struct{}{}, s.changeTags(ctx, in.ARN, func(t tags) {
		for _, key := range in.Keys {
			delete(t, key)
		}
	})
}

// listTags implements ListTagsForResource.
func (s *Service) listTags(ctx context.Context, in *tagInput) (any, error) {
	var found []tag
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		r, err := taggedBy(tx, scopeOf(ctx), in.ARN)
		if err == nil {
			found = r.tags().list()
		}
		return err
	})
	return struct {
		Tags []tag `json:"tags"`
	}{found}, err
}

func (s *Service) changeTags(ctx context.Context, arn string, fn func(tags)) error {
	return s.db.Tx(ctx, func(tx *sqldb.Tx) error {
		r, err := taggedBy(tx, scopeOf(ctx), arn)
		if err != nil {
			return err
		}
		t := r.tags()
		fn(t)
		if err := t.check(); err != nil {
			return err
		}
		*r.place = t
		return r.save()
	})
}

// tagged is where the tags of a resource are, and how the resource is saved.
type tagged struct {
	place *tags
	save  func() error
}

// tags are never nil.
func (r tagged) tags() tags {
	if *r.place == nil {
		return tags{}
	}
	return *r.place
}

// taggedBy finds the resource that an ARN names.
func taggedBy(tx *sqldb.Tx, in scope, arn string) (tagged, error) {
	missing := resourceNotFound.errorf("The specified resource %q does not exist.", shortened(arn))
	resource, own := strings.CutPrefix(arn, in.arn(""))
	kind, path, _ := strings.Cut(resource, "/")
	if !own {
		return tagged{}, invalidParameter.errorf("%q is not an ARN of this account and region.", shortened(arn))
	}
	find := map[string]func(*sqldb.Tx, scope, string) (tagged, bool, error){
		"cluster": taggedCluster, "task-definition": taggedDefinition, "service": taggedService,
		"task-set": taggedTaskSet, "task": taggedTask,
	}[kind]
	if find == nil {
		return tagged{}, missing
	}
	r, found, err := find(tx, in, path)
	if err == nil && !found {
		err = missing
	}
	return r, err
}

func taggedCluster(tx *sqldb.Tx, in scope, name string) (tagged, bool, error) {
	c, err := findCluster(tx, in, name)
	if err != nil || c == nil {
		return tagged{}, false, err
	}
	return tagged{&c.Tags, func() error { return saveCluster(tx, c) }}, true, nil
}

func taggedDefinition(tx *sqldb.Tx, in scope, path string) (tagged, bool, error) {
	r, err := parseDefinition(in, path)
	if err != nil {
		return tagged{}, false, err
	}
	d, err := findDefinition(tx, in, r)
	if err != nil || d == nil {
		return tagged{}, false, err
	}
	return tagged{&d.Tags, func() error { return saveDefinition(tx, d) }}, true, nil
}

func taggedService(tx *sqldb.Tx, in scope, path string) (tagged, bool, error) {
	k, err := serviceName(in, "", path)
	if err != nil {
		return tagged{}, false, err
	}
	v, err := findService(tx, k)
	if err != nil || v == nil {
		return tagged{}, false, err
	}
	return tagged{&v.Tags, func() error { return saveService(tx, v) }}, true, nil
}

func taggedTaskSet(tx *sqldb.Tx, in scope, path string) (tagged, bool, error) {
	parts := strings.SplitN(path, "/", 3)
	if len(parts) < 3 {
		return tagged{}, false, nil
	}
	k := serviceKey{in, parts[0], parts[1]}
	sets, err := taskSetsOf(tx, k)
	if err != nil {
		return tagged{}, false, err
	}
	for _, set := range sets {
		if set.ID == parts[2] {
			return tagged{&set.Tags, func() error { return saveTaskSet(tx, k, set) }}, true, nil
		}
	}
	return tagged{}, false, nil
}

func taggedTask(tx *sqldb.Tx, in scope, path string) (tagged, bool, error) {
	cluster, id, _ := strings.Cut(path, "/")
	t, err := findTask(tx, in, cluster, id)
	if err != nil || t == nil {
		return tagged{}, false, err
	}
	return tagged{&t.Tags, func() error { return saveTask(tx, t) }}, true, nil
}
