package credentials

import (
	"slices"
	"strings"

	"greenlight/internal/awswire"
)

// policy is what a principal may do: what is allowed and not denied.
type policy struct{ allow, deny []statement }

// statement speaks of every one of its actions on every one of its resources.
type statement struct {
	actions   []string // in lower case
	resources []resourcePattern
}

func (p policy) allows(wanted awswire.Permission) bool {
	action, resource := strings.ToLower(wanted.Action), splitARN(wanted.Resource)
	covers := func(s statement) bool { return s.covers(action, resource) }
	return slices.ContainsFunc(p.allow, covers) && !slices.ContainsFunc(p.deny, covers)
}

func (s statement) covers(action string, resource []string) bool {
	return slices.ContainsFunc(s.actions, func(pattern string) bool { return match(pattern, action) }) &&
		slices.ContainsFunc(s.resources, func(pattern resourcePattern) bool { return pattern.match(resource) })
}

// resourcePattern has the parts of an ARN, each a pattern of its own; none
// stands for everything.
type resourcePattern []string

const arnParts = 6

func splitARN(text string) []string { return strings.SplitN(text, ":", arnParts) }

func (r resourcePattern) match(resource []string) bool {
	return len(r) == 0 || slices.EqualFunc(r, resource, match)
}

// match reports whether a text fits a pattern in which * is any text and ? any
// one character. In the text a * stands for what is not known, so that no ? can
// mean it. The time is at most the product of the lengths.
func match(pattern, text string) bool {
	p, t := 0, 0
	star, from := -1, 0 // the last * and where the text goes on after it
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, t
			p++
		case p < len(pattern) && (pattern[p] == text[t] || pattern[p] == '?' && text[t] != '*'):
			p++
			t++
		case star >= 0:
			from++
			p, t = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
