package appspec

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParseLambda: no input panics, what is accepted parses back from its
// canonical text, and what is refused says a rule in printable, bounded words.
func FuzzParseLambda(f *testing.F) {
	addSeeds(f, "testdata/*.txt")
	f.Fuzz(func(t *testing.T, content []byte) { checkParse(t, content, ParseLambda, CheckLambda) })
}

// FuzzParseECS is the same for ECS.
func FuzzParseECS(f *testing.F) {
	addSeeds(f, "testdata/ecs/*.txt")
	f.Fuzz(func(t *testing.T, content []byte) {
		checkParse(t, content, ParseECS, CheckECS)
		Platform(content)
	})
}

func addSeeds(f *testing.F, pattern string) {
	files, err := filepath.Glob(pattern)
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
}

func checkParse[S interface{ JSON() []byte }](t *testing.T, content []byte, parse func([]byte) (S, error), check func([]byte) []Problem) {
	spec, err := parse(content)
	if err != nil {
		checkRefusal(t, err.(*Error))
		return
	}
	if problems := check(content); problems != nil {
		t.Fatalf("accepted, with problems %v", problems)
	}
	back, err := parse(spec.JSON())
	if err != nil || !reflect.DeepEqual(back, spec) {
		t.Fatalf("%+v comes back as %+v, %v", spec, back, err)
	}
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
