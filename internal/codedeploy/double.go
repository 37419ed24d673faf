package codedeploy

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Double is a number of the API that always shows a fraction on the wire: 1.0,
// 0.1, 100.0 (api.md 1.3).
type Double float64

// MarshalJSON writes the shortest text that reads back as the same number,
// without an exponent and with at least one digit after the point. NaN and the
// infinities have no JSON form and are errors.
func (d Double) MarshalJSON() ([]byte, error) {
	value := float64(d)
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return nil, fmt.Errorf("number %v has no JSON form", value)
	}
	text := strconv.FormatFloat(value, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return []byte(text), nil
}
