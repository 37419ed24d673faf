package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

const (
	maxFileLines     = 500
	maxFunctionLines = 80
	maxTestLines     = 150 // a test function may hold a table, which reads as data
)

// TestNothingGrowsTooLarge keeps files and functions at a size that can be read
// in one sitting. Generated files are for the compiler and may be long.
func TestNothingGrowsTooLarge(t *testing.T) {
	for file := range goFiles(t) {
		parsed, positions := parse(t, file)
		if ast.IsGenerated(parsed) {
			continue
		}
		if lines := positions.File(parsed.FileStart).LineCount(); lines > maxFileLines {
			t.Errorf("%s has %d lines of at most %d: it holds two ideas, split it", file, lines, maxFileLines)
		}
		most := maxFunctionLines
		if strings.HasSuffix(file, "_test.go") {
			most = maxTestLines
		}
		for _, declaration := range parsed.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			from, to := positions.Position(function.Pos()).Line, positions.Position(function.End()).Line
			if lines := to - from + 1; lines > most {
				t.Errorf("%s:%d: %s has %d lines of at most %d: name its parts", file, from, function.Name.Name, lines, most)
			}
		}
	}
}

// TestEveryPackageSaysWhatItIsFor wants a package comment in every room.
func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	documented := map[string]bool{}
	for file := range goFiles(t) {
		parsed, _ := parse(t, file)
		folder := path.Dir(file)
		if strings.HasSuffix(file, "_test.go") && folder != "internal/house" && !strings.HasPrefix(folder, "e2e") {
			continue
		}
		documented[folder] = documented[folder] || parsed.Doc != nil
	}
	for folder, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment: say what the room is for", folder)
		}
	}
}

// TestNoTestSleeps: a test that sleeps is slow when it works and wrong when the
// machine is busy. In a synctest bubble sleeping costs no time, so there it may.
func TestNoTestSleeps(t *testing.T) {
	for file := range goFiles(t) {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, positions := parse(t, file)
		if importsPath(parsed, "testing/synctest") {
			continue
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			if call, ok := node.(*ast.CallExpr); ok && isSleep(call) {
				t.Errorf("%s:%d: a test waits for an event, not for time", file, positions.Position(call.Pos()).Line)
			}
			return true
		})
	}
}

func isSleep(call *ast.CallExpr) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "Sleep" {
		return false
	}
	receiver, ok := selector.X.(*ast.Ident)
	return ok && receiver.Name == "time"
}

func importsPath(file *ast.File, wanted string) bool {
	for _, spec := range file.Imports {
		if spec.Path.Value == `"`+wanted+`"` {
			return true
		}
	}
	return false
}

func parse(t *testing.T, file string) (*ast.File, *token.FileSet) {
	t.Helper()
	positions := token.NewFileSet()
	parsed, err := parser.ParseFile(positions, filepath.Join(root, file), nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return parsed, positions
}
