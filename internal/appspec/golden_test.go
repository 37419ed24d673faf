package appspec

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what was found into testdata")

const separator = "\n----------\n"

// TestGolden runs testdata/*.txt: an AppSpec, a line of ten dashes, and what
// comes of it: its canonical JSON, or the tail of the error and every problem
// as rule, place, message and hint.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			input, want, ok := strings.Cut(string(content), separator)
			if !ok {
				t.Fatal("no line of ten dashes")
			}
			got := outcome([]byte(input))
			if *update {
				if err := os.WriteFile(file, []byte(input+separator+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func outcome(input []byte) string {
	spec, err := ParseLambda(input)
	if err == nil {
		return string(spec.JSON()) + "\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", err.(*Error).Tail)
	for _, p := range CheckLambda(input) {
		fmt.Fprintf(&b, "%s %d:%d %s\n", p.Rule, p.Line, p.Column, p.Message)
		if p.Hint != "" {
			fmt.Fprintf(&b, "    %s\n", p.Hint)
		}
	}
	return b.String()
}
