package scenarios

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

func TestA6_RenamedGroupKeepsItsDeployments(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(allAtOnce, appSpec("1", "2"))
	read := func(name string) (*types.DeploymentGroupInfo, error) {
		out, err := w.ours.GetDeploymentGroup(t.Context(), &codedeploy.GetDeploymentGroupInput{ApplicationName: aws.String(app), DeploymentGroupName: &name})
		if err != nil {
			return nil, err
		}
		return out.DeploymentGroupInfo, nil
	}
	was, err := read(group)
	w.must(err)
	w.update(func(in *codedeploy.UpdateDeploymentGroupInput) { in.NewDeploymentGroupName = aws.String("renamed") })
	is, err := read("renamed")
	w.must(err)
	was.DeploymentGroupName = aws.String("renamed")
	w.same("group after its renaming", *was, *is)
	if l := is.LastSuccessfulDeployment; l == nil || aws.ToString(l.DeploymentId) != id || is.TargetRevision == nil || l.EndTime == nil {
		t.Errorf("renamed group's last deployment is %+v of %+v", l, is.TargetRevision)
	}
	_, err = read(group)
	w.refused(err, "DeploymentGroupDoesNotExistException")
	if s := w.want(id); *s.info.DeploymentGroupName != "renamed" { // deployments.md 14
		t.Errorf("the old deployment names its group %q", *s.info.DeploymentGroupName)
	}
	next := w.deploy(allAtOnce, appSpec("2", "3"), in("renamed"))
	s := w.want(next).status("Succeeded").last()
	w.same("previous revision", is.TargetRevision, s.info.PreviousRevision)
}

func TestA7_DeletedApplication(t *testing.T) {
	w := newWorld(t)
	ended := w.deploy(allAtOnce, appSpec("1", "2"))
	running := w.deploy(allAtOnce, appSpec("2", "3", before(pre)))
	w.deleteApplication()
	_, err := w.ours.GetDeployment(t.Context(), &codedeploy.GetDeploymentInput{DeploymentId: &ended})
	w.refused(err, "DeploymentDoesNotExistException")
	w.want(running).status("InProgress").events("I/P/P")
	w.succeed(running, pre)
	w.want(running).status("Succeeded").events("S/S/S")
	w.wantAlias("3")
	w.application(app, types.ComputePlatformLambda)
	w.group(group)
	if all := w.list(group); len(all) != 0 {
		t.Errorf("the new application shows %q", all)
	}
	w.advance(time.Hour)
	w.want(running).status("Succeeded")
}

// tenant is an account in a region that has what newWorld makes.
type tenant struct {
	*codedeploy.Client
	account, region, id string
}

func (w *world) tenant(account, region string) tenant {
	w.Helper()
	t := tenant{w.client(account, region), account, region, ""}
	w.far.AddFunction(account, region, pre)
	w.far.AddFunction(account, region, "f", "1", "2")
	w.far.SetAlias(account, region, "f", "live", "1", nil)
	ours := w.ours
	w.ours = t.Client
	defer func() { w.ours = ours }()
	w.application(app, types.ComputePlatformLambda)
	w.group(group)
	t.id = w.deploy(canary, appSpec("1", "2", before(pre)))
	return t
}

func TestA8_AccountsAndRegionsAreApart(t *testing.T) {
	w := newWorld(t)
	ours := tenant{w.ours, account, region, w.deploy(canary, appSpec("1", "2", before(pre)))}
	execution := w.execution(pre)
	tenants := []tenant{ours, w.tenant("444455556666", region), w.tenant(account, "us-east-1")}
	for _, t := range tenants {
		out, err := t.ListDeployments(context.Background(), &codedeploy.ListDeploymentsInput{})
		w.must(err)
		if !slices.Equal(out.Deployments, []string{t.id}) {
			w.Errorf("%s in %s lists %q, want %s", t.account, t.region, out.Deployments, t.id)
		}
	}
	for _, other := range tenants[1:] {
		_, err := other.GetDeployment(t.Context(), &codedeploy.GetDeploymentInput{DeploymentId: &ours.id})
		w.refused(err, "DeploymentDoesNotExistException")
		_, err = other.GetDeploymentTarget(t.Context(), &codedeploy.GetDeploymentTargetInput{DeploymentId: &ours.id, TargetId: aws.String("f")})
		w.refused(err, "DeploymentDoesNotExistException")
		_, err = other.StopDeployment(t.Context(), &codedeploy.StopDeploymentInput{DeploymentId: &ours.id})
		w.refused(err, "DeploymentDoesNotExistException")
		w.refused(w.reportAs(other.Client, ours.id, execution, "Succeeded"), "InvalidLifecycleEventHookExecutionIdException")
		batch, err := other.BatchGetDeployments(t.Context(), &codedeploy.BatchGetDeploymentsInput{DeploymentIds: []string{ours.id, other.id}})
		w.must(err)
		if len(batch.DeploymentsInfo) != 1 || aws.ToString(batch.DeploymentsInfo[0].DeploymentId) != other.id {
			t.Errorf("%s in %s reads %+v", other.account, other.region, batch.DeploymentsInfo)
		}
	}
	w.settle()
	w.want(ours.id).status("InProgress").events("I/P/P")
	w.must(w.report(ours.id, execution, "Succeeded"))
	w.advance(6 * time.Minute)
	w.want(ours.id).status("Succeeded")
	for _, other := range tenants[1:] {
		if a, _ := w.far.Alias(other.account, other.region, "f", "live"); a.Version != "1" {
			t.Errorf("the alias of %s in %s moved to %s", other.account, other.region, a.Version)
		}
	}
}
