package appspec

import (
	"encoding/json"
	"fmt"
	"strings"
)

// The two hook events of the Lambda platform (lambda.md 2.1).
const (
	beforeAllowTraffic = "BeforeAllowTraffic"
	afterAllowTraffic  = "AfterAllowTraffic"
)

// Lambda is an AppSpec for the Lambda platform, checked against lambda.md 2.1
// (rules M8 to M15). What needs the alias (M16 to M21) is not checked here.
type Lambda struct {
	Label          string // name of the resource, not interpreted
	Function       string // as written: a name, or an ARN without a qualifier
	Alias          string
	CurrentVersion string // a positive integer
	TargetVersion  string // a positive integer

	BeforeAllowTraffic string // the hook's function, name or ARN; empty for none
	AfterAllowTraffic  string
}

// ParseLambda reads an AppSpec, JSON or YAML. The error is an *Error that
// tells all problems, CheckLambda's, and speaks for the first.
func ParseLambda(text []byte) (*Lambda, error) {
	c := checkLambda(text)
	if err := c.err(); err != nil {
		return nil, err
	}
	return &c.spec, nil
}

// CheckLambda returns all problems of an AppSpec at once, at most 100, in the
// order of the checks (text, version, resource, its properties, hooks); nil
// when ParseLambda accepts it.
func CheckLambda(text []byte) []Problem { return checkLambda(text).problems() }

// FunctionName is the bare name of the function, also when it is given by ARN.
func (l Lambda) FunctionName() string {
	return l.Function[strings.LastIndexByte(l.Function, ':')+1:]
}

// Hook is the function of a lifecycle event, empty when it has none.
func (l Lambda) Hook(event string) string {
	switch event {
	case beforeAllowTraffic:
		return l.BeforeAllowTraffic
	case afterAllowTraffic:
		return l.AfterAllowTraffic
	}
	return ""
}

// lambdaDocument is the canonical form of lambda.md 2.1.
type lambdaDocument struct {
	Version   json.Number                 `json:"version"`
	Resources []map[string]lambdaResource `json:"Resources"`
	Hooks     []map[string]string         `json:"Hooks,omitempty"`
}

type lambdaResource struct {
	Type       string           `json:"Type"`
	Properties lambdaProperties `json:"Properties"`
}

type lambdaProperties struct {
	Name, Alias, CurrentVersion, TargetVersion string
}

// JSON is the canonical text of the AppSpec, one line of JSON, which parses
// back to the same value. Rollback deployments are registered with it.
func (l Lambda) JSON() []byte {
	properties := lambdaProperties{l.Function, l.Alias, l.CurrentVersion, l.TargetVersion}
	document := lambdaDocument{
		Version:   "0.0",
		Resources: []map[string]lambdaResource{{l.Label: {Type: lambdaType, Properties: properties}}},
	}
	for _, event := range []string{beforeAllowTraffic, afterAllowTraffic} {
		if function := l.Hook(event); function != "" {
			document.Hooks = append(document.Hooks, map[string]string{event: function})
		}
	}
	content, err := json.Marshal(document)
	if err != nil {
		panic(fmt.Sprintf("appspec: strings cannot be marshalled: %v", err)) // json.Marshal has no error for these types
	}
	return content
}
