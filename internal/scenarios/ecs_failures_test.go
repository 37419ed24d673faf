package scenarios

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"greenlight/internal/localcloud/ecs/task"
)

// Messages of ecs.md 11.
const (
	neverSteady = "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes."
	unhealthy   = "CodeDeploy detected that the replacement task set is unhealthy."
	ecsDenied   = "The IAM role " + role + " does not give you permission to perform operations in the following AWS service: AmazonECS. " +
		"Contact your AWS administrator if you need help. If you are an AWS administrator, you can grant permissions to your users or groups by creating IAM policies."
)

// neverGetsSteady wants a deployment to wait its hour in Install, to fail then
// and to be undone, with the production traffic as it was.
func (w *ecsWorld) neverGetsSteady(id string) *ecsSight {
	w.Helper()
	w.advance(time.Second)
	began := *w.see(id).status("InProgress").events("S/I/P/P/P/P").event("Install").StartTime
	w.advance(began.Add(time.Hour - 2*time.Second).Sub(w.clock.Now()))
	w.see(id).status("InProgress").events("S/I/P/P/P/P")
	w.advance(20 * time.Second)
	s := w.see(id).status("Failed").failure("TIMEOUT", neverSteady).events("S/F/K/K/K/K").targetStatus("Failed")
	if took := s.info.CompleteTime.Sub(began); took < time.Hour || took > time.Hour+20*time.Second {
		w.Errorf("failed after %s", took)
	}
	s.rolledBack().wellBack()
	return s
}

func TestE32_ImageExitsAtOnce(t *testing.T) {
	w := newECSWorld(t, release2Exits)
	w.neverGetsSteady(w.release(ecsAllAtOnce, ecsSpec("app:2")))
	w.wantWrites("CreateTaskSet", "DeleteTaskSet") // the weights never changed
	w.wantWeights(w.l80, 1, -1)
	w.alone("app:1")
}

// unreplaced lets unhealthy tasks be, instead of starting others for an hour.
func unreplaced(f *ecsFixture) {
	f.service = func(in *ecs.CreateServiceInput) { in.HealthCheckGracePeriodSeconds = aws.Int32(1e6) }
}

func TestE33_HealthCheckFailsGradual(t *testing.T) {
	w := newECSWorld(t, unreplaced)
	w.sicken("app:2")
	w.neverGetsSteady(w.release(ecsCanary, ecsSpec("app:2")))
	w.wantWeights(w.l80, 100, 0)
	w.alone("app:1")
	if got := w.get(w.l80); got != "app:1" {
		t.Errorf("L80 answers %s", got)
	}
}

// AWS does not check the health of targets that no listener names.
func TestE34_HealthCheckFailsAllAtOnce(t *testing.T) {
	w := newECSWorld(t)
	w.sicken("app:2")
	id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	w.see(id).status("Succeeded").events("S/S/S/S/S/S").noRollback()
	w.wantWeights(w.l80, 0, 100)
}

func TestE35_HealthCheckFailsAfterASuccess(t *testing.T) {
	w := newECSWorld(t, unreplaced)
	w.see(w.run(ecsAllAtOnce, ecsSpec("app:3"))).status("Succeeded")
	w.alone("app:3")
	w.sicken("app:2")
	w.neverGetsSteady(w.release(ecsAllAtOnce, ecsSpec("app:2")))
	w.wantWeights(w.l80, 0, 100)
	w.alone("app:3")
}

