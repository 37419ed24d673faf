package appspec

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// valid is the AppSpec that the tables change one piece of.
const valid = `version: 0.0
Resources:
  - orders:
      Type: AWS::Lambda::Function
      Properties:
        Name: orders
        Alias: live
        CurrentVersion: "1"
        TargetVersion: "2"
Hooks:
  - BeforeAllowTraffic: pre
  - AfterAllowTraffic: post
`

const notWellFormed = "The input AppSpec file is a not well-formed yaml. The template cannot be parsed."

func with(t testing.TB, old, replacement string) string {
	t.Helper()
	if strings.Count(valid, old) != 1 {
		t.Fatalf("%q is not once in the AppSpec", old)
	}
	return strings.Replace(valid, old, replacement, 1)
}

func refuse(t *testing.T, content string) *Error {
	t.Helper()
	spec, err := ParseLambda([]byte(content))
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("ParseLambda = %+v, %v; want an *Error", spec, err)
	}
	if problems := CheckLambda([]byte(content)); !slices.Equal(problems, e.Problems) || problems[0].Rule != e.Rule {
		t.Errorf("CheckLambda = %v; the error has %v and rule %s", problems, e.Problems, e.Rule)
	}
	return e
}

func accept(t *testing.T, content string) Lambda {
	t.Helper()
	spec, err := ParseLambda([]byte(content))
	if err != nil {
		t.Fatalf("ParseLambda: %v", err)
	}
	return *spec
}

// A change replaces a piece of the valid AppSpec; a refusal says what follows:
// the rule, the line, and a part of the tail.
type refusal struct {
	name, old, replacement string
	rule                   string
	line                   int
	tail                   string
}

const (
	current = `CurrentVersion: "1"`
	hooks   = "  - BeforeAllowTraffic: pre\n  - AfterAllowTraffic: post\n"
)

