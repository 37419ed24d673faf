package awswire

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// expectation is a refusal in words of our own, safe to show.
type expectation string

func (e expectation) Error() string { return string(e) }

// decodeInteger reads an integer as AWS does: 5.0 is 5, 5.5 and numbers beyond the type are refused (api.md 1.3).
func decodeInteger[T int | int32 | int64](d *jsontext.Decoder, into *T) error {
	kind := d.PeekKind()
	value, err := d.ReadValue()
	switch {
	case err != nil:
		return err
	case kind == 'n':
		*into = 0
		return nil
	case kind != '0':
		return expectation("expected an integer, found " + kindNoun(kind))
	}
	n, err := integer(string(value))
	if err != nil {
		return err
	}
	if int64(T(n)) != n {
		return errIntegerRange
	}
	*into = T(n)
	return nil
}

const (
	errIntegerFraction = expectation("expected an integer, found a number with a fraction")
	errIntegerRange    = expectation("the integer is out of range")
)

// integer reads a JSON number that must be whole. It is exact where a float would round, and never builds a number
// longer than its text plus the 19 digits an int64 can have.
func integer(number string) (int64, error) {
	if n, err := strconv.ParseInt(number, 10, 64); err == nil {
		return n, nil
	}
	number, negative := strings.CutPrefix(number, "-")
	mantissa, power, _ := strings.Cut(strings.ToLower(number), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return 0, nil
	}
	shift := 0
	if power != "" {
		var err error
		if shift, err = strconv.Atoi(power); err != nil {
			return 0, errIntegerRange
		}
	}
	trimmed := strings.TrimRight(digits, "0")
	zeros := len(digits) - len(trimmed) - len(fraction) + shift
	if zeros < 0 {
		return 0, errIntegerFraction
	}
	if len(trimmed)+zeros > 19 {
		return 0, errIntegerRange
	}
	if negative {
		trimmed = "-" + trimmed
	}
	n, err := strconv.ParseInt(trimmed+strings.Repeat("0", zeros), 10, 64)
	if err != nil {
		return 0, errIntegerRange
	}
	return n, nil
}

// kindNoun names a kind of JSON value for a message.
func kindNoun(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	return fmt.Sprintf("kind %d", k)
}
