package main

import (
	"bytes"
	"fmt"
	"strings"
)

func writeConstraints(out *bytes.Buffer, service *model) {
	out.WriteString("// Constraints holds the model's demands by the name of the shape in the model;\n")
	out.WriteString("// shapes without any are left out.\n")
	out.WriteString("var Constraints = map[string]Constraint{\n")
	for name, target := range service.Shapes.all {
		if fields := constraintFields(target); len(fields) > 0 {
			fmt.Fprintf(out, "%q: {%s},\n", name, strings.Join(fields, ", "))
		}
	}
	out.WriteString("}\n")
}

// constraintFields are the fields of a Constraint literal that are not zero.
func constraintFields(target shape) []string {
	var fields []string
	add := func(set bool, format string, value any) {
		if set {
			fields = append(fields, fmt.Sprintf(format, value))
		}
	}
	add(target.Min != 0, "Min: %d", target.Min)
	add(target.Max != 0, "Max: %d", target.Max)
	add(target.Pattern != "", "Pattern: %q", target.Pattern)
	add(target.Enum != nil, "Enum: %#v", target.Enum)
	add(target.Required != nil, "Required: %#v", target.Required)
	return fields
}