var refusals = []refusal{
	{"M9 missing", "version: 0.0\n", "", "M9", 1, "version must be 0.0, found nothing"},
	{"M9 null", "version: 0.0", "version:", "M9", 1, "found null"},
	{"M9 other number", "version: 0.0", "version: 0.1", "M9", 1, "found the number 0.1"},
	{"M9 other text", "version: 0.0", `version: "0"`, "M9", 1, `found "0"`},
	{"M9 list", "version: 0.0", "version: [0.0]", "M9", 1, "found a list of 1 item"},
	{"M10 missing", "Resources:", "Other:", "M10", 1, "Resources must be a list of exactly one resource, found nothing"},
	{"M10 empty", "Resources:", "Resources: []\nOther:", "M10", 2, "found a list of 0 items"},
	{"M10 two", "Hooks:", "  - payments: {}\nHooks:", "M10", 3, "found a list of 2 items"},
	{"M10 several labels", "Hooks:", "    payments: {}\nHooks:", "M10", 3, "found a map of 2 keys"},
	{"M10 empty label", "- orders:", `- "":`, "M10", 3, "found 0"},
	{"M10 label without resource", "- orders:", "- orders: []\nOther:\n  - a:", "M10", 3, "found a list of 0 items"},
	{"M10 resource of text", "- orders:", "- orders\nOther:\n  - a:", "M10", 3, `found "orders"`},
	{"M11 ECS", "AWS::Lambda::Function", "AWS::ECS::Service", "M11", 4, "for the ECS platform"},
	{"M11 missing", "Type: AWS", "Types: AWS", "M11", 4, "Did you mean Type?"},
	{"M11 case", "AWS::Lambda::Function", "AWS::lambda::function", "M11", 4, "Did you mean AWS::Lambda::Function?"},
	{"M12 no properties", "Properties:", "Other:", "M12", 4, "Properties must be a map"},
	{"M12 no name", "Name: orders", "Name:", "M12", 6, "Name must be given, found null"},
	{"M12 empty name", "Name: orders", `Name: ""`, "M12", 6, "Name must be given, found an empty string"},
	{"M12 no alias", "        Alias: live\n", "", "M12", 6, "Alias must be given, found nothing"},
	{"M12 misspelt alias", "Alias:", "Alais:", "M12", 6, "Did you mean Alias?"},
	{"M12 no version", current, "Other: 1", "M12", 6, "CurrentVersion must be given"},
	{"M12 null version", current, "CurrentVersion: ~", "M12", 8, "found null"},
	{"M12 name with alias", "Name: orders", "Name: orders:live", "M12", 6, "without a version or alias"},
	{"M12 name with $LATEST", "Name: orders", "Name: orders:$LATEST", "M12", 6, "without a version or alias"},
	{"M12 ARN with version", "Name: orders", "Name: arn:aws:lambda:eu-west-1:123456789012:function:orders:3", "M12", 6, "without a version or alias"},
	{"M12 name with a dot", "Name: orders", "Name: or.ders", "M12", 6, "letters, digits, - and _"},
	{"M12 long name", "Name: orders", "Name: " + strings.Repeat("n", 65), "M12", 6, "at most 64"},
	{"M12 numeric name", "Name: orders", "Name: 12", "M12", 6, "Put a name in quotation marks."},
	{"M12 ARN of another service", "Name: orders", "Name: arn:aws:s3:::bucket", "M12", 6, "Name must be"},
	{"M12 alias of digits", "Alias: live", `Alias: "12"`, "M12", 7, "not only digits"},
	{"M12 alias pattern", "Alias: live", "Alias: li/ve", "M12", 7, `found "li/ve"`},
	{"M12 long alias", "Alias: live", "Alias: " + strings.Repeat("a", 129), "M12", 7, "at most 128"},
	{"M13 $LATEST", current, "CurrentVersion: $LATEST", "M13", 8, `a positive integer such as 2, found "$LATEST"`},
	{"M13 zero", current, "CurrentVersion: 0", "M13", 8, "found the number 0"},
	{"M13 negative", current, `CurrentVersion: "-1"`, "M13", 8, `found "-1"`},
	{"M13 fraction", current, "CurrentVersion: 1.5", "M13", 8, "found the number 1.5"},
	{"M13 integral float", current, "CurrentVersion: 1.0", "M13", 8, "found the number 1.0"},
	{"M13 exponent", current, "CurrentVersion: 1e3", "M13", 8, "found the number 1e3"},
	{"M13 leading zero", current, `CurrentVersion: "01"`, "M13", 8, `found "01"`},
	{"M13 underscore", current, "CurrentVersion: 1_0", "M13", 8, "found the number 1_0"},
	{"M13 many digits", current, "CurrentVersion: " + strings.Repeat("9", 19), "M13", 8, "found the number 999"},
	{"M13 boolean", current, "CurrentVersion: true", "M13", 8, "found the boolean true"},
	{"M13 map", current, "CurrentVersion: {a: b}", "M13", 8, "found a map of 1 key"},
	{"M14 misspelt", "BeforeAllowTraffic", "BeforeAllowTrafic", "M14", 11, "Did you mean BeforeAllowTraffic?"},
	{"M14 ECS event", "BeforeAllowTraffic", "BeforeInstall", "M14", 11, "BeforeInstall is an event of the ECS platform."},
	{"M14 AllowTraffic", "BeforeAllowTraffic", "AllowTraffic", "M14", 11, "cannot have a function"},
	{"M14 twice", "AfterAllowTraffic", "beforeallowtraffic", "M14", 12, "found again after line 11"},
	{"M14 map", hooks, "  BeforeAllowTraffic: pre\n", "M14", 11, "found a map of 1 key. Each event is an entry of its own"},
	{"M14 text", hooks, "  pre\n", "M14", 11, `found "pre"`},
	{"M14 entry of text", hooks, "  - pre\n", "M14", 11, `found "pre"`},
	{"M14 two keys", hooks, "  - BeforeAllowTraffic: a\n    AfterAllowTraffic: b\n", "M14", 11, "found a map of 2 keys"},
	{"M14 empty entry", hooks, "  - {}\n", "M14", 11, "found a map of 0 keys"},
	{"M14 function list", "pre\n", "[pre]\n", "M14", 11, "found a list of 1 item"},
	{"M14 long function", "pre\n", strings.Repeat("p", maxText+1) + "\n", "M14", 11, `ppp"...`},
}

func TestRefusals(t *testing.T) {
	for _, r := range refusals {
		t.Run(r.name, func(t *testing.T) {
			e := refuse(t, with(t, r.old, r.replacement))
			if e.Rule != r.rule || e.Line != r.line || !strings.Contains(e.Tail, r.tail) {
				t.Errorf("got %s, line %d, tail %q", e.Rule, e.Line, e.Tail)
			}
			if len(e.Problems) != 1 {
				t.Errorf("one fault gives %d problems: %v", len(e.Problems), e.Problems)
			}
		})
	}
}

