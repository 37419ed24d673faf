package appspec

import (
	"bytes"
	"fmt"
)

// parse reads JSON, and what is not JSON as YAML: AWS's own JSON samples are
// indented with tabs, which YAML forbids (lambda.md 2.1). When it is neither,
// a text that begins with a brace was meant as JSON, and its fault is told.
func parse(content []byte) (*node, *finding) {
	if len(content) > maxBytes {
		return nil, found("M8", position{}, "an AppSpec must be at most %d bytes, found %d", maxBytes, len(content))
	}
	content = bytes.TrimPrefix(content, []byte("\uFEFF"))
	at, fault := jsonSyntax(content)
	if fault == nil {
		return parseJSON(content)
	}
	root, finding := parseYAML(content)
	if finding == nil {
		return root, nil
	}
	if finding.observed != "" && bytes.HasPrefix(bytes.TrimSpace(content), []byte("{")) {
		return nil, malformed(at, fmt.Sprintf("it begins like JSON, but %s", fault))
	}
	return nil, finding
}

// malformed is the finding for a text that no parser can read, with the
// sentence seen on AWS (lambda.md 2.3, M8).
func malformed(at position, why string) *finding {
	f := found("M8", at, "the text is a not well-formed yaml: %s", plain(why))
	return f.saidByAWS("The input AppSpec file is a not well-formed yaml. The template cannot be parsed.")
}
