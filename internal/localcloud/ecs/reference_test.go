package ecs

import (
	"strings"
	"testing"
)

var here = scope{testAccount, testRegion}

// Whatever a reference says, what is read from it names a resource of the caller
// and reads back as itself.
func FuzzReferences(f *testing.F) {
	for _, seed := range []string{"", "s1", "c1/s1", "app:1", "app:latest", arnPrefix + "service/c1/s1", arnPrefix + "service/s1",
		arnPrefix + "cluster/c1", arnPrefix + "task-definition/app:7", "arn:aws:ecs:eu-west-1:1:cluster/x", "ecs-svc/1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, reference string) {
		if k, err := serviceName(here, "", reference); err == nil {
			again, err := serviceName(here, k.Cluster, k.arn())
			if err != nil || again != k {
				t.Errorf("%q is %v, and its ARN is %v, %v", reference, k, again, err)
			}
		}
		if name, err := clusterName(here, reference); err == nil && !validName.MatchString(name) {
			t.Errorf("%q names cluster %q", reference, name)
		}
		if r, err := parseDefinition(here, reference); err == nil && (r.Revision < 0 || !validName.MatchString(r.Family)) {
			t.Errorf("%q is %v", reference, r)
		}
		k := serviceKey{here, "c1", "s1"}
		if id, err := taskSetID(k, reference); err == nil && !strings.HasPrefix(id, taskSetPrefix) {
			t.Errorf("%q is task set %q", reference, id)
		}
	})
}

// Pages put together are the list, whatever their size; a token from anywhere
// does no harm.
func FuzzPages(f *testing.F) {
	f.Add(3, "")
	f.Add(1, "Yg")
	f.Add(101, "?")
	f.Fuzz(func(t *testing.T, size int, token string) {
		all := []string{"a", "b", "c", "d", "e"}
		page, next, err := pageOf(all, pageRequest{&size, token}, itself, false)
		if err != nil {
			return
		}
		for next != "" {
			var more []string
			if more, next, err = pageOf(all, pageRequest{&size, next}, itself, false); err != nil {
				t.Fatal(err)
			}
			page = append(page, more...)
		}
		if got := strings.Join(page, ""); !strings.HasSuffix("abcde", got) {
			t.Errorf("pages of %d after %q are %q", size, token, got)
		}
	})
}

func TestSaysNothing(t *testing.T) {
	for text, nothing := range map[string]bool{
		"": true, "null": true, "[]": true, "{}": true, `""`: true, "false": true, `{"enabled":false,"namespace":"n"}`: true,
		`{"enable":false,"alarmNames":[]}`: true, `{"a":{"b":[]}}`: true,
		"[1]": false, `"x"`: false, "true": false, "0": false, `{"enabled":true}`: false, `{"a":1}`: false,
	} {
		if saysNothing(opaque(text)) != nothing {
			t.Errorf("%s: want %t", text, nothing)
		}
	}
}
