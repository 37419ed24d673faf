package main

import (
	"bytes"
	"fmt"
	"strings"
)

// alwaysWritten are the members that answers carry even when they are empty
// (api.md 8): clients read them without asking whether they are there.
var alwaysWritten = map[string]bool{
	"Diagnostics.scriptName":                          true,
	"Diagnostics.message":                             true,
	"Diagnostics.logTail":                             true,
	"BatchGetApplicationRevisionsOutput.errorMessage": true,
	"BatchGetDeploymentGroupsOutput.errorMessage":     true,
	"BatchGetDeploymentInstancesOutput.errorMessage":  true,
}

func writeShapes(out *bytes.Buffer, service *model) {
	for name, structure := range service.Shapes.all {
		if structure.Type == "structure" && !structure.Exception {
			writeStructure(out, service, name, structure)
		}
	}
}

func writeStructure(out *bytes.Buffer, service *model, name string, structure shape) {
	fmt.Fprintf(out, "// %s %s\n", goName(name), structureComment(service, name))
	writeDeprecation(out, structure.DeprecatedMessage)
	fmt.Fprintf(out, "type %s struct {\n", goName(name))
	for member, target := range structure.Members.all {
		option := ",omitzero"
		if alwaysWritten[name+"."+member] {
			option = ""
		}
		fmt.Fprintf(out, "%s %s `json:\"%s%s\"`\n", goName(member), memberType(service, target.Shape), member, option)
	}
	out.WriteString("}\n\n")
}

func structureComment(service *model, name string) string {
	if operation, ok := strings.CutSuffix(name, "Input"); ok && hasOperation(service, operation) {
		return "is the request of " + operation + "."
	}
	if operation, ok := strings.CutSuffix(name, "Output"); ok && hasOperation(service, operation) {
		return "is the answer of " + operation + "."
	}
	return "is the structure of that name in the service model."
}

func hasOperation(service *model, name string) bool {
	_, ok := service.Operations.values[name]
	return ok
}

// writeDeprecation continues a comment with AWS's advice. It avoids Go's
// "Deprecated:" mark: Greenlight serves these words as long as clients use them.
func writeDeprecation(out *bytes.Buffer, message string) {
	if message != "" {
		fmt.Fprintf(out, "// AWS says: %s\n", message)
	}
}
