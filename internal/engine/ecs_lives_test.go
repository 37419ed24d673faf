package engine

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"greenlight/internal/alarmsource"
	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver"
	"greenlight/internal/ecsdriver/ecstest"
	"greenlight/internal/store"
)

// TestECSLives leads random ECS deployments through random lives against a far
// side with state: answers are lost, calls fail, the process dies between an
// act and its answer, people stop and continue, the green side falters. However
// it goes: the deployment ends, the record and the far side agree, and what is
// rolled back is as it was.
func TestECSLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newECSWorld(t)
		w.live()
		w.finish()
		w.checkEnd()
	})
}

// ecsWorld is one service with one deployment on it.
type ecsWorld struct {
	*rapid.T
	cloud      *ecstest.Cloud
	hands      ecsHands
	prod, test string // listeners; test may be ""
	tgA, tgB   string
	blue       string // id of the original task set
	d          Deployment
	rollback   *Deployment
	now        time.Time
	pending    []Act
}

func newECSWorld(t *rapid.T) *ecsWorld {
	w := &ecsWorld{T: t, cloud: ecstest.New(), now: start}
	w.hands = ecsHands{w.cloud, []string{"CODE_DEPLOY"}}
	w.tgA, w.tgB = w.cloud.AddTargetGroup("tgA"), w.cloud.AddTargetGroup("tgB")
	w.prod = ecstest.ListenerARN("app", "prod")
	w.cloud.AddListener(w.prod, ecstest.Default(ecstest.To(w.tgA)))
	if rapid.Bool().Draw(t, "test route") {
		w.test = ecstest.ListenerARN("app", "test")
		w.cloud.AddListener(w.test, ecstest.Default(ecstest.To(w.tgA)))
	}
	w.blue = w.cloud.AddService("c1", "s1", 2, "app:1", w.tgA).ID
	w.cloud.AlwaysSteady(rapid.Bool().Draw(t, "steady"))
	w.d = w.draft()
	return w
}

func (w *ecsWorld) draft() Deployment {
	hooks := rapid.SampledFrom([]string{``, `{"BeforeInstall":"h"}`, `{"AfterInstall":"h"}`, `{"BeforeAllowTraffic":"h"}`,
		`{"AfterAllowTestTraffic":"h"},{"AfterAllowTraffic":"h"}`}).Draw(w.T, "hooks")
	text := fmt.Sprintf(`{"version":0.0,"Resources":[{"T":{"Type":"AWS::ECS::Service","Properties":
		{"TaskDefinition":"app:2","LoadBalancerInfo":{"ContainerName":"web","ContainerPort":80}}}}],"Hooks":[%s]}`, hooks)
	pair := codedeploy.TargetGroupPairInfo{
		TargetGroups:     []codedeploy.TargetGroupInfo{{Name: "tgB"}, {Name: "tgA"}},
		ProdTrafficRoute: &codedeploy.TrafficRoute{ListenerARNs: []string{w.prod}},
	}
	if w.test != "" {
		pair.TestTrafficRoute = &codedeploy.TrafficRoute{ListenerARNs: []string{w.test}}
	}
	ready := codedeploy.DeploymentReadyOption{ActionOnTimeout: codedeploy.DeploymentReadyActionContinueDeployment}
	if rapid.Bool().Draw(w.T, "ready wait") {
		ready = codedeploy.DeploymentReadyOption{ActionOnTimeout: codedeploy.DeploymentReadyActionStopDeployment, WaitTimeInMinutes: new(int64(5))}
	}
	d := Deployment{
		Deployment: store.Deployment{
			Scope: store.Scope{Account: "111122223333", Region: "eu-west-1"}, ID: "d-ORIGINAL1",
			WakeAt: start, GroupExists: true, ApplicationExists: true,
			Info: codedeploy.DeploymentInfo{
				DeploymentID: "d-ORIGINAL1", Status: codedeploy.DeploymentStatusCreated, CreateTime: codedeploy.NewTimestamp(start),
				ComputePlatform: codedeploy.ComputePlatformECS, DeploymentStatusMessages: []string{},
				LoadBalancerInfo: &codedeploy.LoadBalancerInfo{TargetGroupPairInfoList: []codedeploy.TargetGroupPairInfo{pair}},
				BlueGreenDeploymentConfiguration: &codedeploy.BlueGreenDeploymentConfiguration{
					DeploymentReadyOption: &ready,
					TerminateBlueInstancesOnDeploymentSuccess: &codedeploy.BlueInstanceTerminationOption{
						TerminationWaitTimeInMinutes: new(rapid.Int64Range(0, 3).Draw(w.T, "termination wait"))},
				},
			},
		},
		Snapshot: Snapshot{
			Revision:       codedeploy.AppSpecRevision(text),
			TrafficRouting: drawRouting(w.T), Alarms: drawAlarms(w.T), Rollback: drawRollback(w.T),
			HookSeed: []byte("seed"), RollbackID: "d-ROLLBACK1",
			ECSService: &codedeploy.ECSService{ClusterName: "c1", ServiceName: "s1"},
		},
	}
	return stored(w.T, d)
}

