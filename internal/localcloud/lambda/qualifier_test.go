package lambda

import (
	"errors"
	"strings"
	"testing"

	"greenlight/internal/awswire"
)

var testCaller = awswire.Caller{Account: testAccount, Region: testRegion, Partition: "aws"}

func TestParseReference(t *testing.T) {
	tests := []struct{ name, qualifier, want string }{
		{"f", "", "f"},
		{"f", "live", "f:live"},
		{"f:$LATEST", "", "f:$LATEST"},
		{"function:f", "", "f"},
		{testAccount + ":function:f:3", "", "f:3"},
		{testRegion + ":" + testAccount + ":function:f", "", "f"},
		{testARN, "1", "f:1"},
		{testARN + ":live", "live", "f:live"},
		{"123456789012", "", "123456789012"},
	}
	for _, test := range tests {
		got, err := parseReference(testCaller, test.name, test.qualifier)
		if want := "arn:aws:lambda:eu-west-1:123456789012:function:" + test.want; err != nil || got.ARN() != want {
			t.Errorf("%s, %q: %s, %v", test.name, test.qualifier, got.ARN(), err)
		}
	}
}

func TestParseReferenceRefuses(t *testing.T) {
	tests := []struct{ name, qualifier, code string }{
		{"", "", "ValidationException"},
		{"a b", "", "ValidationException"},
		{"../f", "", "ValidationException"},
		{strings.Repeat("f", 65), "", "ValidationException"},
		{"f:1:2", "", "ValidationException"},
		{"f", "a b", "ValidationException"},
		{"f:1", "2", "InvalidParameterValueException"},
		{"arn:aws:lambda:us-east-1:123456789012:function:f", "", "ResourceNotFoundException"},
		{"arn:aws-cn:lambda:eu-west-1:123456789012:function:f", "", "ResourceNotFoundException"},
		{"arn:aws:lambda:eu-west-1:210987654321:function:f", "", "AccessDeniedException"},
	}
	for _, test := range tests {
		_, err := parseReference(testCaller, test.name, test.qualifier)
		if e, ok := errors.AsType[*awswire.Error](err); !ok || e.Code != test.code {
			t.Errorf("%s, %q: %v, want %s", test.name, test.qualifier, err, test.code)
		}
	}
}

// FuzzParseReference holds that what is accepted is a safe file name and reads
// back as itself.
func FuzzParseReference(f *testing.F) {
	for _, seed := range []string{"f", testARN + ":live", "eu-west-1:123456789012:function:f:1"} {
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, name, qualifier string) {
		r, err := parseReference(testCaller, name, qualifier)
		if err != nil {
			return
		}
		if strings.ContainsAny(r.Name, "./\\\x00") || r.Name == "" {
			t.Errorf("name %q", r.Name)
		}
		if again, err := parseReference(testCaller, r.functionARN(), r.Qualifier); err != nil || again != r {
			t.Errorf("%+v became %+v, %v", r, again, err)
		}
	})
}

func TestSyntaxCountsCharacters(t *testing.T) {
	tests := []struct {
		name   string
		syntax syntax
		text   string
		want   bool
	}{
		{"longest alias", aliasSyntax, strings.Repeat("a", 128), true},
		{"longer alias", aliasSyntax, strings.Repeat("a", 129), false},
		{"no alias", aliasSyntax, "", false},
		{"longest handler", handlerSyntax, strings.Repeat("ä", 128), true},
		{"longer handler", handlerSyntax, strings.Repeat("ä", 129), false},
		{"longer name", nameSyntax, strings.Repeat("a", 65), false},
		{"longer statement", statementIDSyntax, strings.Repeat("a", 101), false},
		{"longer qualifier", qualifierSyntax, strings.Repeat("$", 129), false},
	}
	for _, test := range tests {
		if got := test.syntax.MatchString(test.text); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}
