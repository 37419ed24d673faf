package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// interpreter is a real program of this machine. Version managers put slow scripts of the same name in front of it.
type interpreter struct {
	Path     string `json:"path"`
	Version  []int  `json:"version"`  // major, minor, patch
	UserBase string `json:"userBase"` // Python: where packages of this user are, found by HOME otherwise
}

func (i interpreter) version() string {
	return fmt.Sprintf("%d.%d.%d", i.Version[0], i.Version[1], i.Version[2])
}

// The questions by which an interpreter introduces itself, as one line of JSON.
const (
	askPython = `import json, site, sys
print(json.dumps({"path": sys.executable, "version": list(sys.version_info[:3]), "userBase": site.getuserbase() if site.ENABLE_USER_SITE else ""}))`
	askNode = `console.log(JSON.stringify({path: process.execPath, version: process.versions.node.split(".").map(Number)}))`
)

// askLimit is for a machine that is very busy.
const askLimit = 10 * time.Second

// oldestPython understands the loader.
const oldestPython = 8

// interpreters finds the interpreters of this machine and remembers them. What is not found is looked for again: somebody
// may install it meanwhile.
type interpreters struct {
	mu     sync.Mutex
	chosen map[identity]interpreter
}

// find answers the interpreter for an identity, the nearest one if there is no exact one. The error is
// ErrUnsupportedRuntime with the reason.
func (s *interpreters) find(ctx context.Context, id identity) (interpreter, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i, ok := s.chosen[id]; ok {
		return i, nil
	}
	search := findNode
	if id.language == python {
		search = findPython
	}
	i, err := search(ctx, id.version)
	if err != nil {
		return interpreter{}, err
	}
	if s.chosen == nil {
		s.chosen = map[identity]interpreter{}
	}
	s.chosen[id] = i
	return i, nil
}

// findPython asks "python3.N", then the machine's "python3", and goes on to other minors only if one is nearer.
func findPython(ctx context.Context, minor int) (interpreter, error) {
	if i, err := ask(ctx, fmt.Sprintf("python3.%d", minor), "-c", askPython); err == nil {
		return i, nil
	}
	best, err := ask(ctx, "python3", "-c", askPython)
	found := err == nil && best.Version[1] >= oldestPython
	for _, other := range pythonMinors(minor) {
		if found && distance(best.Version[1], minor) <= distance(other, minor) {
			break
		}
		if i, err := ask(ctx, fmt.Sprintf("python3.%d", other), "-c", askPython); err == nil {
			return i, nil
		}
	}
	if !found {
		return interpreter{}, fmt.Errorf("%w: python3.%d needs a python3 (3.%d or newer) in PATH, and there is none", ErrUnsupportedRuntime, minor, oldestPython)
	}
	return best, nil
}

// pythonMinors lists the minors for which PATH has a name, nearest first.
func pythonMinors(wanted int) []int {
	var minors []int
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		names, _ := filepath.Glob(filepath.Join(dir, "python3.*")) // fails on malformed names only: not ours to report
		for _, name := range names {
			minor, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(name), "python3."))
			if err == nil && minor >= oldestPython && minor != wanted && !slices.Contains(minors, minor) {
				minors = append(minors, minor)
			}
		}
	}
	slices.SortFunc(minors, func(a, b int) int { return distance(a, wanted) - distance(b, wanted) })
	return minors
}

func distance(a, b int) int { return max(a-b, b-a) }

// findNode asks the machine's Node.js. Version managers for it put one version at a time in PATH.
func findNode(ctx context.Context, major int) (interpreter, error) {
	for _, name := range []string{"node", "nodejs"} {
		if i, err := ask(ctx, name, "-e", askNode); err == nil {
			return i, nil
		}
	}
	return interpreter{}, fmt.Errorf("%w: nodejs%d.x needs a node in PATH, and there is none", ErrUnsupportedRuntime, major)
}

// ask runs a program of PATH, in the server's own environment, and lets it say what it really is.
func ask(ctx context.Context, name, option, question string) (interpreter, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	said, err := exec.CommandContext(ctx, name, option, question).Output()
	if err != nil {
		return interpreter{}, err
	}
	var i interpreter
	if err := json.Unmarshal(said, &i); err != nil {
		return interpreter{}, err
	}
	if !filepath.IsAbs(i.Path) || len(i.Version) != 3 {
		return interpreter{}, fmt.Errorf("%s does not say where it is", name)
	}
	return i, nil
}
