package scenarios

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/google/go-cmp/cmp"
)

// sight is a deployment as its readers see it, and what a scenario wants of it.
type sight struct {
	*world
	id     string
	info   *types.DeploymentInfo
	target *types.LambdaTarget // nil when it has none
}

// want looks at a deployment. Whatever the scenario, what is seen must agree
// with the tables of api.md 8.
func (w *world) want(id string) *sight {
	w.Helper()
	ctx := context.Background()
	out, err := w.ours.GetDeployment(ctx, &codedeploy.GetDeploymentInput{DeploymentId: &id})
	w.must(err)
	s := &sight{world: w, id: id, info: out.DeploymentInfo}
	list, err := w.ours.ListDeploymentTargets(ctx, &codedeploy.ListDeploymentTargetsInput{DeploymentId: &id})
	if err == nil {
		s.target = s.readTarget(list.TargetIds)
	} else {
		w.refused(err, "DeploymentNotStartedException")
		_, err := w.ours.GetDeploymentTarget(ctx, &codedeploy.GetDeploymentTargetInput{DeploymentId: &id, TargetId: aws.String("f")})
		w.refused(err, "DeploymentNotStartedException")
	}
	s.checkInfo()
	s.checkEvents()
	return s
}

// status is all that is asked of a deployment that moves meanwhile.
func (w *world) status(id string) types.DeploymentStatus {
	w.Helper()
	out, err := w.ours.GetDeployment(context.Background(), &codedeploy.GetDeploymentInput{DeploymentId: &id})
	w.must(err)
	return out.DeploymentInfo.Status
}

func (s *sight) readTarget(ids []string) *types.LambdaTarget {
	s.Helper()
	if !slices.Equal(ids, []string{"f"}) {
		s.Fatalf("targets are %q, want f", ids)
	}
	out, err := s.ours.GetDeploymentTarget(context.Background(), &codedeploy.GetDeploymentTargetInput{DeploymentId: &s.id, TargetId: &ids[0]})
	s.must(err)
	t := out.DeploymentTarget.LambdaTarget
	arn := "arn:aws:lambda:" + region + ":" + account + ":function:f:live"
	if out.DeploymentTarget.DeploymentTargetType != types.DeploymentTargetTypeLambdaTarget ||
		aws.ToString(t.TargetId) != "f" || aws.ToString(t.TargetArn) != arn || aws.ToString(t.DeploymentId) != s.id {
		s.Errorf("target is %s %s %s of %s", out.DeploymentTarget.DeploymentTargetType, aws.ToString(t.TargetId), aws.ToString(t.TargetArn), aws.ToString(t.DeploymentId))
	}
	if f := t.LambdaFunctionInfo; aws.ToString(f.FunctionName) != "f" || aws.ToString(f.FunctionAlias) != "live" {
		s.Errorf("target's function is %s:%s", aws.ToString(f.FunctionName), aws.ToString(f.FunctionAlias))
	}
	return t
}

