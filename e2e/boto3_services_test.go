package e2e

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// boto3Services is what testdata/boto3/services.py prints.
type boto3Services struct {
	Deployments           []any // of the new service
	Refusal, Gone         string
	Good, Bad             boto3ServiceDeployment
	GoodWaited, BadWaited bool
	IDs                   []string // bad, good
	Pages                 struct {
		Clusters, Services, Families, Definitions, Tasks int
		Balancers, Groups, Listeners, Rules              int
		Targets                                          []string
	}
}

type boto3ServiceDeployment struct {
	Status, Error, Events string
	TaskSets              []string
}

// TestBoto3_Service takes a service through its whole life with boto3: made,
// released with a linear shift, a release that ECS refuses (E37), deleted. The
// waiters and paginators of all three services are asked.
func TestBoto3_Service(t *testing.T) {
	t.Parallel()
	python := lookPath(t, "python3")
	if o := run(t, environment(t), "", python, "-c", "import boto3"); o.code != 0 {
		t.Skip("boto3 is not installed for python3")
	}
	s := startECS(t, "fast")
	o := run(t, environment(t, credentialVariables(s.URL)...), "", python,
		must(filepath.Abs("testdata/boto3/services.py"))(t), taskDefinition("app:1"), taskDefinition("app:2"))
	if o.code != 0 {
		t.Fatalf("services.py: exit code %d\n%s", o.code, o.stderr)
	}
	var seen boto3Services
	if err := json.Unmarshal([]byte(o.stdout), &seen); err != nil {
		t.Fatalf("%v\n%s", err, o.stdout)
	}
	seen.check(t)
	if left := processesIn(s.data); len(left) > 0 {
		t.Errorf("the service is deleted, and there are still %v", left)
	}
}

func (seen boto3Services) check(t *testing.T) {
	t.Helper()
	if seen.Deployments == nil || len(seen.Deployments) != 0 || !strings.Contains(seen.Refusal, "Use AWS CodeDeploy to trigger a new deployment.") {
		t.Errorf("the new service has the deployments %v; update_service says %q", seen.Deployments, seen.Refusal)
	}
	if good := seen.Good; !seen.GoodWaited || good.Status != "Succeeded" || good.Events != "SSSSSS" ||
		!slices.Equal(good.TaskSets, []string{"Blue DRAINING 0.0 s1-a", "Green PRIMARY 100.0 s1-b"}) {
		t.Errorf("the good release: waited %v, %+v", seen.GoodWaited, good)
	}
	if bad := seen.Bad; seen.BadWaited || bad.Status != "Failed" || bad.Events != "SFSSSS" ||
		!strings.Contains(bad.Error, "The container web did not have a container port 81 defined.") ||
		!slices.Equal(bad.TaskSets, []string{"Blue PRIMARY 100.0 s1-b"}) {
		t.Errorf("the bad release: waited %v, %+v", seen.BadWaited, bad)
	}
	p := seen.Pages
	if got, want := [9]int{p.Clusters, p.Services, p.Families, p.Definitions, p.Tasks, p.Balancers, p.Groups, p.Listeners, p.Rules},
		[9]int{1, 1, 1, 2, 2, 1, 2, 1, 1}; got != want || !slices.Equal(p.Targets, seen.IDs) {
		t.Errorf("the paginators found %v and %v, want %v and %v", got, p.Targets, want, seen.IDs)
	}
	if seen.Gone != "LoadBalancerNotFound" {
		t.Errorf("the load balancer: %s", seen.Gone)
	}
}