// live throws random events at the deployment.
func (w *ecsWorld) live() {
	for range rapid.IntRange(10, 80).Draw(w.T, "events") {
		if w.d.ended() {
			return
		}
		w.now = w.now.Add(time.Duration(rapid.Int64Range(0, 5000).Draw(w.T, "pause")) * time.Millisecond)
		w.happen()
	}
}

func (w *ecsWorld) happen() {
	events := []func(){w.answer, w.answer, w.answer, w.answer, w.sleep, w.sleep, w.report, w.goOn, w.settle, w.settle,
		w.lose, w.refuse, w.crash, w.falter, w.stop}
	rapid.SampledFrom(events).Draw(w.T, "event")()
}

// plan takes one input through Plan and checks what must always hold.
func (w *ecsWorld) plan(in Input) {
	before := w.d
	decision := Plan(before, in, w.now)
	after := decision.Deployment
	if from, to := before.Info.Status, after.Info.Status; from != to && !w.passes(before, after) {
		w.Fatalf("status went from %s to %s on %#v", from, to, in)
	}
	for _, act := range decision.Acts {
		if act.Kind == ActShift && act.Percent > 0 && before.Progress.Stop != nil && act.Serial > before.Progress.Serial {
			w.Fatalf("traffic moves to %d percent after a stop", act.Percent)
		}
		if !slices.Contains(w.pending, act) {
			w.pending = append(w.pending, act)
		}
	}
	if decision.Rollback != nil {
		if w.rollback != nil {
			w.Fatal("a second rollback")
		}
		w.rollback = decision.Rollback
	}
	if act := after.Progress.Act; !after.ended() && act == nil && after.WakeAt.IsZero() {
		w.Fatalf("waits for nothing: %s", fingerprint(w.T, after))
	}
	w.d = stored(w.T, after)
	w.checkOneGreen()
}

func (w *ecsWorld) passes(before, after Deployment) bool {
	from, to := before.Info.Status, after.Info.Status
	started := before.Info.StartTime.IsZero() && !after.Info.StartTime.IsZero()
	return from.CanBecome(to) || started && codedeploy.DeploymentStatusInProgress.CanBecome(to)
}

// checkOneGreen: whatever was lost and repeated, the deployment made one task
// set.
func (w *ecsWorld) checkOneGreen() {
	made := 0
	for _, call := range w.cloud.Calls(ecstest.CreateTaskSet) {
		if call.Spec.ExternalID != "d-ORIGINAL1" || call.Spec.ClientToken != "greenlight-d-ORIGINAL1" {
			w.Fatalf("a task set for %q under the token %q", call.Spec.ExternalID, call.Spec.ClientToken)
		}
	}
	for _, set := range w.cloud.TaskSets("c1", "s1") {
		if set.ExternalID == "d-ORIGINAL1" {
			made++
		}
	}
	if made > 1 {
		w.Fatalf("%d task sets of one deployment", made)
	}
}

// carryOut does an act for real, on the far side.
func (w *ecsWorld) carryOut(act Act) Input {
	switch act.Kind {
	case ActPoll:
		return AlarmStates{States: map[string]alarmsource.State{"a": alarmsource.OK, "b": alarmsource.OK}}
	case ActInvoke:
		return Outcome{Act: act}
	}
	out := w.hands.carryOut(context.Background(), w.d, act)
	out.Act = act
	return out
}

func (w *ecsWorld) take() (Act, bool) {
	if len(w.pending) == 0 {
		return Act{}, false
	}
	act := rapid.SampledFrom(w.pending).Draw(w.T, "act")
	w.pending = slices.DeleteFunc(w.pending, func(a Act) bool { return a == act })
	return act, true
}

func (w *ecsWorld) answer() {
	if act, ok := w.take(); ok {
		w.plan(w.carryOut(act))
		return
	}
	w.plan(Tick{})
}

// lose does an act and loses its answer to a passing fault.
func (w *ecsWorld) lose() {
	if act, ok := w.take(); ok && act.Kind != ActPoll {
		w.carryOut(act)
		w.plan(Outcome{Act: act, Err: &awsaccess.Fault{Kind: awsaccess.Unavailable, Service: "AmazonECS", Message: "no answer"}})
	}
}

// refuse has the far side refuse an act.
func (w *ecsWorld) refuse() {
	if rapid.Float64().Draw(w.T, "refuse") > 0.15 {
		return
	}
	if act, ok := w.take(); ok && act.Kind != ActPoll {
		kind := rapid.SampledFrom([]awsaccess.FaultKind{awsaccess.Denied, awsaccess.Invalid, awsaccess.NotFound, awsaccess.Throttled}).Draw(w.T, "fault")
		service := rapid.SampledFrom([]string{awsaccess.ServiceECS, awsaccess.ServiceELB}).Draw(w.T, "service")
		w.plan(Outcome{Act: act, Err: &awsaccess.Fault{Kind: kind, Service: service, Message: "no"}})
	}
}

