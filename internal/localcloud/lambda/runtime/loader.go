package runtime

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed loaders/loader.py loaders/loader.mjs
var loaders embed.FS

// unpackLoaders writes the loaders where the interpreters can read them.
func unpackLoaders(dir string) error {
	return fs.WalkDir(loaders, "loaders", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := loaders.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, entry.Name()), text, 0o600)
	})
}

// resolve answers how a function is executed here; the error is ErrUnsupportedRuntime.
func (s *interpreters) resolve(ctx context.Context, code Code, runtimeDir string) (program, error) {
	if err := Supported(code.Runtime); err != nil {
		return program{}, err
	}
	id := known[code.Runtime]
	if id.language == native {
		return bootstrap(code), nil
	}
	i, err := s.find(ctx, id)
	if err != nil {
		return program{}, err
	}
	if id.language == python {
		return pythonProgram(i, id.version, runtimeDir), nil
	}
	return nodeProgram(i, id.version, runtimeDir), nil
}

// pythonProgram keeps Python from writing its bytecode beside the function's code (-B).
func pythonProgram(i interpreter, wanted int, runtimeDir string) program {
	p := program{path: i.Path, arguments: []string{"-B", filepath.Join(runtimeDir, "loader.py")}}
	if i.UserBase != "" {
		p.variables = map[string]string{"PYTHONUSERBASE": i.UserBase}
	}
	if i.Version[1] != wanted {
		p.note = fmt.Sprintf("python3.%d is not on this machine: running with Python %s", wanted, i.version())
	}
	return p
}

// nodeProgram lets CommonJS functions require what is installed globally, as Lambda lets them require its SDK.
func nodeProgram(i interpreter, wanted int, runtimeDir string) program {
	p := program{
		path:      i.Path,
		arguments: []string{filepath.Join(runtimeDir, "loader.mjs")},
		variables: map[string]string{"NODE_PATH": filepath.Join(filepath.Dir(i.Path), "..", "lib", "node_modules")},
	}
	if i.Version[0] != wanted {
		p.note = fmt.Sprintf("Node.js %d is not on this machine: running with Node.js %s", wanted, i.version())
	}
	return p
}
