package e2e

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// javaScriptSeen is what testdata/javascript/walk.js prints.
type javaScriptSeen struct {
	Set struct {
		SameApplication, CreatedNow, Rollback bool
		Routing, GroupConfig                  string
	}
	Released struct {
		DeploymentID, Waited, Status string
		Ended                        bool
		Succeeded                    int
		Weight                       float64
		Events                       []string
	}
	Pages pages
	Odd   []string
}

// TestJavaScript_Walk releases with the AWS SDK for JavaScript v3, which checks
// nothing before it sends, and reads answers more strictly than others.
func TestJavaScript_Walk(t *testing.T) {
	t.Parallel()
	node := newNode(t)
	p := startProduction(t)
	there := p.fillPages() // leaves the function on version 2
	back := release{function: function, alias: live, from: "2", to: "1"}
	o := runIn(t, node.dir, environment(t, p.variables()...), "", node.path, "walk.js", back.appSpec())
	if o.code != 0 {
		t.Fatalf("walk.js: exit code %d\n%s", o.code, o.stderr)
	}
	var seen javaScriptSeen
	if err := json.Unmarshal([]byte(o.stdout), &seen); err != nil {
		t.Fatalf("%v\n%s", err, o.stdout)
	}
	seen.check(t)
	there["ListApplications"] = append(there["ListApplications"], "script")
	there["ListDeploymentConfigs"] = slices.Insert(there["ListDeploymentConfigs"], 3, "script")
	there["ListDeployments"] = slices.Insert(there["ListDeployments"], 0, seen.Released.DeploymentID)
	seen.Pages.check(t, there, sixPaginators...)
}

func (seen javaScriptSeen) check(t *testing.T) {
	t.Helper()
	if s := seen.Set; !s.SameApplication || !s.CreatedNow || s.Rollback || s.Routing != "AllAtOnce" || s.GroupConfig != "script" {
		t.Errorf("what was set up reads back as %+v", s)
	}
	if r := seen.Released; r.Waited != "SUCCESS" || r.Status != "Succeeded" || !r.Ended || r.Succeeded != 1 || r.Weight != 1 ||
		!slices.Equal(r.Events, []string{"Succeeded", "Succeeded", "Succeeded"}) {
		t.Errorf("the release reads back as %+v", r)
	}
	for _, odd := range seen.Odd {
		t.Error(odd)
	}
}

// node runs scripts in a directory in which their packages are installed.
type node struct{ path, dir string }

// The bounds of what depends on a registry far away.
const (
	registryTime = 20 * time.Second
	installTime  = 2 * time.Minute
)

// newNode skips the test where Node 20, npm or its registry are not there.
func newNode(t *testing.T) node {
	t.Helper()
	n := node{path: lookPath(t, "node"), dir: t.TempDir()}
	npm := lookPath(t, "npm")
	version, _, _ := strings.Cut(strings.TrimPrefix(run(t, environment(t), "", n.path, "--version").stdout, "v"), ".")
	if major, err := strconv.Atoi(version); err != nil || major < 20 {
		t.Skipf("the SDK needs Node 20; this is %q", version)
	}
	must(0, os.CopyFS(n.dir, os.DirFS(filepath.Join("testdata", "javascript"))))(t)
	if said, err := n.npm(t, registryTime, npm, "view", "@aws-sdk/client-codedeploy", "version"); err != nil {
		t.Skipf("npm's registry does not answer: %v\n%s", err, said)
	}
	if said, err := n.npm(t, installTime, npm, "install", "--no-audit", "--no-fund", "--no-package-lock"); err != nil {
		t.Fatalf("npm install: %v\n%s", err, said)
	}
	return n
}

// npm runs with the settings of the person who runs the tests: they say where
// the registry is.
func (n node) npm(t *testing.T, most time.Duration, path string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir, cmd.WaitDelay = n.dir, time.Second
	return cmd.CombinedOutput()
}
