package appspec

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"greenlight/internal/codedeploy"
)

var update = flag.Bool("update", false, "write what was found into testdata")

const separator = "\n----------\n"

// TestGolden runs testdata/*.txt for Lambda and testdata/ecs/*.txt for ECS: an
// AppSpec, a line of ten dashes, and what comes of it: its canonical JSON, or
// the tail of the error and every problem as rule, place, message and hint;
// and then the notes.
func TestGolden(t *testing.T) {
	for _, platform := range []struct {
		folder string
		name   codedeploy.ComputePlatform
		parse  func([]byte) (string, error)
	}{
		{"testdata", codedeploy.ComputePlatformLambda, func(text []byte) (string, error) { return canonical(ParseLambda(text)) }},
		{"testdata/ecs", codedeploy.ComputePlatformECS, func(text []byte) (string, error) { return canonical(ParseECS(text)) }},
	} {
		files, err := filepath.Glob(platform.folder + "/*.txt")
		if err != nil || len(files) == 0 {
			t.Fatalf("no golden files: %v", err)
		}
		for _, file := range files {
			name := string(platform.name) + "/" + strings.TrimSuffix(filepath.Base(file), ".txt")
			t.Run(name, func(t *testing.T) {
				checkGolden(t, file, func(text []byte) string {
					spec, err := platform.parse(text)
					problems, notes := Check(platform.name, text)
					return outcome(spec, err, problems, notes)
				})
			})
		}
	}
}

func checkGolden(t *testing.T, file string, outcome func([]byte) string) {
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
}

func canonical[S interface{ JSON() []byte }](spec S, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return string(spec.JSON()), nil
}

func outcome(spec string, err error, problems, notes []Problem) string {
	var b strings.Builder
	if err != nil {
		spec = err.(*Error).Tail
	}
	fmt.Fprintln(&b, spec)
	for _, p := range slices.Concat(problems, notes) {
		fmt.Fprintf(&b, "%s %d:%d %s\n", cmp.Or(p.Rule, "note"), p.Line, p.Column, p.Message)
		if p.Hint != "" {
			fmt.Fprintf(&b, "    %s\n", p.Hint)
		}
	}
	return b.String()
}
