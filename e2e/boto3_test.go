package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// boto3Release is what testdata/boto3/release.py prints.
type boto3Release struct {
	Good, Bad                     boto3Deployment
	GoodWaited, BadWaited         bool
	RollbackWaited                bool
	VersionAfterGood              string
	VersionAfterBad               string
	IDs                           []string // rollback, bad, good
	Applications, Groups, Targets []string
	Deployments                   []string
	Configs                       int
}

type boto3Deployment struct {
	Status, Code, Rollback string
	Started                time.Time
	Events                 []string
	Weight                 float64
}

// TestBoto3_Release releases through boto3 with hooks in Python, which report
// through boto3 too.
func TestBoto3_Release(t *testing.T) {
	t.Parallel()
	python := lookPath(t, "python3")
	if o := run(t, environment(t), "", python, "-c", "import boto3"); o.code != 0 {
		t.Skip("boto3 is not installed for python3")
	}
	s := start(t, "fast")
	zip := filepath.Join(t.TempDir(), "hello.zip")
	if err := os.WriteFile(zip, must(helloZip())(t), 0o600); err != nil {
		t.Fatal(err)
	}
	o := run(t, environment(t, credentialVariables(s.URL)...), "", python,
		must(filepath.Abs("testdata/boto3/release.py"))(t), zip,
		must(filepath.Abs("testdata/functions/python_hook/handler.py"))(t))
	if o.code != 0 {
		t.Fatalf("release.py: exit code %d\n%s", o.code, o.stderr)
	}
	var seen boto3Release
	if err := json.Unmarshal([]byte(o.stdout), &seen); err != nil {
		t.Fatalf("%v\n%s", err, o.stdout)
	}
	seen.check(t, s.now())
}

func (seen boto3Release) check(t *testing.T, now time.Time) {
	t.Helper()
	good, bad := seen.Good, seen.Bad
	if !seen.GoodWaited || good.Status != "Succeeded" || good.Weight != 1 || seen.VersionAfterGood != "2" ||
		!slices.Equal(good.Events, []string{"Succeeded", "Succeeded", "Succeeded"}) {
		t.Errorf("the good release: waited %v, version %s, %+v", seen.GoodWaited, seen.VersionAfterGood, good)
	}
	if good.Started.After(now) || now.Sub(good.Started) > time.Hour {
		t.Errorf("the good release started at %s; it is %s", good.Started, now)
	}
	if seen.BadWaited || bad.Status != "Failed" || bad.Code != "HOOK_EXECUTION_FAILURE" || bad.Weight != 0 ||
		!slices.Equal(bad.Events, []string{"Failed", "Skipped", "Skipped"}) {
		t.Errorf("the bad release: waited %v, %+v", seen.BadWaited, bad)
	}
	if !seen.RollbackWaited || seen.VersionAfterBad != "2" {
		t.Errorf("the rollback: waited %v, version %s", seen.RollbackWaited, seen.VersionAfterBad)
	}
	if !slices.Equal(seen.Deployments, seen.IDs) || !slices.Equal(seen.Applications, []string{"orders"}) ||
		!slices.Equal(seen.Groups, []string{"live"}) || !slices.Equal(seen.Targets, []string{"orders"}) || seen.Configs != 17 {
		t.Errorf("the paginators found %v (want %v), %v, %v, %v and %d configurations", seen.Deployments, seen.IDs,
			seen.Applications, seen.Groups, seen.Targets, seen.Configs)
	}
}
