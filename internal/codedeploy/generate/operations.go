package main

import (
	"bytes"
	"fmt"
)

func writeOperations(out *bytes.Buffer, service *model) {
	out.WriteString("// Operations lists every operation in the model's order.\nvar Operations = []Operation{\n")
	for name, operation := range service.Operations.all {
		out.WriteString("{\n")
		fmt.Fprintf(out, "Name: %q,\n", name)
		fmt.Fprintf(out, "NewInput: func() any { return new(%s) },\n", goName(operation.Input.Shape))
		fmt.Fprintf(out, "Output: %s,\n", outputKind(service, operation.Output))
		writeOperationExceptions(out, operation.Errors)
		if operation.Deprecated {
			out.WriteString("Deprecated: true,\n")
		}
		out.WriteString("},\n")
	}
	out.WriteString("}\n")
}

func outputKind(service *model, output *reference) string {
	switch {
	case output == nil:
		return "OutputNone"
	case len(service.Shapes.values[output.Shape].Members.names) == 0:
		return "OutputEmpty"
	default:
		return "OutputMembers"
	}
}

func writeOperationExceptions(out *bytes.Buffer, exceptions []reference) {
	if len(exceptions) == 0 {
		return
	}
	out.WriteString("Exceptions: []ExceptionCode{\n")
	for _, exception := range exceptions {
		fmt.Fprintf(out, "%s,\n", exception.Shape)
	}
	out.WriteString("},\n")
}