// ecs.md 11: what ECS refuses about the new task set is told in its own words.
func TestE36_E37_E38_TaskSetRefused(t *testing.T) {
	for name, c := range map[string]struct{ old, new, text string }{
		"E36 container name":  {`"ContainerName":"web"`, `"ContainerName":"wrong"`, "The container wrong does not exist in the task definition. (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException; Request ID: "},
		"E37 port":            {`"ContainerPort":80`, `"ContainerPort":81`, "The container web did not have a container port 81 defined. (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException; Request ID: "},
		"E38 task definition": {`"app:2"`, `"app:99"`, "TaskDefinition not found. (Service: AmazonECS; Status Code: 400; Error Code: ClientException; Request ID: "},
	} {
		t.Run(name, func(t *testing.T) {
			w := newECSWorld(t)
			id := w.run(ecsAllAtOnce, strings.Replace(ecsSpec("app:2"), c.old, c.new, 1))
			s := w.see(id).status("Failed").events("S/F/K/K/K/K").targetStatus("Failed").nothingToRollBack().
				says("ECS_UPDATE_ERROR", "The ECS service cannot be updated due to an unexpected error: ", c.text)
			if m := *s.info.ErrorInformation.Message; !strings.HasSuffix(m, "; Proxy: null). Check your ECS service status.") {
				t.Errorf("message is %s", m)
			}
			w.wantWrites("CreateTaskSet")
			w.wantWeights(w.l80, 1, -1)
			w.alone("app:1")
		})
	}
}

func TestE46_CreateTaskSetDenied(t *testing.T) {
	w := newECSWorld(t)
	w.refuse("CreateTaskSet", refusal(400, "AccessDeniedException", "User: x is not authorized to perform: ecs:CreateTaskSet"))
	id := w.run(ecsAllAtOnce, ecsSpec("app:2"))
	w.see(id).status("Failed").failure("IAM_ROLE_PERMISSIONS", ecsDenied).events("S/F/K/K/K/K").nothingToRollBack()
	w.wantWeights(w.l80, 1, -1)
	w.alone("app:1")
}

// managedRole are the calls to ECS and ELB that AWSCodeDeployRoleForECS allows
// (ecs.md 6.1).
var managedRole = []string{
	"DescribeServices", "CreateTaskSet", "UpdateServicePrimaryTaskSet", "DeleteTaskSet",
	"DescribeTargetGroups", "DescribeListeners", "DescribeRules", "ModifyListener", "ModifyRule",
}

// Two deployments, so that a rollback's calls are seen as well, with all that a
// deployment can have: both listeners, a rule, steps, a hook, alarms.
func TestE47_ManagedRole(t *testing.T) {
	w := newECSWorld(t, withTestListener, groupLike(func(in *codedeploy.CreateDeploymentGroupInput) {
		in.AlarmConfiguration = alarmsOn("errors")
	}), func(f *ecsFixture) { f.settings = func(s *settings) { s.assumeRole = true } })
	w.alarms.set("errors", "OK")
	w.rule(5, onPath("/p"), forwardTo(w.tgA))
	hook := "CodeDeployHook_ecs"
	first := w.run(ecsCanary, ecsSpec("app:2", "AfterAllowTestTraffic:"+hook))
	w.succeed(first, hook)
	w.advance(6 * time.Minute)
	w.see(first).status("Succeeded").events("S/S/S/S/S/S/S/S")
	second := w.run(ecsCanary, ecsSpec("app:3", "AfterAllowTraffic:"+hook))
	w.advance(6 * time.Minute)
	w.fail(second, hook)
	w.see(second).status("Failed").rolledBack().wellBack()
	for _, call := range w.cloud.called() {
		if !slices.Contains(managedRole, call.Operation) {
			t.Errorf("the role does not allow %s", call.Operation)
		}
	}
	for _, operation := range managedRole {
		if len(w.cloud.called(operation)) == 0 {
			t.Errorf("%s was not called", operation)
		}
	}
	if roles := w.roles.asked(); len(roles) == 0 || slices.ContainsFunc(roles, func(r string) bool { return r != role }) {
		t.Errorf("worked as %q, want %s", roles, role)
	}
}

func TestE48_ServiceDeletedDuringInstall(t *testing.T) {
	w := newECSWorld(t, release2Exits)
	id := w.release(ecsAllAtOnce, ecsSpec("app:2"))
	w.advance(time.Minute)
	w.see(id).status("InProgress").events("S/I/P/P/P/P")
	w.deleteService()
	w.advance(time.Minute)
	s := w.see(id).status("Failed").says("INVALID_ECS_SERVICE", "s1", "c1").events("S/F/K/K/K/K")
	s.rolledBack().wellBack()
	if got := w.cloud.called("ModifyListener", "ModifyRule"); len(got) > 0 {
		t.Errorf("the listener was touched: %+v", got)
	}
	w.wantWeights(w.l80, 1, -1)
}

