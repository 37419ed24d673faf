package appspec

import (
	"strconv"
	"strings"
)

// maxShown is how many characters of the input one message may show.
const maxShown = 80

// quote shows a piece of input safely: in quotation marks, control and
// invisible characters escaped, at most maxShown characters of it.
func quote(s string) string {
	shown, cut := shorten(s)
	if cut {
		return strconv.Quote(shown) + "..."
	}
	return strconv.Quote(shown)
}

// plain is quote without the marks, for numbers and for a parser's sentence,
// which may hold a piece of input.
func plain(s string) string {
	var b strings.Builder
	shown, cut := shorten(s)
	for _, r := range shown {
		if strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
	}
	if cut {
		b.WriteString("...")
	}
	return b.String()
}

func shorten(s string) (shown string, cut bool) {
	count := 0
	for i := range s {
		if count == maxShown {
			return s[:i], true
		}
		count++
	}
	return s, false
}