func TestM8(t *testing.T) {
	laughs := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'h'; c++ {
		laughs += strings.ReplaceAll("C: &C [*P,*P,*P,*P,*P,*P,*P,*P,*P]\n", "C", string(c))
		laughs = strings.ReplaceAll(laughs, "P", string(c-1))
	}
	for _, c := range []struct {
		name, content string
		line          int
		tail          string // "" is the sentence of AWS
	}{
		{"empty", "", 0, ""},
		{"braces", "{{{", 1, ""},
		{"JSON with a missing comma", "{\n\"a\": 1\n\"b\": 2}", 3, ""},
		{"JSON that ends early", "{\n\"a\": [", 2, ""},
		{"YAML indented with tabs", "version: 0.0\nResources:\n\t- a\n", 3, ""},
		{"not UTF-8", "version: 0.0\nx: \xff\n", 2, ""},
		{"JSON not in UTF-8", "{\"version\":\n\"\xff\"}", 2, ""},
		{"control character", "version: 0.0\n\nx: \x01", 3, ""},
		{"unknown anchor", "version: *v", 1, ""},
		{"two documents", valid + "---\n" + valid, 13, "one YAML document"},
		{"broken second document", valid + "---\n[", 14, ""},
		{"key that is a map", "{a: b}: c", 1, "a key must be a text"},
		{"too large", valid + strings.Repeat("#", maxBytes), 0, "at most 65536 bytes"},
		{"deep JSON", strings.Repeat("[", 40) + strings.Repeat("]", 40), 1, "deeper than 32"},
		{"deep YAML", strings.Repeat("- ", 40), 1, "deeper than 32"},
		{"deep YAML, flow in block", strings.Repeat("- ", 20) + strings.Repeat("[", 20) + strings.Repeat("]", 20), 1, "deeper than 32"},
		{"alias to itself", "a: &a [*a, *a]", 1, "deeper than 32"},
		{"aliases without end", laughs, 1, "aliases expand to more than 65536"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := refuse(t, c.content)
			if e.Rule != "M8" || e.Line != c.line {
				t.Errorf("got %s, line %d: %v", e.Rule, e.Line, e)
			}
			if c.tail == "" && e.Tail != notWellFormed || !strings.Contains(e.Tail, c.tail) {
				t.Errorf("tail %q, want %q", e.Tail, c.tail)
			}
		})
	}
}

func TestL23(t *testing.T) {
	e := refuse(t, "{{{")
	if e.Tail != notWellFormed {
		t.Errorf("tail %q", e.Tail)
	}
	if want := "line 1: the text is a not well-formed yaml: "; !strings.HasPrefix(e.Error(), want) {
		t.Errorf("error %q has no line", e)
	}
}

func TestL22(t *testing.T) {
	for _, value := range []string{"", " null", ` ""`, " ~"} {
		t.Run("M15 value"+value, func(t *testing.T) {
			e := refuse(t, with(t, "AfterAllowTraffic: post", "AfterAllowTraffic:"+value))
			if e.Rule != "M15" || e.Line != 12 || e.Tail != "The Lambda function name cannot be null or empty" {
				t.Errorf("got %s, line %d, tail %q", e.Rule, e.Line, e.Tail)
			}
			if want := "line 12: AfterAllowTraffic: The Lambda function name cannot be null or empty"; e.Error() != want {
				t.Errorf("error %q, want %q", e, want)
			}
		})
	}
}

func TestL24(t *testing.T) {
	for rule, content := range map[string]string{
		"M10": with(t, "Hooks:", "  - payments: {}\nHooks:"),
		"M11": with(t, "AWS::Lambda::Function", "AWS::ECS::Service"),
		"M13": with(t, `"2"`, "$LATEST"),
		"M14": with(t, "BeforeAllowTraffic", "BeforeInstall"),
	} {
		if e := refuse(t, content); e.Rule != rule {
			t.Errorf("got %s for %s: %v", e.Rule, rule, e)
		}
	}
}