// checkInfo holds the table of api.md 8.1 for Lambda.
func (s *sight) checkInfo() {
	s.Helper()
	i := s.info
	ended := slices.Contains([]types.DeploymentStatus{"Succeeded", "Failed", "Stopped"}, i.Status)
	bad := ended && i.Status != "Succeeded"
	for what, holds := range map[string]bool{
		"createTime":                         i.CreateTime != nil,
		"computePlatform":                    i.ComputePlatform == types.ComputePlatformLambda,
		"revision without content":           i.Revision != nil && (i.Revision.AppSpecContent == nil || i.Revision.AppSpecContent.Content == nil),
		"completeTime once it has ended":     ended == (i.CompleteTime != nil),
		"errorInformation when it failed":    bad == (i.ErrorInformation != nil),
		"startTime with its target":          (i.StartTime != nil) == (s.target != nil),
		"overview at the end, with a target": (i.DeploymentOverview != nil) == (ended && s.target != nil),
		"InProgress with its target":         (i.Status == "Created") == (!ended && s.target == nil),
		"fileExistsBehavior":                 i.FileExistsBehavior == types.FileExistsBehaviorDisallow,
		"deploymentStatusMessages":           i.DeploymentStatusMessages != nil && (bad || len(i.DeploymentStatusMessages) == 0),
		"flags are false":                    !i.IgnoreApplicationStopFailures && !i.UpdateOutdatedInstancesOnly && !i.InstanceTerminationWaitTimeStarted,
		"no load balancer, no blue/green":    i.LoadBalancerInfo == nil && i.BlueGreenDeploymentConfiguration == nil && i.TargetInstances == nil,
		"style": i.DeploymentStyle != nil && i.DeploymentStyle.DeploymentType == types.DeploymentTypeBlueGreen &&
			i.DeploymentStyle.DeploymentOption == types.DeploymentOptionWithTrafficControl,
	} {
		if !holds {
			s.Errorf("deployment %s, %s: wrong in %s: %+v", s.id, i.Status, what, *i)
		}
	}
	s.checkRaw()
}

// always are the members of api.md 8.1 that every answer has, and which the SDK
// does not tell from absent ones.
var always = []string{"applicationName", "deploymentGroupName", "deploymentConfigName", "deploymentId", "revision", "status",
	"createTime", "creator", "ignoreApplicationStopFailures", "updateOutdatedInstancesOnly", "deploymentStyle",
	"instanceTerminationWaitTimeStarted", "fileExistsBehavior", "deploymentStatusMessages", "computePlatform"}

