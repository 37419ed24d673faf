package api

import (
	"strings"

	"greenlight/internal/codedeploy"
)

// Row is what the table of members says about one member of one operation, for
// the tests that hold the wire against it.
type Row struct {
	Name, Noun                  string
	Missing, TooMany, Malformed codedeploy.ExceptionCode

	Most int // elements of a batch; 0: no bound of its own

	limits limits
}

// Limit is what the table says about a part of a member.
type Limit struct {
	Known      bool // the table has a line for the part
	Most       int  // characters; 0: no bound
	HasForm    bool
	Needed     bool
	IsNotEmpty bool // an empty element is malformed, not missing
}

// Limit returns the limits of the part that stands at path inside of the
// member; "" is the member itself.
func (r Row) Limit(path string) Limit {
	l, known := r.limits[path]
	_, most := l.bounds()
	return Limit{Known: known, Most: most, HasForm: l.like.is != nil, Needed: l.needed, IsNotEmpty: l.least > 0}
}

// Chain is the table's rows for an operation, in the order of its chain.
func Chain(operation string) []Row {
	var rows []Row
	for _, m := range new(API).operations()[operation].chain {
		row := Row{Name: m.name, Noun: m.called(), Missing: m.missing, TooMany: m.tooMany, Malformed: m.malformed, limits: m.limits}
		if m.most != nil {
			row.Most = m.most(Quotas{}.orDefaults())
		}
		rows = append(rows, row)
	}
	return rows
}

// NeedsBelow reports whether a structure whose parts begin with prefix cannot be
// empty.
func (r Row) NeedsBelow(prefix string) bool {
	for path, l := range r.limits {
		if rest, ok := strings.CutPrefix(path, prefix); ok && l.needed && !strings.ContainsAny(rest, ".[") {
			return true
		}
	}
	return false
}
