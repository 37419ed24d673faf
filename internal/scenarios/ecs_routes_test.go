package scenarios

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func (w *ecsWorld) removeGroup(application, name string) {
	w.Helper()
	_, err := w.ours.DeleteDeploymentGroup(context.Background(), &codedeploy.DeleteDeploymentGroupInput{
		ApplicationName: &application, DeploymentGroupName: &name})
	w.must(err)
}

func TestE59_OneGroupPerService(t *testing.T) {
	w := newECSWorld(t)
	w.application("a2", types.ComputePlatformEcs)
	in := w.groupRequest("g2")
	in.ApplicationName = aws.String("a2")
	in.EcsServices = []types.ECSService{{ // the same service, named otherwise
		ClusterName: aws.String("arn:aws:ecs:" + region + ":" + account + ":cluster/c1"),
		ServiceName: aws.String("arn:aws:ecs:" + region + ":" + account + ":service/c1/s1"),
	}}
	_, err := w.ours.CreateDeploymentGroup(t.Context(), in)
	w.refused(err, "ECSServiceMappingLimitExceededException", "s1")
	w.removeGroup("a1", "g1")
	_, err = w.ours.CreateDeploymentGroup(t.Context(), in)
	w.must(err)
}

// A service may be named by its ARN alone: that has the cluster.
func TestServiceByItsARN(t *testing.T) {
	w := newECSWorld(t, groupLike(func(in *groupRequest) {
		in.EcsServices = []types.ECSService{{ServiceName: aws.String("arn:aws:ecs:" + region + ":" + account + ":service/c1/s1")}}
	}))
	w.see(w.run(ecsAllAtOnce, ecsSpec("app:2"))).status("Succeeded")
	w.wantWeights(w.l80, 0, 100)
}

func TestE60_ListenersArePutOnTheServingGroup(t *testing.T) {
	w := newECSWorld(t)
	w.l8080 = w.listen(8080, elbtypes.ProtocolEnumHttp, w.tgB)
	w.removeGroup("a1", "g1")
	w.createGroup("g1", nil)
	w.wantWeights(w.l8080, 100, 0)
	if got := w.get(w.l8080); got != "app:1" {
		t.Errorf("L8080 answers %s", got)
	}
	if a, b := w.weights(w.l80); a != 1 || b != -1 {
		t.Errorf("L80, which was right, was written: (%d,%d)", a, b)
	}
	w.see(w.run(ecsAllAtOnce, ecsSpec("app:2"))).status("Succeeded").events("S/S/S/S/S/S/S/S")
	w.wantWeights(w.l80, 0, 100)
	w.wantWeights(w.l8080, 0, 100)
}

// ecs.md 3.3: when a listener cannot be set, there is no group.
func TestGroupWhoseListenerCannotBeSet(t *testing.T) {
	w := newECSWorld(t)
	w.l8080 = w.listen(8080, elbtypes.ProtocolEnumHttp, w.tgB)
	w.removeGroup("a1", "g1")
	w.cloud.onCall(func(call ecsCall) http.Handler {
		if call.Operation == "ModifyListener" {
			return queryRefusal(http.StatusForbidden, "AccessDenied", "no")
		}
		return nil
	})
	_, err := w.ours.CreateDeploymentGroup(t.Context(), w.groupRequest("g1"))
	w.refused(err, badPair, w.l8080)
	w.cloud.onCall(nil)
	w.createGroup("g1", nil) // its name and its service are free
	w.wantWeights(w.l8080, 100, 0)
}

// ecs.md 3.3, 10.1: what a stopped deployment has left is put right by an update
// of the group; an update while one runs leaves the listeners alone.
func TestUpdatePutsTheListenersRight(t *testing.T) {
	w := newECSWorld(t, groupLike(func(in *groupRequest) { in.AutoRollbackConfiguration = nil }))
	update := func() {
		w.must(w.updateGroup(func(in *codedeploy.UpdateDeploymentGroupInput) {
			in.LoadBalancerInfo = w.groupRequest("").LoadBalancerInfo
		}))
	}
	id := w.run(ecsCanary, ecsSpec("app:2"))
	w.wantWeights(w.l80, 90, 10)
	update()
	w.wantWeights(w.l80, 90, 10)
	w.wantStop(id, new(false), "Succeeded")
	w.see(id).status("Stopped")
	w.wantWeights(w.l80, 90, 10)
	update()
	w.wantWeights(w.l80, 100, 0)
	w.see(w.run(ecsAllAtOnce, ecsSpec("app:3"))).status("Succeeded")
}

