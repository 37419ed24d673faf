package serve

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"greenlight/internal/lambdadriver/lambdatest"
)

const appSpec = `{"version":0.0,"Resources":[{"f":{"Type":"AWS::Lambda::Function",
	"Properties":{"Name":"f","Alias":"live","CurrentVersion":"1","TargetVersion":"2"}}}],"Hooks":[{"BeforeAllowTraffic":"hook"}]}`

// report is what a hook is given to report with.
type report struct {
	DeploymentID string `json:"DeploymentId"`
	ExecutionID  string `json:"LifecycleEventHookExecutionId"`
}

// tenant is an account in a region.
type tenant struct {
	*codedeploy.Client
	who, region string
	report      report
}

// TestA8 gives three tenants the same names: neither lists, reads, stops or
// reports into another's.
func TestA8(t *testing.T) {
	r := start(t, nil, ann, bob)
	asked := make(chan report, 3)
	r.far.OnInvoke(func(i lambdatest.Invocation) {
		var got report
		if err := json.Unmarshal(i.Payload, &got); err != nil {
			t.Error(err)
		}
		asked <- got
	})
	for _, region := range []string{eu, us} {
		for _, name := range []string{"f", "hook"} {
			r.far.AddFunction(farAccount, region, name, "1", "2")
		}
		r.far.SetAlias(farAccount, region, "f", "live", "1", nil)
	}
	tenants := []*tenant{
		{Client: r.as(ann, eu), who: "ann", region: eu},
		{Client: r.as(ann, us), who: "ann", region: us},
		{Client: r.as(bob, eu), who: "bob", region: eu},
	}
	for _, own := range tenants {
		own.deploy(t)
		if own.report = <-asked; own.report.DeploymentID == "" {
			t.Fatal("the hook was given no deployment")
		}
	}
	for _, own := range tenants {
		for _, other := range tenants {
			if own != other {
				t.Run(own.who+" in "+own.region+" and "+other.who+" in "+other.region, func(t *testing.T) { own.keptFrom(t, other) })
			}
		}
	}
	for _, own := range tenants {
		own.ownsAll(t)
	}
}

// deploy makes the names that all tenants have, and a deployment that waits
// for its hook's report.
func (own *tenant) deploy(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	must(own.CreateApplication(ctx, &codedeploy.CreateApplicationInput{
		ApplicationName: aws.String("shop"), ComputePlatform: types.ComputePlatformLambda}))(t)
	must(own.CreateDeploymentGroup(ctx, &codedeploy.CreateDeploymentGroupInput{
		ApplicationName: aws.String("shop"), DeploymentGroupName: aws.String("g"),
		ServiceRoleArn: aws.String("arn:aws:iam::" + farAccount + ":role/deploy"),
		DeploymentStyle: &types.DeploymentStyle{
			DeploymentType: types.DeploymentTypeBlueGreen, DeploymentOption: types.DeploymentOptionWithTrafficControl}}))(t)
	must(own.CreateDeployment(ctx, &codedeploy.CreateDeploymentInput{
		ApplicationName: aws.String("shop"), DeploymentGroupName: aws.String("g"),
		Revision: &types.RevisionLocation{RevisionType: types.RevisionLocationTypeAppSpecContent,
			AppSpecContent: &types.AppSpecContent{Content: aws.String(appSpec)}}}))(t)
}

// keptFrom checks that own can do nothing to other's deployment.
func (own *tenant) keptFrom(t *testing.T, other *tenant) {
	ctx, id := t.Context(), aws.String(other.report.DeploymentID)
	_, err := own.GetDeployment(ctx, &codedeploy.GetDeploymentInput{DeploymentId: id})
	refused(t, err, "DeploymentDoesNotExistException", "")
	_, err = own.StopDeployment(ctx, &codedeploy.StopDeploymentInput{DeploymentId: id})
	refused(t, err, "DeploymentDoesNotExistException", "")
	_, err = own.ListDeploymentTargets(ctx, &codedeploy.ListDeploymentTargetsInput{DeploymentId: id})
	refused(t, err, "DeploymentDoesNotExistException", "")
	if found := must(own.BatchGetDeployments(ctx, &codedeploy.BatchGetDeploymentsInput{DeploymentIds: []string{*id}}))(t); len(found.DeploymentsInfo) > 0 {
		t.Error("BatchGetDeployments shows it")
	}
	_, err = own.PutLifecycleEventHookExecutionStatus(ctx, &codedeploy.PutLifecycleEventHookExecutionStatusInput{
		DeploymentId: id, LifecycleEventHookExecutionId: &other.report.ExecutionID, Status: types.LifecycleEventStatusSucceeded})
	if err == nil {
		t.Error("the report was taken")
	}
	_, err = own.PutLifecycleEventHookExecutionStatus(ctx, &codedeploy.PutLifecycleEventHookExecutionStatusInput{
		DeploymentId: &own.report.DeploymentID, LifecycleEventHookExecutionId: &other.report.ExecutionID,
		Status: types.LifecycleEventStatusSucceeded})
	refused(t, err, "InvalidLifecycleEventHookExecutionIdException", "")
}

// ownsAll checks that a tenant's own things are as it left them, and ends the
// deployment.
func (own *tenant) ownsAll(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	if got := must(own.ListApplications(ctx, &codedeploy.ListApplicationsInput{}))(t).Applications; len(got) != 1 || got[0] != "shop" {
		t.Errorf("applications: %q", got)
	}
	if got := must(own.ListDeployments(ctx, &codedeploy.ListDeploymentsInput{}))(t).Deployments; len(got) != 1 || got[0] != own.report.DeploymentID {
		t.Errorf("deployments: %q", got)
	}
	found := must(own.GetDeployment(ctx, &codedeploy.GetDeploymentInput{DeploymentId: &own.report.DeploymentID}))(t)
	if found.DeploymentInfo.Status != types.DeploymentStatusInProgress {
		t.Errorf("the deployment is %s", found.DeploymentInfo.Status)
	}
	must(own.PutLifecycleEventHookExecutionStatus(ctx, &codedeploy.PutLifecycleEventHookExecutionStatusInput{
		DeploymentId: &own.report.DeploymentID, LifecycleEventHookExecutionId: &own.report.ExecutionID,
		Status: types.LifecycleEventStatusSucceeded}))(t)
	must(own.DeleteApplication(ctx, &codedeploy.DeleteApplicationInput{ApplicationName: aws.String("shop")}))(t)
}
