package appspec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParseLambda: no input panics, what is accepted parses back from its
// canonical text, and what is refused says a rule in printable, bounded words.
func FuzzParseLambda(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		input, _, _ := strings.Cut(string(content), separator)
		f.Add([]byte(input))
	}
	f.Add([]byte("a: &a [*a]\n<<: [{b: c}, *a]\n? {x}\n: !t y"))
	f.Fuzz(func(t *testing.T, content []byte) {
		spec, err := ParseLambda(content)
		if err != nil {
			checkRefusal(t, err.(*Error))
			return
		}
		if problems := CheckLambda(content); problems != nil {
			t.Fatalf("accepted, with problems %v", problems)
		}
		back, err := ParseLambda(spec.JSON())
		if err != nil || *back != *spec {
			t.Fatalf("%+v comes back as %+v, %v", spec, back, err)
		}
	})
}

func checkRefusal(t *testing.T, e *Error) {
	if !strings.HasPrefix(e.Rule, "M") || e.Tail == "" || len(e.Problems) == 0 {
		t.Fatalf("incomplete error %+v", e)
	}
	for _, p := range e.Problems {
		if !utf8.ValidString(p.Message) || strings.ContainsFunc(p.Message, func(r rune) bool { return r < ' ' }) {
			t.Fatalf("unsafe message %q", p.Message)
		}
		if utf8.RuneCountInString(p.Message) > 1200 || p.Line < 0 || p.Column < 0 {
			t.Fatalf("unbounded problem %+v", p)
		}
	}
}
