package engine

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"greenlight/internal/alarmsource"
	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver"
	"greenlight/internal/ecsdriver/ecstest"
	"greenlight/internal/store"
)

// ecsRun leads one deployment through a life that a test tells: everything is
// answered by a far side with state, and time passes only when nothing else can
// be done.
type ecsRun struct {
	*testing.T
	cloud      *ecstest.Cloud
	hands      ecsHands
	prod       string
	tgA, tgB   string
	blue       string
	d          Deployment
	rollback   *Deployment
	now        time.Time
	beforeCall func(Act)
}

func newECSRun(t *testing.T, hooks string, vary func(*Deployment)) *ecsRun {
	r := &ecsRun{T: t, cloud: ecstest.New(), now: start, beforeCall: func(Act) {}}
	r.hands = ecsHands{r.cloud, []string{"CODE_DEPLOY"}}
	r.tgA, r.tgB = r.cloud.AddTargetGroup("tgA"), r.cloud.AddTargetGroup("tgB")
	r.prod = ecstest.ListenerARN("app", "prod")
	r.cloud.AddListener(r.prod, ecstest.Default(ecstest.To(r.tgA)))
	r.blue = r.cloud.AddService("c1", "s1", 2, "app:1", r.tgA).ID
	r.cloud.AlwaysSteady(true)
	r.d = Deployment{
		Deployment: store.Deployment{
			Scope: store.Scope{Account: "111122223333", Region: "eu-west-1"}, ID: "d-ORIGINAL1",
			WakeAt: start, GroupExists: true, ApplicationExists: true,
			Info: codedeploy.DeploymentInfo{
				DeploymentID: "d-ORIGINAL1", Status: codedeploy.DeploymentStatusCreated, CreateTime: codedeploy.NewTimestamp(start),
				ComputePlatform: codedeploy.ComputePlatformECS, DeploymentStatusMessages: []string{},
				LoadBalancerInfo: &codedeploy.LoadBalancerInfo{TargetGroupPairInfoList: []codedeploy.TargetGroupPairInfo{{
					TargetGroups:     []codedeploy.TargetGroupInfo{{Name: "tgA"}, {Name: "tgB"}},
					ProdTrafficRoute: &codedeploy.TrafficRoute{ListenerARNs: []string{r.prod}},
				}}},
				BlueGreenDeploymentConfiguration: &codedeploy.BlueGreenDeploymentConfiguration{
					DeploymentReadyOption: &codedeploy.DeploymentReadyOption{},
					TerminateBlueInstancesOnDeploymentSuccess: &codedeploy.BlueInstanceTerminationOption{
						TerminationWaitTimeInMinutes: new(int64(30))},
				},
			},
		},
		Snapshot: Snapshot{
			Revision: codedeploy.AppSpecRevision(fmt.Sprintf(`{"version":0.0,"Resources":[{"T":{"Type":"AWS::ECS::Service","Properties":
				{"TaskDefinition":"app:2","LoadBalancerInfo":{"ContainerName":"web","ContainerPort":80}}}}],"Hooks":[%s]}`, hooks)),
			TrafficRouting: codedeploy.TrafficRoutingConfig{Type: codedeploy.TrafficRoutingTypeAllAtOnce},
			HookSeed:       []byte("seed"), RollbackID: "d-ROLLBACK1",
			ECSService: &codedeploy.ECSService{ClusterName: "c1", ServiceName: "s1"},
		},
	}
	if vary != nil {
		vary(&r.d)
	}
	return r
}

func rollsBack(d *Deployment) {
	d.Snapshot.Rollback = &codedeploy.AutoRollbackConfiguration{Enabled: new(true), Events: codedeploy.AutoRollbackEvent("").Values()}
}

// plan takes one input and carries out what follows from it.
func (r *ecsRun) plan(in Input) {
	r.Helper()
	inputs := []Input{in}
	for range 500 {
		if len(inputs) == 0 {
			return
		}
		decision := Plan(r.d, inputs[0], r.now)
		r.d, inputs = decision.Deployment, inputs[1:]
		if decision.Rollback != nil {
			r.rollback = decision.Rollback
		}
		for _, act := range decision.Acts {
			inputs = append(inputs, r.carryOut(act))
		}
	}
	r.Fatalf("never at rest: %+v", r.d.Progress)
}

func (r *ecsRun) carryOut(act Act) Input {
	r.beforeCall(act)
	switch act.Kind {
	case ActPoll:
		return AlarmStates{States: map[string]alarmsource.State{"a": alarmsource.OK}}
	case ActInvoke:
		return Outcome{Act: act}
	}
	out := r.hands.carryOut(context.Background(), r.d, act)
	out.Act = act
	return out
}

// until lets time pass until something is so.
func (r *ecsRun) until(what string, so func() bool) {
	r.Helper()
	for range 2000 {
		if so() {
			return
		}
		if r.d.WakeAt.After(r.now) {
			r.now = r.d.WakeAt
		}
		r.plan(Tick{})
	}
	r.Fatalf("never %s: %s, %+v", what, r.d.Info.Status, r.d.Progress)
}

func (r *ecsRun) ended() bool { return r.d.ended() }

// runs tells that an event is under way.
func (r *ecsRun) runs(event codedeploy.LifecycleEventName) func() bool {
	return func() bool {
		return r.d.Target != nil && !r.d.ended() && eventOf(&r.d, event).Status == codedeploy.LifecycleEventStatusInProgress
	}
}

func (r *ecsRun) waitsForTermination() bool { return r.d.awaitsTermination() }

func (r *ecsRun) report(event codedeploy.LifecycleEventName) {
	r.plan(Report{Event: event, Status: codedeploy.LifecycleEventStatusSucceeded})
}

// weights of the production listener's default action.
func (r *ecsRun) weights() string {
	share := ecsdriver.Rule{Forward: r.cloud.Weights(r.prod, r.prod)}.Share(ecsdriver.Pair{Blue: r.tgA, Green: r.tgB})
	return fmt.Sprintf("%.0f/%.0f", share.Blue, share.Green)
}

func (r *ecsRun) wantEnd(status codedeploy.DeploymentStatus, code codedeploy.ErrorCode) {
	r.Helper()
	var got codedeploy.ErrorCode
	if e := r.d.Info.ErrorInformation; e != nil {
		got = e.Code
	}
	if r.d.Info.Status != status || got != code {
		r.Fatalf("ended as %s %+v, want %s %q", r.d.Info.Status, r.d.Info.ErrorInformation, status, code)
	}
}

func (r *ecsRun) green() string { return r.d.Progress.ECS.New.ID }

func (r *ecsRun) remove(id string) {
	r.cloud.EditService("c1", "s1", func(s *ecsdriver.Service) {
		s.TaskSets = slices.DeleteFunc(slices.Clone(s.TaskSets), func(t ecsdriver.TaskSet) bool { return t.ID == id })
	})
}
