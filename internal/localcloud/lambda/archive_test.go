package lambda

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenlight/internal/awswire"
)

func TestBadArchives(t *testing.T) {
	link := fs.ModeSymlink | 0o777
	tests := []struct {
		name    string
		entries []packed
		text    string
	}{
		{"traversal", []packed{{name: "../evil", content: "x"}}, "leads out of the archive"},
		{"traversal inside", []packed{{name: "a/../../evil", content: "x"}}, "leads out of the archive"},
		{"absolute", []packed{{name: "/etc/evil", content: "x"}}, "leads out of the archive"},
		{"there and back", []packed{{name: "a/../b", content: "x"}}, "leads out of the archive"},
		{"name with null", []packed{{name: "a\x00b", content: "x"}}, "a\\x00b"},
		{"name too long", []packed{{name: strings.Repeat("x", 256), content: "x"}}, "too long"},
		{"twice", []packed{{name: "a", content: "x"}, {name: "./a", content: "y"}}, "occurs more than once"},
		{"file and directory", []packed{{name: "a", content: "x"}, {name: "a/b", content: "y"}}, "lies below the file"},
		{"directory and file", []packed{{name: "a/b", content: "x"}, {name: "a", content: "y"}}, "occurs more than once"},
		{"below a link", []packed{{name: "a", content: ".", mode: link}, {name: "a/b", content: "y"}}, "lies below the symbolic link"},
		{"link out", []packed{{name: "a", content: "../x", mode: link}}, "leads out of the archive"},
		{"link to root", []packed{{name: "a", content: "/etc/passwd", mode: link}}, "leads out of the archive"},
		{"link far out", []packed{{name: "d/a", content: "../../x", mode: link}}, "leads out of the archive"},
		{"link out through a link", []packed{{name: "d/up", content: "..", mode: link}, {name: "a", content: "d/up/../x", mode: link}},
			"leads out of the archive"},
		{"link to nothing", []packed{{name: "a", content: "", mode: link}}, "cannot be read"},
		{"device", []packed{{name: "a", content: "", mode: fs.ModeDevice | 0o666}}, "neither a file nor a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := unpackInto(t.TempDir(), zipOf(t, test.entries...))
			e, ok := errors.AsType[*awswire.Error](err)
			if !ok || e.Code != "InvalidParameterValueException" {
				t.Fatalf("error %v", err)
			}
			if !strings.Contains(e.Message, test.text) || !strings.HasPrefix(e.Message, couldNotUnzip) {
				t.Errorf("message %q, want %q in it", e.Message, test.text)
			}
		})
	}
}

// unpackInto checks and unpacks zipped into a new directory below dir.
func unpackInto(dir string, zipped []byte) error {
	a, err := openArchive(zipped)
	if err != nil {
		return err
	}
	return a.unpack(filepath.Join(dir, "code"))
}

// A bomb is stopped by what comes out of it, whatever its header says.
func TestZipBomb(t *testing.T) {
	const budget = 1 << 20
	zipped := zipOf(t, packed{name: "half", content: strings.Repeat("0", budget/2)}, packed{name: "rest", content: strings.Repeat("0", budget/2+1)})
	if len(zipped) > budget/100 {
		t.Fatalf("a bomb of %d bytes is none", len(zipped))
	}
	a, err := openArchive(zipped)
	if err != nil {
		t.Fatal(err)
	}
	a.budget = budget
	if err := a.unpack(filepath.Join(t.TempDir(), "code")); !errors.Is(err, errUnzippedTooLarge) {
		t.Errorf("error %v", err)
	}
}

func TestTooManyEntriesAreNotEvenRead(t *testing.T) {
	zipped := bytes.Repeat([]byte(directoryEntry), maxEntries+1)
	if _, err := openArchive(zipped); err == nil || !strings.Contains(err.Error(), "more than 50000 entries") {
		t.Errorf("error %v", err)
	}
}

func TestUnpack(t *testing.T) {
	dir := t.TempDir()
	err := unpackInto(dir, zipOf(t,
		packed{name: "bootstrap", content: "#!"},
		packed{name: "lib/", mode: fs.ModeDir | 0o700},
		packed{name: "lib/run.sh", content: "run", mode: 0o755},
		packed{name: "lib/data", content: "data", mode: 0o600},
		packed{name: "bin/run", content: "../lib/run.sh", mode: fs.ModeSymlink | 0o777},
	))
	if err != nil {
		t.Fatal(err)
	}
	for name, executable := range map[string]bool{"bootstrap": true, "lib/run.sh": true, "lib/data": false, "bin/run": true} {
		info, err := os.Stat(filepath.Join(dir, "code", name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode()&0o100 != 0; got != executable {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "code", "bin/run")); string(text) != "run" {
		t.Errorf("the link leads to %q, %v", text, err)
	}
}

// FuzzUnpack holds that unpacking never reaches outside of its directory and
// leaves no link that does.
func FuzzUnpack(f *testing.F) {
	f.Add(zipOf(f, packed{name: "bootstrap", content: "#!"}))
	f.Add(zipOf(f, packed{name: "d/up", content: "..", mode: fs.ModeSymlink | 0o777}, packed{name: "a/b", content: "c"}))
	f.Add(zipOf(f, packed{name: "../x", content: "y"}))
	f.Fuzz(func(t *testing.T, zipped []byte) {
		dir := t.TempDir()
		if err := unpackInto(dir, zipped); err != nil {
			return
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("beside the directory: %v, %v", entries, err)
		}
		code := filepath.Join(dir, "code")
		err := filepath.WalkDir(code, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.Type() != fs.ModeSymlink {
				return err
			}
			if real, err := filepath.EvalSymlinks(path); err == nil && real != code && !strings.HasPrefix(real, code+"/") {
				t.Errorf("%s leads to %s", path, real)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestHandlerFiles(t *testing.T) {
	tests := []struct {
		runtime, handler string
		files            []string
		want             string // in the error; "" for none
	}{
		{"provided.al2023", "anything", []string{"bootstrap"}, ""},
		{"provided.al2", "main", []string{"main"}, "no file 'bootstrap'"},
		{"python3.12", "app.handler", []string{"app.py"}, ""},
		{"python3.12", "src/app.handler", []string{"src/app.py"}, ""},
		{"python3.12", "src.app.handler", []string{"src/app/__init__.py"}, ""},
		{"python3.12", "app.handler", []string{"main.py"}, "'app.py' or 'app/__init__.py'"},
		{"python3.12", "handler", []string{"handler.py"}, "module.function"},
		{"nodejs22.x", "index.handler", []string{"index.mjs"}, ""},
		{"nodejs22.x", "dist/index.a.b", []string{"dist/index.js"}, ""},
		{"nodejs22.x", "index.handler", []string{"app.js"}, "'index.js' or 'index.mjs'"},
		{"nodejs22.x", "index", []string{"index.js"}, "file.export"},
	}
	for _, test := range tests {
		var entries []packed
		for _, file := range test.files {
			entries = append(entries, packed{name: file})
		}
		a, err := openArchive(zipOf(t, entries...))
		if err != nil {
			t.Fatal(err)
		}
		err = a.checkHandler(test.runtime, test.handler)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s %s with %v: %v", test.runtime, test.handler, test.files, err)
		}
	}
}