// tap keeps the last answer as it came.
type tap struct {
	http.RoundTripper
	body []byte
}

func (t *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	t.body, err = io.ReadAll(answer.Body)
	answer.Body = io.NopCloser(bytes.NewReader(t.body))
	return answer, err
}

func TestE62_WaitsAreNumbers(t *testing.T) {
	// The SDK leaves a 0 out, so the request has each option's action only.
	w := newECSWorld(t, groupLike(func(in *groupRequest) { in.DeploymentConfigName = nil }))
	raw := &tap{RoundTripper: here{w.world}}
	_, err := w.ours.GetDeploymentGroup(t.Context(), &codedeploy.GetDeploymentGroupInput{
		ApplicationName: aws.String("a1"), DeploymentGroupName: aws.String("g1"),
	}, func(o *codedeploy.Options) { o.HTTPClient = &http.Client{Transport: raw} })
	w.must(err)
	for _, part := range []string{`"waitTimeInMinutes":0`, `"terminationWaitTimeInMinutes":0`, `"computePlatform":"ECS"`,
		`"deploymentConfigName":"` + ecsAllAtOnce + `"`, `"ecsServices":[{`, `"deploymentStyle":{`, `"targetGroupPairInfoList":[{`} {
		if !bytes.Contains(raw.body, []byte(part)) {
			t.Errorf("GetDeploymentGroup answers without %s: %s", part, raw.body)
		}
	}
	if bytes.Contains(raw.body, []byte("greenFleetProvisioningOption")) {
		t.Errorf("GetDeploymentGroup answers a green fleet: %s", raw.body)
	}
}

func TestE70_NetworkLoadBalancer(t *testing.T) {
	const gradual = "Only ALB supports gradual traffic routing, use AllAtOnce Traffic routing instead when you create/update Deployment group."
	const code = "InvalidTrafficRoutingConfigurationException"
	w := newECSWorld(t, func(f *ecsFixture) { f.balancerType = elbtypes.LoadBalancerTypeEnumNetwork })
	in := w.groupRequest("g2")
	in.DeploymentConfigName = aws.String(ecsCanary)
	_, err := w.ours.CreateDeploymentGroup(t.Context(), in)
	w.refused(err, code)
	w.says(err, gradual)
	err = w.updateGroup(func(in *codedeploy.UpdateDeploymentGroupInput) { in.DeploymentConfigName = aws.String(ecsLinear) })
	w.refused(err, code)
	w.says(err, gradual)
	_, err = w.start(ecsCanary, ecsSpec("app:2"))
	w.refused(err, code)
	w.says(err, gradual)

	id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	w.see(id).status("Succeeded").events("S/S/S/S/S/S").taskSets("Blue DRAINING 0.0 tgA, Green PRIMARY 100.0 tgB")
	if a, b := w.weights(w.l80); a != -1 || b != 1 {
		t.Errorf("L80 forwards to (%d,%d), want tgB alone", a, b)
	}
	for _, call := range w.cloud.called("ModifyListener") {
		if strings.Contains(call.Body, "Weight") || call.form().Get("DefaultActions.member.1.TargetGroupArn") != w.tgB {
			t.Errorf("written as %s", call.Body)
		}
	}
	if got := w.get(w.l80); got != "app:2" {
		t.Errorf("L80 answers %s", got)
	}
}

func TestE71_OneTargetGroup(t *testing.T) {
	w := newECSWorld(t, groupLike(targetGroups("tgA")))
	id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	s := w.see(id).status("Failed").noRollback().
		says("ELASTIC_LOAD_BALANCING_INVALID", "A deployment group associated with an application that uses the ECS compute platform "+
			"must contain a valid pair of target groups that identify a load balancer.")
	if r := s.info.RollbackInfo; r == nil || aws.ToString(r.RollbackMessage) == "" {
		t.Errorf("rollbackInfo is %+v", r)
	}
	if n := len(w.service().TaskSets); n != 1 || len(w.cloud.called("CreateTaskSet", "ModifyListener", "ModifyRule")) > 0 {
		t.Errorf("something was created or changed: %d task sets", n)
	}
}
