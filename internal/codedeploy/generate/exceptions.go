package main

import (
	"bytes"
	"fmt"
)

// writeExceptions keeps the model's own spelling of the names: they are read
// in error texts and searched for more often than they are written.
func writeExceptions(out *bytes.Buffer, service *model) {
	out.WriteString("// The exceptions of the service model.\nconst (\n")
	for name, exception := range service.Shapes.all {
		if exception.Exception {
			writeDeprecation(out, exception.DeprecatedMessage)
			fmt.Fprintf(out, "%s ExceptionCode = %q\n", name, name)
		}
	}
	out.WriteString(")\n\n// ExceptionCodes lists every exception in the model's order.\nvar ExceptionCodes = []ExceptionCode{\n")
	for name, exception := range service.Shapes.all {
		if exception.Exception {
			fmt.Fprintf(out, "%s,\n", name)
		}
	}
	out.WriteString("}\n")
}