func (s *sight) checkRaw() {
	s.Helper()
	r, err := http.NewRequest(http.MethodPost, "http://greenlight.test/", strings.NewReader(fmt.Sprintf(`{"deploymentId":%q}`, s.id)))
	s.must(err)
	r.Header.Set("X-Amz-Target", "CodeDeploy_20141006.GetDeployment")
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Date", "20260301T120000Z")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+account+"/20260301/"+region+"/codedeploy/aws4_request, SignedHeaders=host, Signature="+strings.Repeat("0", 64))
	answer, err := here{s.world}.RoundTrip(r)
	s.must(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	s.must(err)
	for _, member := range always {
		if !strings.Contains(string(text), `"`+member+`":`) {
			s.Errorf("GetDeployment answers without %s: %s", member, text)
		}
	}
	if strings.Contains(string(text), ":null") {
		s.Errorf("GetDeployment answers a null: %s", text)
	}
}

// checkEvents holds the table of event states of api.md 8.3.
func (s *sight) checkEvents() {
	s.Helper()
	if s.target == nil {
		return
	}
	var names []string
	for _, e := range s.target.LifecycleEvents {
		names = append(names, aws.ToString(e.LifecycleEventName))
		started, ended, diagnosed := e.StartTime != nil, e.EndTime != nil, e.Diagnostics != nil
		want := map[types.LifecycleEventStatus][3]bool{
			"Pending": {false, false, false}, "InProgress": {true, false, false}, "Succeeded": {true, true, false},
			"Failed": {true, true, true}, "Skipped": {false, true, false},
		}
		if wanted, known := want[e.Status]; !known || wanted != [3]bool{started, ended, diagnosed} {
			s.Errorf("event %s, %s: started %v, ended %v, diagnosed %v", names[len(names)-1], e.Status, started, ended, diagnosed)
		}
		if d := e.Diagnostics; d != nil && (d.ErrorCode != types.LifecycleErrorCodeUnknownError || aws.ToString(d.Message) == "" ||
			d.ScriptName == nil || *d.ScriptName != "" || d.LogTail == nil || *d.LogTail != "") {
			s.Errorf("diagnostics of %s are %+v", names[len(names)-1], *d)
		}
	}
	if want := []string{"BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"}; !slices.Equal(names, want) {
		s.Errorf("events are %q, want %q", names, want)
	}
}

func (s *sight) status(want types.DeploymentStatus) *sight {
	s.Helper()
	if s.info.Status != want {
		s.Fatalf("deployment %s is %s (%s), want %s", s.id, s.info.Status, s.why(), want)
	}
	return s
}

func (s *sight) why() string {
	if e := s.info.ErrorInformation; e != nil {
		return fmt.Sprintf("%s: %s %q", e.Code, aws.ToString(e.Message), s.info.DeploymentStatusMessages)
	}
	return "no error"
}

// failure wants an error code, and a message that is exactly this; where AWS's
// text is unknown, says wants its parts.
func (s *sight) failure(code types.ErrorCode, message string) *sight {
	s.Helper()
	if e := s.info.ErrorInformation; e == nil || e.Code != code || aws.ToString(e.Message) != message {
		s.Errorf("deployment %s: %s\nwant %s: %s", s.id, s.why(), code, message)
	}
	return s
}

func (s *sight) says(code types.ErrorCode, parts ...string) *sight {
	s.Helper()
	e := s.info.ErrorInformation
	if e == nil || e.Code != code {
		s.Errorf("deployment %s: %s, want %s", s.id, s.why(), code)
		return s
	}
	for _, part := range parts {
		if !strings.Contains(aws.ToString(e.Message), part) {
			s.Errorf("deployment %s: %s\nwant it to hold %q", s.id, s.why(), part)
		}
	}
	return s
}

// events wants the statuses of the three lifecycle events, as S, F, K (skipped),
// I, P; where one failed its diagnostics tell the deployment's message.
func (s *sight) events(want string) *sight {
	s.Helper()
	letters := map[types.LifecycleEventStatus]string{"Succeeded": "S", "Failed": "F", "Skipped": "K", "InProgress": "I", "Pending": "P"}
	if s.target == nil {
		s.Fatalf("deployment %s has no target (%s)", s.id, s.why())
	}
	var got []string
	for _, e := range s.target.LifecycleEvents {
		got = append(got, letters[e.Status])
		if e.Status == "Failed" && aws.ToString(e.Diagnostics.Message) != aws.ToString(s.info.ErrorInformation.Message) {
			s.Errorf("%s failed with %q", aws.ToString(e.LifecycleEventName), aws.ToString(e.Diagnostics.Message))
		}
	}
	if strings.Join(got, "/") != want {
		s.Errorf("events of %s are %s, want %s", s.id, strings.Join(got, "/"), want)
	}
	return s
}

// on wants the target's status and weight.
func (s *sight) on(status types.TargetStatus, weight float64) *sight {
	s.Helper()
	if s.target == nil || s.target.Status != status || s.target.LambdaFunctionInfo.TargetVersionWeight != weight {
		s.Errorf("target of %s is %+v, want %s at %v", s.id, s.target, status, weight)
	}
	return s
}

// overview wants the one target counted under one status.
func (s *sight) overview(status types.TargetStatus) *sight {
	s.Helper()
	want := types.DeploymentOverview{}
	switch status {
	case types.TargetStatusSucceeded:
		want.Succeeded = 1
	case types.TargetStatusFailed:
		want.Failed = 1
	case types.TargetStatusSkipped:
		want.Skipped = 1
	}
	if s.info.DeploymentOverview == nil || *s.info.DeploymentOverview != want {
		s.Errorf("overview of %s is %+v, want %+v", s.id, s.info.DeploymentOverview, want)
	}
	return s
}

// notStarted wants an end without a target, by all that readers see (lambda.md 2.3).
func (s *sight) notStarted() *sight {
	s.Helper()
	if s.target != nil || s.info.StartTime != nil || s.info.DeploymentOverview != nil {
		s.Errorf("deployment %s has a target, a start or an overview: %+v", s.id, *s.info)
	}
	return s
}

// noRollback wants that nobody speaks of a rollback.
func (s *sight) noRollback() *sight {
	s.Helper()
	if s.info.RollbackInfo != nil {
		s.Errorf("deployment %s has rollbackInfo %+v", s.id, *s.info.RollbackInfo)
	}
	return s.last()
}

// nothingToRollBack wants a message, and no deployment (lambda.md 7.4).
func (s *sight) nothingToRollBack() *sight {
	s.Helper()
	r := s.info.RollbackInfo
	if r == nil || r.RollbackDeploymentId != nil || r.RollbackTriggeringDeploymentId != nil || aws.ToString(r.RollbackMessage) == "" {
		s.Errorf("deployment %s has rollbackInfo %+v, want a message only", s.id, r)
	}
	return s.last()
}

// last wants the deployment to be its group's newest.
func (s *sight) last() *sight {
	s.Helper()
	if ids := s.list(aws.ToString(s.info.DeploymentGroupName)); len(ids) == 0 || ids[0] != s.id {
		s.Errorf("deployments are %q, want %s to be the last", ids, s.id)
	}
	return s
}

// rolledBack wants the deployment to have led to a rollback deployment, with the
// two exact sentences, and looks at that one (lambda.md 7.1).
func (s *sight) rolledBack() *sight {
	s.Helper()
	r := s.info.RollbackInfo
	if r == nil || r.RollbackDeploymentId == nil {
		s.Fatalf("deployment %s has rollbackInfo %+v, want a rollback deployment", s.id, r)
	}
	back := *r.RollbackDeploymentId
	want := types.RollbackInfo{
		RollbackDeploymentId: &back,
		RollbackMessage:      aws.String("Deployment " + s.id + " terminated. Automatic rollback is triggered with a DeploymentId " + back + "."),
	}
	s.same("rollbackInfo of the original", want, *r)
	b := s.world.want(back).last()
	if b.info.RollbackInfo == nil {
		s.Fatalf("rollback deployment %s has no rollbackInfo", back)
	}
	s.same("rollbackInfo of the rollback", types.RollbackInfo{
		RollbackTriggeringDeploymentId: &s.id,
		RollbackMessage:                aws.String("Deployment " + back + " is triggered to roll back deployment " + s.id + "."),
	}, *b.info.RollbackInfo)
	if b.info.Creator != types.DeploymentCreatorCodeDeployRollback || aws.ToString(b.info.DeploymentConfigName) != allAtOnce {
		s.Errorf("rollback deployment is made by %s with %s", b.info.Creator, aws.ToString(b.info.DeploymentConfigName))
	}
	if lag := b.info.CreateTime.Sub(*s.info.CompleteTime); lag < 0 || lag > time.Second {
		s.Errorf("rollback deployment was created %s after the end of the original", lag)
	}
	return b
}

// undone wants a rollback deployment that has succeeded, as they all look.
func (s *sight) undone() *sight {
	s.Helper()
	s.status(types.DeploymentStatusSucceeded).events("S/S/S").on(types.TargetStatusSucceeded, 1).overview(types.TargetStatusSucceeded)
	if s.info.ErrorInformation != nil {
		s.Errorf("rollback deployment has errorInformation %+v", s.info.ErrorInformation)
	}
	return s
}

func (w *world) same(what string, want, got any) {
	w.Helper()
	if diff := cmp.Diff(want, got, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".noSmithyDocumentSerde" }, cmp.Ignore())); diff != "" {
		w.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// list is ListDeployments of a group: its newest deployment first.
func (w *world) list(group string) []string {
	w.Helper()
	out, err := w.ours.ListDeployments(context.Background(), &codedeploy.ListDeploymentsInput{
		ApplicationName: aws.String(app), DeploymentGroupName: &group,
	})
	w.must(err)
	return out.Deployments
}

// event is a lifecycle event of the deployment's target.
func (s *sight) event(i int) types.LifecycleEvent { return s.target.LifecycleEvents[i] }
