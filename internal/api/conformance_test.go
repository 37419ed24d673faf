package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
)

// The conformance run makes, out of every baseline and for every member at any
// depth, the requests in which just that member is wrong, and holds the answers
// against the table of members. What the table leaves to a judgement of its own
// is in specials, so that no answer is merely some error.

const serializationException codedeploy.ExceptionCode = "SerializationException"

// variant is a baseline with one member changed.
type variant struct {
	baseline
	path   string // of the member: "tags[0].Key"
	kind   string // of the change
	body   string
	expect codedeploy.ExceptionCode
	says   []string // one of them is in the message
}

// place is where a member stands: its row in the table, and the part inside.
type place struct {
	path string // as answers write it
	part string // as the table writes it, behind the top member
	row  api.Row
	wire string // the last name on the path
}

func TestConformance(t *testing.T) {
	var cases atomic.Int64
	t.Cleanup(func() { t.Logf("%d requests", cases.Load()) })
	for _, operation := range codedeploy.Operations {
		t.Run(operation.Name, func(t *testing.T) {
			t.Parallel()
			c := conformanceClient(t)
			reached := map[string]bool{}
			for _, b := range baselines {
				if b.operation != operation.Name {
					continue
				}
				c.answers(t, variant{baseline: b, kind: "baseline", body: b.body, expect: b.answer})
				for _, v := range variants(t, b, reflect.TypeOf(operation.NewInput()).Elem(), reached) {
					c.answers(t, v)
					cases.Add(1)
				}
			}
			for _, path := range memberPaths(reflect.TypeOf(operation.NewInput()).Elem(), "") {
				if !reached[path] {
					t.Errorf("no baseline of %s has the member %s", operation.Name, path)
				}
			}
		})
	}
}

// answers holds one answer against what is expected.
func (c client) answers(t *testing.T, v variant) {
	t.Helper()
	status, answer := c.send(t, v.operation, v.body)
	name := v.operation + " " + v.path + " " + v.kind
	if v.expect == "" {
		if status != http.StatusOK {
			t.Errorf("%s: got %d %s, want 200\n%.900s", name, status, answer, v.body)
			return
		}
		covered.note(t, v.operation, "")
		return
	}
	if status == http.StatusOK {
		t.Errorf("%s: got 200 %s, want %s\n%.900s", name, answer, v.expect, v.body)
		return
	}
	fault := parse(t, answer)
	if status != http.StatusBadRequest || fault["__type"] != string(v.expect) {
		t.Errorf("%s: got %d %s, want %s\n%.900s", name, status, answer, v.expect, v.body)
		return
	}
	message, _ := fault["message"].(string)
	if v.expect != v.answer && !slices.ContainsFunc(v.says, func(s string) bool { return strings.Contains(message, s) }) {
		t.Errorf("%s: the message %q names none of %q", name, message, v.says)
	}
	model, _ := codedeploy.OperationNamed(v.operation)
	framing := v.expect == serializationException || v.expect == "ValidationException"
	if !framing && !slices.Contains(model.Exceptions, v.expect) {
		t.Errorf("%s: %s is not among the operation's exceptions", name, v.expect)
	}
	covered.note(t, v.operation, v.expect)
}

// TestConformanceOfTheTable holds the table itself against the model: chains
// have all members of their inputs, those that the model requires have an
// exception for being missing, and every exception is one of the operation's.
func TestConformanceOfTheTable(t *testing.T) {
	for _, operation := range codedeploy.Operations {
		chain := api.Chain(operation.Name)
		input := reflect.TypeOf(operation.NewInput()).Elem()
		for member := range members(input) {
			if !slices.ContainsFunc(chain, func(r api.Row) bool { return r.Name == member }) {
				t.Errorf("the chain of %s lacks the member %s", operation.Name, member)
			}
		}
		for _, required := range codedeploy.Constraints[operation.Name+"Input"].Required {
			if !slices.ContainsFunc(chain, func(r api.Row) bool { return r.Name == required && r.Missing != "" }) {
				t.Errorf("%s requires the member %s, and no exception tells that it is missing", operation.Name, required)
			}
		}
		for _, row := range chain {
			for _, exception := range []codedeploy.ExceptionCode{row.Missing, row.TooMany, row.Malformed} {
				if exception != "" && exception != "ValidationException" && !slices.Contains(operation.Exceptions, exception) {
					t.Errorf("%s of the member %s is not an exception of %s", exception, row.Name, operation.Name)
				}
			}
		}
	}
}

// variants makes all changes of one baseline, noting which members it has. What
// an earlier baseline of the operation had is not changed again.
func variants(t *testing.T, b baseline, input reflect.Type, reached map[string]bool) []variant {
	t.Helper()
	var all []variant
	var had []string
	walk(parse(t, []byte(b.body)), input, nil, func(at []any, value any, kind reflect.Type) {
		where := placeOf(b.operation, at)
		generic := bare(where.path)
		if reached[generic] {
			return
		}
		had = append(had, generic)
		for _, change := range changes(where, value, kind) {
			all = append(all, made(t, b, where, at, change))
		}
	})
	for _, path := range had {
		reached[path] = true
	}
	return all
}

// made applies a change to a baseline.
func made(t *testing.T, b baseline, where place, at []any, c change) variant {
	t.Helper()
	tree := any(parse(t, []byte(b.body)))
	body, err := json.Marshal(altered(tree, at, c.to))
	if err != nil {
		t.Fatal(err)
	}
	v := variant{baseline: b, path: where.path, kind: c.kind, body: string(body), expect: c.expect,
		says: []string{where.path, where.wire, where.row.Noun, where.row.Name}}
	about := strings.Replace(b.operation+" "+bare(where.path)+" "+c.kind, "revisions[].", "revision.", 1)
	if special, ok := specialOf(about); ok && v.expect != serializationException {
		v.expect = special.expect
		if special.says != "" {
			v.says = []string{special.says}
		}
	}
	switch v.expect {
	case unchanged:
		v.expect = b.answer
	case malformed:
		v.expect = where.row.Malformed
	case ok200:
		v.expect = ""
	}
	return v
}

// placeOf finds a member in the table. Where a member has several rows, the one
// with limits for the part speaks, else the first with an exception.
func placeOf(operation string, at []any) place {
	top, _ := at[0].(string)
	p := place{path: top, wire: top}
	for _, step := range at[1:] {
		switch step := step.(type) {
		case string:
			p.path, p.wire = p.path+"."+step, step
			p.part += "." + step
		case int:
			p.path += fmt.Sprintf("[%d]", step)
			p.part += "[]"
		}
	}
	p.part = strings.TrimPrefix(p.part, ".")
	found := false
	for _, row := range api.Chain(operation) {
		if row.Name != top {
			continue
		}
		missing, most, tooMany := p.row.Missing, p.row.Most, p.row.TooMany
		if !found || row.Limit(p.part).Known && !p.row.Limit(p.part).Known || p.row.Malformed == "" {
			p.row = row
		}
		// Other rows of the member add what this one does not say.
		if p.row.Missing == "" {
			p.row.Missing = missing
		}
		if p.row.Most == 0 && most > 0 {
			p.row.Most, p.row.TooMany = most, tooMany
		}
		found = true
	}
	return p
}

// bare is a path without the numbers of its elements.
func bare(path string) string { return strings.ReplaceAll(path, "[0]", "[]") }
