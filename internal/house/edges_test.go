// Package house holds the rules of the house: which room may know which, and
// how large a function or a file may grow. It consists of tests only.
package house

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "greenlight"

// room is a package, or a package with everything below it, and what it may
// import of this module. A trailing "/..." takes the subpackages in.
type room struct {
	path     string
	may      []string
	standard bool // nothing from outside the standard library either
	why      string
}

// rooms is the plan of the house. The first room that matches a package counts.
var rooms = []room{
	{path: "internal/codedeploy", standard: true,
		why: "the vocabulary is what everybody speaks: it knows nobody and needs no library"},
	{path: "internal/codedeploy/...", may: []string{"internal/codedeploy/..."},
		why: "the generator of the vocabulary knows the model and nothing of the product"},
	{path: "internal/clock",
		why: "the clock serves the engine and the local cloud alike, so it can know neither"},
	{path: "internal/sqldb/...", may: []string{"internal/sqldb/..."},
		why: "sqldb is about databases, not about deployments"},
	{path: "internal/awswire",
		why: "awswire speaks AWS protocols for any service and knows none of them"},
	{path: "internal/awsaccess/...", may: []string{"internal/awsaccess/..."},
		why: "awsaccess says as whom and where AWS is called, not what for"},
	{path: "internal/appspec", may: []string{"internal/codedeploy"},
		why: "reading an AppSpec is pure: text in, shapes and problems out"},
	{path: "internal/store/...", may: []string{"internal/codedeploy", "internal/sqldb", "internal/store/..."},
		why: "the store keeps what the engine decides and decides nothing"},
	{path: "internal/lambdadriver/...", may: append(driverMay, "internal/lambdadriver/..."), why: driverWhy},
	{path: "internal/ecsdriver/...", may: append(driverMay, "internal/ecsdriver/..."), why: driverWhy},
	{path: "internal/alarmsource/...", may: append(driverMay, "internal/alarmsource/..."), why: driverWhy},
	{path: "internal/revisionsource/...", may: append(driverMay, "internal/revisionsource/..."), why: driverWhy},
	{path: "internal/engine", may: []string{
		"internal/codedeploy", "internal/appspec", "internal/store", "internal/sqldb", "internal/clock",
		"internal/awsaccess", "internal/lambdadriver", "internal/ecsdriver", "internal/alarmsource", "internal/revisionsource"},
		why: "the engine does not know who calls it, and reaches the local cloud over HTTP like any other cloud"},
	{path: "internal/api", may: []string{
		"internal/codedeploy", "internal/appspec", "internal/store", "internal/sqldb", "internal/clock",
		"internal/awswire", "internal/awsaccess", "internal/engine", "internal/ecsdriver"},
		why: "the API decodes, operates on the engine and encodes; of the far side it asks only whether an ECS group is fit"},
	{path: "internal/localcloud/...", may: []string{
		"internal/awswire", "internal/clock", "internal/sqldb", "internal/localcloud/..."},
		why: "the local cloud stands in for AWS: were it to know the engine, dev would no longer exercise the code that talks to AWS"},
	{path: "internal/server/...", may: []string{
		"internal/api", "internal/engine", "internal/store/...", "internal/sqldb", "internal/clock", "internal/awswire",
		"internal/awsaccess", "internal/codedeploy", "internal/lambdadriver", "internal/ecsdriver", "internal/alarmsource", "internal/revisionsource"},
		why: "the server is the same in production, where there is no local cloud"},
	{path: "internal/reload",
		why: "reload keeps any content up to date with its files and does not care what it is"},
	{path: "internal/credentials", may: []string{"internal/awswire", "internal/reload"},
		why: "the credentials file says who may call whatever is served; it knows names of actions and resources, not what they do"},
	{path: "internal/serve", may: []string{
		"internal/server", "internal/api", "internal/store/...", "internal/clock", "internal/awswire", "internal/awsaccess",
		"internal/credentials", "internal/reload"},
		why: "production has no local cloud and no callers that nobody vouches for"},
	{path: "internal/dev/...", may: []string{
		"internal/server", "internal/api", "internal/store/...", "internal/localcloud/...", "internal/clock",
		"internal/awswire", "internal/awsaccess", "internal/sqldb"},
		why: "dev only puts a server and a local cloud behind one address; they meet over HTTP"},
	{path: "internal/demo", may: []string{"internal/dev", "internal/clock"},
		why: "the demo opens a server and then uses it as anybody would, over HTTP: what it shows must be true for others"},
	{path: "internal/cli/...", may: []string{"internal/..."},
		why: "the command line puts the parts together"},
	{path: "internal/scenarios", may: []string{"internal/..."},
		why: "the acceptance tables try the whole controller, so they may know every room; it is tests only, and nobody needs it"},
	{path: "internal/bench/...",
		why: "benchmarks are tests: they may use what they measure, the product never uses them"},
	{path: "internal/house",
		why: "the house holds the rules and takes no part"},
	{path: "cmd/greenlight", may: []string{"internal/cli"},
		why: "main calls cli.Main and nothing else"},
	{path: "e2e/...", may: []string{"internal/codedeploy"},
		why: "end-to-end tests see what a user sees: the binary"},
	{path: "examples/...",
		why: "examples are written as a user would write them, so they cannot reach inside"},
}

