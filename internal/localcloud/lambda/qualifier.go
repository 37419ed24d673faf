package lambda

import (
	"cmp"
	"regexp"
	"strings"
	"unicode/utf8"

	"greenlight/internal/awswire"
)

// latestVersion is the qualifier of a function's unpublished state.
const latestVersion = "$LATEST"

// functionID is where a function lives. It is the key of everything.
type functionID struct {
	Account, Region, Name string
}

// reference is a function, and perhaps one version or alias of it, as a caller
// named it.
type reference struct {
	functionID
	Partition string
	Qualifier string // "", "$LATEST", a version or an alias
}

// ARN is the name of what is referred to, qualified if the reference is.
func (r reference) ARN() string {
	if r.Qualifier == "" {
		return r.functionARN()
	}
	return r.functionARN() + ":" + r.Qualifier
}

func (r reference) functionARN() string {
	return "arn:" + r.Partition + ":lambda:" + r.Region + ":" + r.Account + ":function:" + r.Name
}

// qualified is the same function under another qualifier.
func (r reference) qualified(qualifier string) reference {
	r.Qualifier = qualifier
	return r
}

const functionNamePattern = `(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`

var (
	functionNameSyntax = regexp.MustCompile(`^(?:arn:(aws[a-zA-Z-]*):lambda:)?(?:((?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9_-]+)(?::(\$LATEST|[a-zA-Z0-9_-]+))?$`)
	qualifierSyntax    = syntax{regexp.MustCompile(`^[a-zA-Z0-9$_-]+$`), 128}
	versionSyntax      = regexp.MustCompile(`^[0-9]+$`)
	wordSyntax         = regexp.MustCompile(`^[a-zA-Z0-9_-]+$`)
	aliasSyntax        = syntax{wordSyntax, 128}
)

// syntax is a pattern and the most characters that a text may have. A count in
// the pattern itself is compiled into that many copies: 100 KB for 128.
type syntax struct {
	pattern *regexp.Regexp
	most    int
}

func (s syntax) MatchString(text string) bool {
	return utf8.RuneCountInString(text) <= s.most && s.pattern.MatchString(text)
}

const (
	maxReferenceLength = 256
	maxNameLength      = 64
)

// parseReference reads FunctionName (a name, a partial ARN or an ARN, each with
// or without a qualifier) and the Qualifier parameter for caller.
//
// A malformed name is a ValidationException, two qualifiers that differ an
// InvalidParameterValueException, a function of another region a
// ResourceNotFoundException, one of another account an AccessDeniedException.
func parseReference(caller awswire.Caller, name, qualifier string) (reference, error) {
	m := functionNameSyntax.FindStringSubmatch(name)
	if m == nil || len(name) > maxReferenceLength || len(m[4]) > maxNameLength {
		return reference{}, invalidMember("functionName", name,
			"Member must satisfy regular expression pattern: "+functionNamePattern)
	}
	if qualifier != "" && !qualifierSyntax.MatchString(qualifier) {
		return reference{}, invalidMember("qualifier", qualifier,
			"Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)")
	}
	partition, region, account, bare, suffix := m[1], m[2], m[3], m[4], m[5]
	if suffix != "" && qualifier != "" && suffix != qualifier {
		return reference{}, invalidParameterValue.errorf(
			"The derived qualifier from the function name does not match the specified qualifier.")
	}
	r := reference{
		functionID: functionID{caller.Account, caller.Region, bare},
		Partition:  partitionOf(caller), Qualifier: cmp.Or(suffix, qualifier),
	}
	return r, r.reachable(caller, partition, region, account)
}

// reachable compares what an ARN says with where the caller is.
func (r reference) reachable(caller awswire.Caller, partition, region, account string) error {
	if region != "" && region != caller.Region || partition != "" && partition != r.Partition {
		return resourceNotFound.errorf("Functions from '%s' are not reachable in this region ('%s')", region, caller.Region)
	}
	if account != "" && account != caller.Account {
		return accessDenied.errorf("%s is not authorized to use functions of account %s", principalOf(caller), account)
	}
	return nil
}

func partitionOf(caller awswire.Caller) string {
	if caller.Partition == "" {
		return "aws"
	}
	return caller.Partition
}

func principalOf(caller awswire.Caller) string {
	if caller.PrincipalARN == "" {
		return "User: arn:" + partitionOf(caller) + ":iam::" + caller.Account + ":root"
	}
	return "User: " + caller.PrincipalARN
}

// isVersion tells a version number from an alias; "$LATEST" is neither.
func isVersion(qualifier string) bool { return versionSyntax.MatchString(qualifier) }

// isAliasName follows the pattern (?!^[0-9]+$)([a-zA-Z0-9-_]+).
func isAliasName(name string) bool { return aliasSyntax.MatchString(name) && !isVersion(name) }

// parseResourceARN reads the ARN of a function that a tag operation names;
// versions and aliases carry no tags.
func parseResourceARN(caller awswire.Caller, arn string) (reference, error) {
	if !strings.HasPrefix(arn, "arn:") {
		return reference{}, invalidMember("resource", arn,
			`Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})`)
	}
	r, err := parseReference(caller, arn, "")
	if err != nil {
		return reference{}, err
	}
	if r.Qualifier != "" {
		return reference{}, invalidParameterValue.errorf(
			"Tags on function aliases and versions are not supported. Please specify a function ARN.")
	}
	return r, nil
}