func TestE49_ServiceDeletedMidShift(t *testing.T) {
	w := newECSWorld(t)
	id := w.run(ecsCanary, ecsSpec("app:2"))
	w.see(id).status("InProgress").events("S/S/S/S/I/P")
	w.wantWeights(w.l80, 90, 10)
	w.deleteService()
	w.advance(time.Minute)
	s := w.see(id).status("Failed").says("INVALID_ECS_SERVICE", "s1", "c1").events("S/S/S/S/F/K")
	s.rolledBack().wellBack()
	w.wantWeights(w.l80, 100, 0)
}

// engineFull is what keeps further tasks from starting.
var engineFull = &task.StartError{Code: task.CannotStart, Message: "no room"}

// scaledMidShift is a deployment at its first linear step whose service is
// scaled from 2 to 6 while no further task can start.
func (w *ecsWorld) scaledMidShift(o *outage) (id string) {
	w.Helper()
	id = w.run(ecsLinear, ecsSpec("app:2"))
	w.see(id).status("InProgress").events("S/S/S/S/I/P")
	o.fail("app:2", -1, engineFull)
	w.desire(6)
	w.untilFailing(o)
	return id
}

func TestE50_ScaledMidShift(t *testing.T) {
	o := &outage{}
	w := newECSWorld(t, outageIn(o))
	id := w.scaledMidShift(o)
	_, before := w.weights(w.l80)
	w.advance(2 * time.Minute)
	w.see(id).status("InProgress").events("S/S/S/S/I/P")
	if _, after := w.weights(w.l80); after <= before {
		t.Errorf("green has %d %% after %d %%: the shift does not go on", after, before)
	}
	o.end()
	w.eventually("green is steady", func() bool { return w.steady("app:2") })
	w.advance(10 * time.Minute)
	s := w.see(id).status("Succeeded").events("S/S/S/S/S/S").noRollback()
	if green := s.target.TaskSetsInfo[1]; green.TaskSetLabel != types.TargetLabelGreen || green.DesiredCount != 6 {
		t.Errorf("green is %+v, want 6 tasks", green)
	}
	w.wantWeights(w.l80, 0, 100)
}

func TestE51_NotSteadyAfterScaling(t *testing.T) {
	o := &outage{}
	w := newECSWorld(t, outageIn(o))
	id := w.scaledMidShift(o)
	w.advance(4 * time.Minute)
	w.see(id).status("InProgress").events("S/S/S/S/I/P")
	w.advance(3 * time.Minute)
	s := w.see(id).status("Failed").failure("ECS_UPDATE_ERROR", unhealthy).events("S/S/S/S/F/K").targetStatus("Failed")
	s.rolledBack().wellBack()
	w.wantWeights(w.l80, 100, 0)
	w.alone("app:1")
}

func TestE52_AlarmMidShift(t *testing.T) {
	w := newECSWorld(t, groupLike(func(in *codedeploy.CreateDeploymentGroupInput) {
		in.AlarmConfiguration = alarmsOn("errors")
		in.AutoRollbackConfiguration = rollbackOn(types.AutoRollbackEventDeploymentStopOnAlarm)
	}))
	w.alarms.set("errors", "OK")
	id := w.run(ecsCanary, ecsSpec("app:2"))
	w.see(id).status("InProgress").events("S/S/S/S/I/P")
	w.wantWeights(w.l80, 90, 10)
	w.alarms.set("errors", "ALARM")
	w.advance(15 * time.Second)
	s := w.see(id).status("Stopped").failure("ALARM_ACTIVE", alarmed("errors")).events("S/S/S/S/F/K").
		taskSets("Blue PRIMARY 90.0 tgA, Green ACTIVE 10.0 tgB")
	s.rolledBack().wellBack()
	w.wantWeights(w.l80, 100, 0)
	w.alone("app:1")
	if got := w.get(w.l80); got != "app:1" {
		t.Errorf("L80 answers %s", got)
	}
}