var driverMay = slices.Clip([]string{"internal/codedeploy", "internal/awsaccess/..."})

const driverWhy = "a driver observes and acts in the platform's own terms; the engine declares the interface and decides"

// TestImportsPointOneWay holds the edges that design.md, "The house", draws.
// Tests may import what they like except the command line, so that a room can
// be tried against its neighbors.
func TestImportsPointOneWay(t *testing.T) {
	for file := range goFiles(t) {
		pkg := path.Dir(file)
		if pkg == "internal/cli" && strings.HasSuffix(file, "_test.go") {
			continue
		}
		r, listed := roomOf(pkg)
		if !listed {
			t.Errorf("%s is in no room: give package %s a line in internal/house/edges_test.go that says what it may import and why", file, pkg)
			continue
		}
		for _, imported := range imports(t, file) {
			checkImport(t, file, pkg, r, imported)
		}
	}
}

func checkImport(t *testing.T, file, pkg string, r room, imported string) {
	t.Helper()
	inside, ours := strings.CutPrefix(imported, module+"/")
	isTest := strings.HasSuffix(file, "_test.go") || testRig(pkg)
	switch {
	case ours && commandLine(inside) && !commandLine(pkg) && pkg != "cmd/greenlight":
		t.Errorf("%s imports %s: only cmd/greenlight may, because the command line is the outermost room", file, inside)
	case ours && testRig(inside) && !isTest:
		t.Errorf("%s imports %s: a rig for tests has no place in the product", file, inside)
	case isTest:
	case ours && inside != pkg && !slices.ContainsFunc(r.may, func(may string) bool { return matches(may, inside) }):
		t.Errorf("%s imports %s: %s", file, inside, r.why)
	case !ours && r.standard && !standard(imported):
		t.Errorf("%s imports %s: %s", file, imported, r.why)
	}
}

// TestEveryRoomIsReachable keeps the plan itself honest: a pattern that an
// earlier one hides would be a rule nobody enforces.
func TestEveryRoomIsReachable(t *testing.T) {
	for i, r := range rooms {
		name := strings.TrimSuffix(r.path, "/...")
		if strings.HasSuffix(r.path, "/...") {
			name += "/below"
		}
		if found, ok := roomOf(name); !ok || found.path != r.path {
			t.Errorf("room %d, %s, is hidden by %s", i, r.path, found.path)
		}
		if r.why == "" {
			t.Errorf("room %s gives no reason", r.path)
		}
	}
}

func roomOf(pkg string) (room, bool) {
	for _, r := range rooms {
		if matches(r.path, pkg) {
			return r, true
		}
	}
	return room{}, false
}

func matches(pattern, pkg string) bool {
	parent, deep := strings.CutSuffix(pattern, "/...")
	return pkg == parent || deep && strings.HasPrefix(pkg, parent+"/")
}

// testRig reports whether a package is there for tests only, as httptest is.
func testRig(pkg string) bool { return strings.HasSuffix(pkg, "test") }

func commandLine(pkg string) bool { return matches("internal/cli/...", pkg) }

// standard reports whether an import path belongs to the standard library: its
// first element has no dot.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".") && first != module
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, spec := range parsed.Imports {
		unquoted, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, unquoted)
	}
	return paths
}

const root = "../.."

// goFiles yields every Go file of the module, slash-separated and relative to
// its root. Folders that the go command ignores are left out here too.
func goFiles(t *testing.T) func(yield func(string) bool) {
	t.Helper()
	return func(yield func(string) bool) {
		err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && name != "." && ignored(entry.Name()):
				return fs.SkipDir
			case !entry.IsDir() && strings.HasSuffix(name, ".go") && !yield(name):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func ignored(folder string) bool {
	return folder == "testdata" || folder == "bin" || strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_")
}
