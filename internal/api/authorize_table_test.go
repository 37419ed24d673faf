package api

import (
	"reflect"
	"strings"
	"testing"

	"greenlight/internal/codedeploy"
)

// TestEveryOperationHasItsResources: an operation that is forgotten in the
// table would be open to nobody but those who may do everything.
func TestEveryOperationHasItsResources(t *testing.T) {
	for _, operation := range codedeploy.Operations {
		if resources[operation.Name] == nil {
			t.Errorf("%s is not in the table", operation.Name)
		}
	}
	if len(resources) != len(codedeploy.Operations) {
		t.Errorf("the table has %d lines, the model %d operations", len(resources), len(codedeploy.Operations))
	}
}

// TestNamingReadsAsTheOperationsDo: were a member of another type here, a
// request could be read in two ways, and be allowed for what it does not do.
func TestNamingReadsAsTheOperationsDo(t *testing.T) {
	used := map[string]bool{}
	ours := members(reflect.TypeFor[naming]())
	for _, operation := range codedeploy.Operations {
		for name, theirs := range members(reflect.TypeOf(operation.NewInput()).Elem()) {
			if mine, ok := ours[name]; ok && mine != theirs {
				t.Errorf("%s of %s is %s, here it is %s", name, operation.Name, theirs, mine)
			}
			used[name] = true
		}
	}
	for name := range ours {
		if !used[name] {
			t.Errorf("no operation has a member %s", name)
		}
	}
}

// members are the types of a struct's fields by their JSON names.
func members(of reflect.Type) map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for i := range of.NumField() {
		field := of.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		types[name] = field.Type
	}
	return types
}

// TestEveryQuotaCanBeSet: a member without a line in the table would have no
// default either.
func TestEveryQuotaCanBeSet(t *testing.T) {
	q := Quotas{}.orDefaults()
	value := reflect.ValueOf(q)
	for i := range value.NumField() {
		if value.Field(i).Int() == 0 {
			t.Errorf("%s has no line in the table of quotas", value.Type().Field(i).Name)
		}
	}
	if len(quotas) != value.NumField() {
		t.Errorf("the table has %d lines for %d members", len(quotas), value.NumField())
	}
}
