package e2e

//lint:file-ignore SA1019 the list of instances is deprecated, and has a paginator nevertheless

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// pages are the names that a client's paginators found, by operation.
type pages map[string][]string

// fillPages makes three of everything that is listed by pages of two, and
// tells what the lists must hold.
func (p *production) fillPages() pages {
	p.t.Helper()
	three := []string{"a", "b", "c"}
	for _, name := range three {
		p.fillWith(name)
	}
	p.aws.createHello(function, live)
	p.createGroup(application, group, allAtOnce)
	var deployments []string
	for _, r := range []release{firstRelease("", ""), {function: function, alias: live, from: "2", to: "1"}, firstRelease("", "")} {
		id := p.deploy(r, allAtOnce)
		p.awaitEnd(id)
		deployments = append([]string{id}, deployments...) // the latest is listed first
	}
	return pages{
		"ListApplications":            {"a", "b", "c", application},
		"ListApplicationRevisions":    three,
		"ListDeploymentConfigs":       append(slices.Clone(three), predefinedConfigs...),
		"ListDeploymentGroups":        three,
		"ListDeploymentInstances":     {function},
		"ListDeployments":             deployments,
		"ListDeploymentTargets":       {function},
		"ListGitHubAccountTokenNames": {},
		"ListOnPremisesInstances":     three,
	}
}

// fillWith makes one of what needs no deployment.
func (p *production) fillWith(name string) {
	p.t.Helper()
	ctx, api := p.t.Context(), p.codeDeploy
	must(api.CreateApplication(ctx, &sdk.CreateApplicationInput{ApplicationName: &name}))(p.t)
	must(api.CreateDeploymentGroup(ctx, &sdk.CreateDeploymentGroupInput{
		ApplicationName: aws.String("a"), DeploymentGroupName: &name, ServiceRoleArn: aws.String(role),
	}))(p.t)
	must(api.RegisterApplicationRevision(ctx, &sdk.RegisterApplicationRevisionInput{
		ApplicationName: aws.String("a"),
		Revision: &types.RevisionLocation{RevisionType: types.RevisionLocationTypeS3, S3Location: &types.S3Location{
			Bucket: aws.String("releases"), Key: &name, BundleType: types.BundleTypeZip,
		}},
	}))(p.t)
	must(api.CreateDeploymentConfig(ctx, &sdk.CreateDeploymentConfigInput{
		DeploymentConfigName: &name,
		MinimumHealthyHosts:  &types.MinimumHealthyHosts{Type: types.MinimumHealthyHostsTypeHostCount, Value: 1},
	}))(p.t)
	must(api.RegisterOnPremisesInstance(ctx, &sdk.RegisterOnPremisesInstanceInput{
		InstanceName: &name, IamUserArn: aws.String("arn:aws:iam::" + productionAccount + ":user/" + name),
	}))(p.t)
}

// predefinedConfigs are AWS's own, in the order in which they are listed.
var predefinedConfigs = []string{
	"CodeDeployDefault.AllAtOnce",
	"CodeDeployDefault.ECSAllAtOnce",
	"CodeDeployDefault.ECSCanary10Percent15Minutes",
	"CodeDeployDefault.ECSCanary10Percent5Minutes",
	"CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
	"CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
	"CodeDeployDefault.HalfAtATime",
	"CodeDeployDefault.LambdaAllAtOnce",
	"CodeDeployDefault.LambdaCanary10Percent10Minutes",
	"CodeDeployDefault.LambdaCanary10Percent15Minutes",
	"CodeDeployDefault.LambdaCanary10Percent30Minutes",
	"CodeDeployDefault.LambdaCanary10Percent5Minutes",
	"CodeDeployDefault.LambdaLinear10PercentEvery10Minutes",
	"CodeDeployDefault.LambdaLinear10PercentEvery1Minute",
	"CodeDeployDefault.LambdaLinear10PercentEvery2Minutes",
	"CodeDeployDefault.LambdaLinear10PercentEvery3Minutes",
	"CodeDeployDefault.OneAtATime",
}

// check compares what a client has found with what is there. Not every SDK has
// a paginator for every list, so the client says which it has.
func (found pages) check(t *testing.T, there pages, operations ...string) {
	t.Helper()
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, operations) {
		t.Errorf("paged through %v, want %v", got, operations)
	}
	for operation, names := range found {
		if !slices.Equal(names, there[operation]) {
			t.Errorf("%s: %v, want %v", operation, names, there[operation])
		}
	}
}

// sixPaginators are those of the SDKs for Go and JavaScript.
var sixPaginators = []string{
	"ListApplicationRevisions", "ListApplications", "ListDeploymentConfigs",
	"ListDeploymentGroups", "ListDeploymentInstances", "ListDeployments",
}

// TestGoSDK_Paginators collects every list through the SDK's own paginators.
func TestGoSDK_Paginators(t *testing.T) {
	t.Parallel()
	p := startProduction(t)
	there := p.fillPages()
	p.throughGoSDK(there["ListDeployments"][0]).check(t, there, sixPaginators...)
}

func (p *production) throughGoSDK(deployment string) pages {
	p.t.Helper()
	api, of := p.codeDeploy, aws.String("a")
	return pages{
		"ListApplications": collect(p.t, sdk.NewListApplicationsPaginator(api, &sdk.ListApplicationsInput{}),
			func(page *sdk.ListApplicationsOutput) []string { return page.Applications }),
		"ListApplicationRevisions": collect(p.t, sdk.NewListApplicationRevisionsPaginator(api, &sdk.ListApplicationRevisionsInput{ApplicationName: of}), revisionKeys),
		"ListDeploymentConfigs": collect(p.t, sdk.NewListDeploymentConfigsPaginator(api, &sdk.ListDeploymentConfigsInput{}),
			func(page *sdk.ListDeploymentConfigsOutput) []string { return page.DeploymentConfigsList }),
		"ListDeploymentGroups": collect(p.t, sdk.NewListDeploymentGroupsPaginator(api, &sdk.ListDeploymentGroupsInput{ApplicationName: of}),
			func(page *sdk.ListDeploymentGroupsOutput) []string { return page.DeploymentGroups }),
		"ListDeploymentInstances": collect(p.t, sdk.NewListDeploymentInstancesPaginator(api, &sdk.ListDeploymentInstancesInput{DeploymentId: &deployment}),
			func(page *sdk.ListDeploymentInstancesOutput) []string { return page.InstancesList }),
		"ListDeployments": collect(p.t, sdk.NewListDeploymentsPaginator(api, &sdk.ListDeploymentsInput{}),
			func(page *sdk.ListDeploymentsOutput) []string { return page.Deployments }),
	}
}

// paginator is what each of the SDK's is.
type paginator[Page any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*sdk.Options)) (*Page, error)
}

// collect pages through a list. Every page but the last must be full.
func collect[Page any](t testing.TB, from paginator[Page], names func(*Page) []string) []string {
	t.Helper()
	var all []string
	for from.HasMorePages() {
		page := names(must(from.NextPage(t.Context()))(t))
		if len(page) != 2 && from.HasMorePages() {
			t.Errorf("a page of %d before the last, after %v", len(page), all)
		}
		all = append(all, page...)
	}
	return all
}

func revisionKeys(page *sdk.ListApplicationRevisionsOutput) []string {
	var keys []string
	for _, revision := range page.Revisions {
		keys = append(keys, aws.ToString(revision.S3Location.Key))
	}
	return keys
}
