package api

import (
	"reflect"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// member is a row of the table in members.go: what becomes of one member of a
// request. A row without exceptions takes anything that has the JSON type.
type member struct {
	name string // on the wire
	noun string // in messages; the name where it is left out

	absent string // the real service's sentence for a missing member, where it is known

	missing   codedeploy.ExceptionCode // absent, null or empty; none: it may be
	tooMany   codedeploy.ExceptionCode // more elements than a quota allows
	malformed codedeploy.ExceptionCode // anything else that is wrong with it, or with what is inside

	most   func(Quotas) int // elements of a list that is one call's batch
	limits limits           // lengths, forms and enumerations of the member and of what is inside
	judge  judgement        // what limits cannot say
	when   phase            // of judge; the form by default

	// settled is a member of a deployment group that is judged with the group as
	// it will be, after its application was looked up.
	settled bool
}

// phase is a step of the precedence of api.md 1.7. Steps 4 to 7, which need the
// stored resources, are the operations' own.
type phase int

const (
	asForm        phase = iota // it is well-formed, by itself
	asRequired                 // it is there
	asCombination              // it goes with the other members
)

// judgement judges a member's value with a view on the whole request.
type judgement func(r *request, m *member, value reflect.Value) error

// judging makes a judgement of values of one type.
func judging[T any](judge func(r *request, m *member, value T) error) judgement {
	return func(r *request, m *member, value reflect.Value) error {
		return judge(r, m, *value.Addr().Interface().(*T))
	}
}

// request is the input of an operation while it is judged.
type request struct {
	input  reflect.Value // the structure
	quotas Quotas
	scope  store.Scope
}

// given is another member of the request, or the zero value where its operation
// has none of that name.
func given[T any](r *request, name string) (value T) {
	if field, ok := fieldOf(r.input, name); ok {
		value = *field.Addr().Interface().(*T)
	}
	return value
}

// check judges a request by the precedence of api.md 1.7: every required member
// is there before the size of any batch is judged, that before any form, and
// every form is good before any combination is judged; within each, in the order
// of the chain.
func check(r *request, chain []*member) error {
	for _, step := range []func(*member, *request, reflect.Value) error{
		(*member).present, (*member).fits, (*member).formed, (*member).combined,
	} {
		for _, m := range chain {
			value, ok := fieldOf(r.input, m.name)
			if !ok {
				panic("the operation has no member " + m.name)
			}
			if err := step(m, r, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *member) present(r *request, value reflect.Value) error {
	if m.when == asRequired && m.judge != nil {
		return m.judge(r, m, value)
	}
	if m.missing == "" || !isEmpty(value) {
		return nil
	}
	if m.absent != "" {
		return m.missing.Errorf("%s", m.absent)
	}
	if value.Kind() == reflect.Slice {
		return m.missing.Errorf("At least one of the %s must be specified.", m.called())
	}
	return m.missing.Errorf("The %s must be specified.", m.called())
}

func (m *member) fits(r *request, value reflect.Value) error {
	if m.most == nil || value.Len() <= m.most(r.quotas) {
		return nil
	}
	return m.tooMany.Errorf("%d %s were given; at most %d are allowed in one call.", value.Len(), m.called(), m.most(r.quotas))
}

func (m *member) formed(r *request, value reflect.Value) error {
	if m.settled {
		return nil
	}
	if err := m.within(value, "", m.name); err != nil {
		return err
	}
	if m.when == asForm && m.judge != nil {
		return m.judge(r, m, value)
	}
	return nil
}

func (m *member) combined(r *request, value reflect.Value) error {
	if m.when == asCombination && m.judge != nil {
		return m.judge(r, m, value)
	}
	return nil
}

func (m *member) called() string {
	if m.noun != "" {
		return m.noun
	}
	return m.name
}

// bad is the exception of a malformed member.
func (m *member) bad(format string, args ...any) error { return m.malformed.Errorf(format, args...) }

// isEmpty takes an empty text or list for an absent one, but not an empty
// structure.
func isEmpty(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.String, reflect.Slice, reflect.Map:
		return value.Len() == 0
	default:
		return value.IsZero()
	}
}

// settle judges the value of a settled member by its limits.
func (m *member) settle(value any) error { return m.within(reflect.ValueOf(value), "", m.name) }
