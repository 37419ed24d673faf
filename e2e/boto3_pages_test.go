package e2e

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"testing"
)

// TestBoto3_PagesAndErrors collects every list through boto3's nine paginators,
// and meets errors by their classes.
func TestBoto3_PagesAndErrors(t *testing.T) {
	t.Parallel()
	python := lookPath(t, "python3")
	if o := run(t, environment(t), "", python, "-c", "import boto3"); o.code != 0 {
		t.Skip("boto3 is not installed for python3")
	}
	p := startProduction(t)
	there := p.fillPages()
	o := run(t, environment(t, p.variables()...), "", python,
		must(filepath.Abs("testdata/boto3/pages.py"))(t), there["ListDeployments"][0])
	if o.code != 0 {
		t.Fatalf("pages.py: exit code %d\n%s", o.code, o.stderr)
	}
	var seen struct {
		Pages pages
		Odd   []string
	}
	if err := json.Unmarshal([]byte(o.stdout), &seen); err != nil {
		t.Fatalf("%v\n%s", err, o.stdout)
	}
	seen.Pages.check(t, there, slices.Sorted(maps.Keys(there))...)
	for _, odd := range seen.Odd {
		t.Error(odd)
	}
}