// crash kills the process: some acts were carried out, none was answered.
func (w *ecsWorld) crash() {
	for len(w.pending) > 0 && rapid.Bool().Draw(w.T, "carried out") {
		act, _ := w.take()
		w.carryOut(act)
	}
	w.pending = nil
	w.plan(Resume{})
}

func (w *ecsWorld) sleep() {
	if w.d.WakeAt.After(w.now) {
		w.now = w.d.WakeAt
	}
	w.plan(Tick{})
}

func (w *ecsWorld) settle() { w.cloud.Settle("c1", "s1") }

func (w *ecsWorld) falter() {
	if p := w.d.Progress.ECS; p != nil && p.New.ID != "" {
		w.cloud.AlwaysSteady(false)
		w.cloud.Unsettle("c1", "s1", p.New.ID)
	}
}

func (w *ecsWorld) report() {
	for event, hook := range w.d.Progress.Hooks {
		if !w.d.ended() && hook.Reported == "" && w.now.Before(hook.Deadline) {
			w.plan(Report{Event: event, Status: rapid.SampledFrom([]codedeploy.LifecycleEventStatus{
				codedeploy.LifecycleEventStatusSucceeded, codedeploy.LifecycleEventStatusSucceeded, codedeploy.LifecycleEventStatusFailed,
			}).Draw(w.T, "verdict")})
			return
		}
	}
}

// goOn speaks the word that a wait waits for.
func (w *ecsWorld) goOn() {
	for _, wait := range codedeploy.DeploymentWaitType("").Values() {
		if in, err := judgeContinue(w.d, ContinueRequest{Scope: w.d.Scope, Wait: wait}); err == nil {
			w.plan(in)
			return
		}
	}
}

func (w *ecsWorld) stop() {
	if rapid.Float64().Draw(w.T, "stop") > 0.3 {
		return
	}
	in, err := judgeStop(w.d, StopRequest{Scope: w.d.Scope, AutoRollback: rapid.SampledFrom([]*bool{nil, new(true), new(false)}).Draw(w.T, "rollback")})
	if err == nil {
		w.plan(in)
	}
}

// finish answers everything well: the deployment, and then its rollback, must
// end.
func (w *ecsWorld) finish() {
	w.toEnd()
	if w.rollback != nil {
		failed := w.d
		w.d, w.pending = stored(w.T, *w.rollback), nil
		w.toEnd()
		if w.d.Info.Status != codedeploy.DeploymentStatusSucceeded {
			w.Fatalf("the rollback ended as %s: %+v", w.d.Info.Status, w.d.Info.ErrorInformation)
		}
		w.checkBack(failed)
		w.d = failed
	}
}

func (w *ecsWorld) toEnd() {
	for range 5000 {
		if w.d.ended() {
			return
		}
		w.settle()
		switch {
		case len(w.pending) > 0:
			w.answer()
		default:
			w.report()
			w.goOn()
			w.sleep()
		}
	}
	w.Fatalf("never ends: %s", fingerprint(w.T, w.d))
}

func (w *ecsWorld) share(listener string) (a, b int) {
	for _, f := range w.cloud.Weights(listener, listener) {
		if f.TargetGroupARN == w.tgA {
			a = f.Weight
		} else {
			b = f.Weight
		}
	}
	return a, b
}

// checkEnd: what the record says is what the far side has.
func (w *ecsWorld) checkEnd() {
	target := w.d.Target
	if w.d.Info.Status != codedeploy.DeploymentStatusSucceeded || target == nil {
		return
	}
	a, b := w.share(w.prod)
	if a != 0 || b == 0 {
		w.Fatalf("succeeded, and the weights are %d and %d", a, b)
	}
	green := w.d.Progress.ECS.New.ID
	for _, set := range w.cloud.TaskSets("c1", "s1") {
		if (set.ID == green) != (set.Status == ecsdriver.StatusPrimary) {
			w.Fatalf("succeeded, and the task set %s is %s", set.ID, set.Status)
		}
	}
	for _, event := range target.ECSTarget.LifecycleEvents {
		if event.Status != codedeploy.LifecycleEventStatusSucceeded {
			w.Fatalf("succeeded, and %s is %s", event.LifecycleEventName, event.Status)
		}
	}
}

// checkBack: after a rollback everything is as it was.
func (w *ecsWorld) checkBack(failed Deployment) {
	for _, listener := range []string{w.prod, w.test} {
		if listener == "" {
			continue
		}
		if a, b := w.share(listener); a == 0 || b != 0 {
			w.Fatalf("rolled back from %s, and the weights of %s are %d and %d", failed.Info.ErrorInformation.Code, listener, a, b)
		}
	}
	for _, set := range w.cloud.TaskSets("c1", "s1") {
		switch {
		case set.ID == w.blue && set.Status != ecsdriver.StatusPrimary:
			w.Fatalf("rolled back, and the original task set is %s", set.Status)
		case set.ID != w.blue && set.Status != ecsdriver.StatusDrain:
			w.Fatalf("rolled back, and the task set %s of %q is %s", set.ID, set.ExternalID, set.Status)
		}
	}
}
