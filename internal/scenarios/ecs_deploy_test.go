package scenarios

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func TestE1_E2_E3_TwoDeployments(t *testing.T) { twoDeployments(t) }

func twoDeployments(t *testing.T, vary ...func(*ecsFixture)) {
	t.Helper()
	w := newECSWorld(t, vary...)
	first := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	w.see(first).status("Succeeded").events("S/S/S/S/S/S").targetStatus("Succeeded").taskSets("Blue DRAINING 0.0 tgA, Green PRIMARY 100.0 tgB")
	w.wantWeights(w.l80, 0, 100)
	if got := w.get(w.l80); got != "app:2" {
		t.Errorf("L80 answers %s", got)
	}
	w.eventually("blue has gone", func() bool { return len(w.service().TaskSets) == 1 })
	set := w.service().TaskSets[0]
	if aws.ToString(set.Status) != "PRIMARY" || aws.ToString(set.ExternalId) != first || aws.ToString(set.StartedBy) != "CODE_DEPLOY" {
		t.Errorf("task set is %+v", set)
	}
	second := w.run(ecsAllAtOnce, ecsSpec("app:3"))
	w.see(second).status("Succeeded").taskSets("Blue DRAINING 0.0 tgB, Green PRIMARY 100.0 tgA")
	w.wantWeights(w.l80, 100, 0)
	if got := w.get(w.l80); got != "app:3" {
		t.Errorf("L80 answers %s", got)
	}
}
