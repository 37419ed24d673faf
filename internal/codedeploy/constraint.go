package codedeploy

import "slices"

// Constraint is what the service model demands of one shape. Zero values
// demand nothing.
type Constraint struct {
	Min, Max int      // bounds of a string's length in characters
	Pattern  string   // regular expression that a string matches as a whole
	Enum     []string // values of an enumeration, in the model's order
	Required []string // wire names of the members that a structure must have, in the model's order
}

// Enum is satisfied by every enumeration of the model. The types are open: a
// value outside Values is representable, because clients may send one and AWS
// itself answers some, such as MinimumHealthyHosts.type MOST_CONCURRENCY.
type Enum[E any] interface {
	~string
	comparable
	Values() []E
}

// IsKnown says whether the model lists the value; "" is never known.
func IsKnown[E Enum[E]](value E) bool {
	return slices.Contains(value.Values(), value)
}
