package api_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	diff "github.com/google/go-cmp/cmp"

	"greenlight/internal/codedeploy"
)

// coverageFile says which test has raised which exception of which operation.
// It is written by the tests themselves, from what they saw on the wire.
const coverageFile = "../../docs/coverage.md"

// update lets the tests rewrite what they compare answers with.
var update = flag.Bool("update", false, "rewrite the golden files and docs/coverage.md")

// outcome is an answer that a test saw as it should be; no exception is a good
// answer.
type outcome struct {
	operation string
	exception codedeploy.ExceptionCode
}

// seen collects outcomes while tests run.
type seen struct {
	mu sync.Mutex
	by map[outcome]string // the test that speaks for it
}

var covered = seen{by: map[outcome]string{}}

// note remembers an outcome that a test has asserted.
func (s *seen) note(t testing.TB, operation string, exception codedeploy.ExceptionCode) {
	test, _, _ := strings.Cut(t.Name(), "/")
	s.mu.Lock()
	defer s.mu.Unlock()
	at := outcome{operation, exception}
	if known, ok := s.by[at]; !ok || speaksBefore(at, test, known) {
		s.by[at] = test
	}
}

// speaksBefore prefers for a good answer the test that knows the whole of it,
// and a test that somebody wrote to the generated ones; otherwise it goes by the
// alphabet, so that the order of tests plays no part.
func speaksBefore(at outcome, test, other string) bool {
	rank := func(name string) int {
		switch {
		case at.exception == "" && strings.HasPrefix(name, "TestGolden"):
			return 0
		case strings.HasPrefix(name, "TestConformance"), strings.HasPrefix(name, "Fuzz"):
			return 2
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(test), rank(other)), cmp.Compare(test, other)) < 0
}

// TestMain compares what all tests have seen with docs/coverage.md. That is no
// test of its own because it must come after every other, in whatever order
// these run. A run of some of the tests compares nothing.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && ranAll() {
		if err := covered.compare(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func ranAll() bool {
	for _, name := range []string{"run", "skip", "fuzz", "list", "bench"} {
		if flag.Lookup("test."+name).Value.String() != "" {
			return false
		}
	}
	return true
}

func (s *seen) compare() error {
	if gaps := s.gaps(); len(gaps) > 0 {
		return fmt.Errorf("docs/coverage.md would have gaps:\n%s", strings.Join(gaps, "\n"))
	}
	want := s.document()
	if *update {
		return os.WriteFile(coverageFile, []byte(want), 0o644)
	}
	got, err := os.ReadFile(coverageFile)
	if err != nil {
		return err
	}
	if difference := diff.Diff(string(got), want); difference != "" {
		return fmt.Errorf("docs/coverage.md is not what the tests saw; `go test ./internal/api -update` rewrites it (-file +seen):\n%s", difference)
	}
	return nil
}

// gaps are the operations without a tested good answer, the exceptions that are
// neither tested nor said to be unreachable, and those that are both.
func (s *seen) gaps() []string {
	var gaps []string
	for _, operation := range codedeploy.Operations {
		if _, ok := s.by[outcome{operation.Name, ""}]; !ok && why(operation.Name, "") == "" {
			gaps = append(gaps, operation.Name+": no good answer was tested")
		}
		for _, exception := range operation.Exceptions {
			_, tested := s.by[outcome{operation.Name, exception}]
			if reason := why(operation.Name, exception); tested == (reason != "") {
				gaps = append(gaps, fmt.Sprintf("%s, %s: tested %t, cannot occur because %q", operation.Name, exception, tested, reason))
			}
		}
	}
	slices.Sort(gaps)
	return gaps
}

// why is the reason that an outcome cannot occur; "" when it can.
func why(operation string, exception codedeploy.ExceptionCode) string {
	for _, u := range unreachable {
		if u.exception == exception && (u.operation == "" || u.operation == operation) {
			return u.why
		}
	}
	return ""
}

func (s *seen) document() string {
	var b strings.Builder
	fmt.Fprint(&b, "# What is tested of the API\n\n",
		"Written by `go test ./internal/api -update` from the answers that tests saw on the wire and found right; every run of the tests compares.\n",
		"A test is named for each operation's good answer, and for each exception that the model attaches to an operation, or the reason why it cannot occur.\n")
	s.operationsTable(&b)
	s.exceptionsTable(&b)
	return b.String()
}

func (s *seen) operationsTable(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %d operations\n\n| operation | good answer | exceptions tested | cannot occur |\n|---|---|---|---|\n", len(codedeploy.Operations))
	for _, operation := range codedeploy.Operations {
		tested := 0
		for _, exception := range operation.Exceptions {
			if s.by[outcome{operation.Name, exception}] != "" {
				tested++
			}
		}
		fmt.Fprintf(b, "| %s | %s | %d | %d |\n", operation.Name,
			cmp.Or(s.by[outcome{operation.Name, ""}], "cannot occur: "+why(operation.Name, "")), tested, len(operation.Exceptions)-tested)
	}
}

func (s *seen) exceptionsTable(b *strings.Builder) {
	codes := codedeploy.ExceptionCodes
	fmt.Fprintf(b, "\n## %d exceptions\n\n| exception | operation | test, or why it cannot occur |\n|---|---|---|\n", len(codes))
	for _, exception := range codes {
		attached := false
		for _, operation := range codedeploy.Operations {
			if !slices.Contains(operation.Exceptions, exception) {
				continue
			}
			attached = true
			fmt.Fprintf(b, "| %s | %s | %s |\n", exception, operation.Name,
				cmp.Or(s.by[outcome{operation.Name, exception}], "cannot occur: "+why(operation.Name, exception)))
		}
		if !attached {
			fmt.Fprintf(b, "| %s | - | cannot occur: attached to no operation of the model |\n", exception)
		}
	}
}
