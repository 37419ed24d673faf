package main

import (
	"bytes"
	"fmt"
)

func writeEnums(out *bytes.Buffer, service *model) {
	for name, enum := range service.Shapes.all {
		if enum.Enum != nil {
			writeEnum(out, goName(name), enum)
		}
	}
}

func writeEnum(out *bytes.Buffer, name string, enum shape) {
	fmt.Fprintf(out, "// %s is the enumeration of that name in the service model.\n", name)
	writeDeprecation(out, enum.DeprecatedMessage)
	fmt.Fprintf(out, "type %s string\n\n", name)
	fmt.Fprintf(out, "// The values of %s.\nconst (\n", name)
	for _, value := range enum.Enum {
		fmt.Fprintf(out, "%s%s %s = %q\n", name, goName(value), name, value)
	}
	out.WriteString(")\n\n")
	fmt.Fprintf(out, "// Values returns the values that the model lists, in its order.\n")
	fmt.Fprintf(out, "func (%s) Values() []%s {\nreturn []%s{\n", name, name, name)
	for _, value := range enum.Enum {
		fmt.Fprintf(out, "%s%s,\n", name, goName(value))
	}
	out.WriteString("}\n}\n\n")
}
