package elb

import (
	"errors"
	"strconv"
	"strings"
)

const maxMatcher = 256

// matcher is the statuses that count as healthy: ranges, both ends included.
type matcher []struct{ from, to int }

var errMatcher = errors.New("not a list of status codes")

// parseMatcher reads "200", "200,302" or "200-299,301".
func parseMatcher(text string) (matcher, error) {
	if len(text) > maxMatcher {
		return nil, errMatcher
	}
	var m matcher
	for part := range strings.SplitSeq(text, ",") {
		first, last, ranged := strings.Cut(part, "-")
		from, err := statusCode(first)
		if err != nil {
			return nil, err
		}
		to := from
		if ranged {
			if to, err = statusCode(last); err != nil || to < from {
				return nil, errMatcher
			}
		}
		m = append(m, struct{ from, to int }{from, to})
	}
	return m, nil
}

// statusCode reads three digits and nothing else.
func statusCode(text string) (int, error) {
	code, err := strconv.Atoi(text)
	if err != nil || len(text) != 3 || code < 100 {
		return 0, errMatcher
	}
	return code, nil
}

func (m matcher) matches(status int) bool {
	for _, r := range m {
		if status >= r.from && status <= r.to {
			return true
		}
	}
	return false
}

func (m matcher) within(least, most int) bool {
	for _, r := range m {
		if r.from < least || r.to > most {
			return false
		}
	}
	return true
}