func TestL5(t *testing.T) {
	want := Lambda{Label: "orders", Function: "orders", Alias: "live", CurrentVersion: "1", TargetVersion: "2",
		BeforeAllowTraffic: "pre", AfterAllowTraffic: "post"}
	for name, content := range map[string]string{
		"YAML": valid,
		"JSON": `{"version":"0.0","Resources":[{"orders":{"Type":"AWS::Lambda::Function","Properties":{
			"Name":"orders","Alias":"live","CurrentVersion":1,"TargetVersion":"2"}}}],
			"Hooks":[{"BeforeAllowTraffic":"pre"},{"AfterAllowTraffic":"post"}]}`,
		"lower-case keys": strings.NewReplacer("Resources", "resources", "Hooks", "hooks", "Type:", "type:", "Properties", "properties",
			"Name", "name", "Alias", "alias", "CurrentVersion", "currentversion", "TargetVersion", "targetVersion",
			"BeforeAllowTraffic", "beforeallowtraffic", "AfterAllowTraffic", "afterallowtraffic").Replace(valid),
		"integer version":   with(t, "0.0", "0"),
		"text version":      with(t, "0.0", `"0.0"`),
		"version 0.00":      with(t, "0.0", "0.00"),
		"numbers":           with(t, `"1"`, "1"),
		"byte order mark":   "\uFEFF" + valid,
		"Windows lines":     strings.ReplaceAll(valid, "\n", "\r\n"),
		"other keys":        "unknown: {a: [b]}\n" + valid,
		"case, last wins":   with(t, "Alias: live", "alias: blue\n        ALIAS: live"),
		"same, last wins":   with(t, "Alias: live", "Alias: blue\n        Alias: live"),
		"explicit document": "---\n" + valid + "...\n",
		"merge key":         "x: &x {Alias: live, CurrentVersion: 9}\n" + with(t, "Alias: live", "<<: *x"),
		"hook case":         with(t, "AfterAllowTraffic: post", "afterallowtraffic: a\n    AfterAllowTraffic: post"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := accept(t, content); got != want {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestHooksMayBeLeftOut(t *testing.T) {
	spec := accept(t, valid)
	for _, hooks := range []string{"", "Hooks:\n", "Hooks: []\n", "Hooks: null\n"} {
		head, _, _ := strings.Cut(valid, "Hooks:")
		got := accept(t, head+hooks)
		if got.Hook("BeforeAllowTraffic") != "" || got.Hook("AfterAllowTraffic") != "" {
			t.Errorf("%q gives %+v", hooks, got)
		}
	}
	if spec.Hook("BeforeAllowTraffic") != "pre" || spec.Hook("AfterAllowTraffic") != "post" || spec.Hook("AllowTraffic") != "" {
		t.Errorf("hooks of %+v", spec)
	}
}

func TestFunctionName(t *testing.T) {
	for _, function := range []string{
		"orders",
		"123456789012:function:orders",
		"arn:aws:lambda:eu-west-1:123456789012:function:orders",
		"arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:orders",
	} {
		spec := accept(t, with(t, "Name: orders", "Name: "+function))
		if spec.Function != function || spec.FunctionName() != "orders" {
			t.Errorf("%s: Function %s, FunctionName %s", function, spec.Function, spec.FunctionName())
		}
	}
}

func TestJSONParsesBack(t *testing.T) {
	for _, spec := range []Lambda{
		{Label: "f", Function: "f", Alias: "live", CurrentVersion: "3", TargetVersion: "3"},
		{Label: "ü \" \\ <é>\u2028", Function: "123456789012:function:f", Alias: "a", CurrentVersion: "1", TargetVersion: "999999999999999999", AfterAllowTraffic: "h:1"},
	} {
		if got := accept(t, string(spec.JSON())); !reflect.DeepEqual(got, spec) {
			t.Errorf("got %+v, want %+v", got, spec)
		}
	}
}

func TestValuesAreShownSafely(t *testing.T) {
	long := strings.Repeat("é", 200)
	e := refuse(t, with(t, "Alias: live", `Alias: "`+"\\e[31m\\u202E"+long+`"`))
	if strings.ContainsAny(e.Tail, "\x1b\u202e") || !strings.Contains(e.Tail, `\x1b[31m\u202e`) {
		t.Errorf("control characters in %q", e.Tail)
	}
	if shown := strings.Count(e.Tail, "é"); shown != maxShown-len("\x1b[31m")-1 {
		t.Errorf("%d characters shown", shown)
	}
	e = refuse(t, "a: *"+strings.Repeat("x", 500))
	if len(e.Error()) > 200 {
		t.Errorf("the parser's sentence shows too much: %q", e)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	head, _, _ := strings.Cut(valid, "Hooks:")
	if got := len(CheckLambda([]byte(head + "Hooks:\n" + strings.Repeat("- x: y\n", 1000)))); got != maxProblems {
		t.Errorf("%d problems", got)
	}
}

func TestJSONPlaces(t *testing.T) {
	e := refuse(t, "{\n \"é\": 1, \"version\": 0.0,\n \"Resources\": [ {\"f\" :\n\t{\"Type\": 5, \"Properties\": {\"Name\": \"a:b\"}}}]}")
	var places [][2]int
	for _, p := range e.Problems {
		places = append(places, [2]int{p.Line, p.Column})
	}
	want := [][2]int{{4, 11}, {4, 37}, {4, 28}, {4, 28}, {4, 28}}
	if !slices.Equal(places, want) {
		t.Errorf("places %v, want %v: %v", places, want, e.Problems)
	}
}

func TestDidYouMean(t *testing.T) {
	for given, want := range map[string]string{
		"AfterAlowTraffic":      "Did you mean AfterAllowTraffic?",
		"aftrallowtrafic":       "Did you mean AfterAllowTraffic?",
		"AfterAllowTestTraffic": "",
		"":                      "",
		strings.Repeat("x", 99): "",
	} {
		if got := didYouMean(given, beforeAllowTraffic, afterAllowTraffic); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
