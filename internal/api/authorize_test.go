package api_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/api"
	"greenlight/internal/awswire"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// needs are the permissions of a call, as "action resource".
func (c client) needs(t *testing.T, operation, body string) []string {
	t.Helper()
	caller := awswire.Caller{Account: c.account, Region: c.region}
	r := httptest.NewRequestWithContext(awswire.WithCaller(t.Context(), caller), "POST", "/", nil)
	r.Header.Set("X-Amz-Target", "CodeDeploy_20141006."+operation)
	permissions, err := c.service.(awswire.Guarded).Permissions(r, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(permissions))
	for i, p := range permissions {
		texts[i] = p.Action + " " + p.Resource
	}
	return texts
}

// put stores a deployment with an id, of the group shop/test.
func (c client) put(t *testing.T, id string) {
	t.Helper()
	err := c.store.Tx(t.Context(), func(tx *store.Tx) error {
		return tx.InsertDeployment(store.Deployment{
			Scope: c.scope(), ID: id, ApplicationID: "a-" + id, GroupID: "g-" + id, Version: 1,
			Info: codedeploy.DeploymentInfo{
				DeploymentID: id, ApplicationName: "shop", DeploymentGroupName: "test",
				Status: codedeploy.DeploymentStatusCreated, CreateTime: codedeploy.Timestamp{Time: time.Unix(1_760_000_000, 0)},
			},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPermissions(t *testing.T) {
	const mine, far = "d-AAAAAAAA1", "d-AAAAAAAA2"
	c := newClient(t)
	c.put(t, mine)
	client{c.harness, "444455556666", c.region}.put(t, far)
	long := strings.Repeat("x", 101)
	for _, test := range []struct {
		operation, body string
		want            []string // of the ARN, what follows the account; more than one with the action before it
	}{
		{"CreateApplication", `{"applicationName":"shop"}`, []string{"application:shop"}},
		{"UpdateApplication", `{"applicationName":"shop","newApplicationName":"other"}`, []string{"application:shop"}},
		{"BatchGetApplications", `{"applicationNames":["shop","b"]}`, []string{"application:shop", "application:b"}},
		{"BatchGetApplications", `{"applicationNames":[]}`, []string{"application:*"}},
		{"GetApplication", `{}`, []string{"application:*"}},
		{"GetApplication", ``, []string{"application:*"}},
		{"GetApplication", `{"applicationName":`, []string{"application:*"}},
		{"GetApplication", `{"applicationName":["shop"]}`, []string{"application:*"}},
		{"GetApplication", `{"ApplicationName":"shop"}`, []string{"application:*"}},
		{"GetApplication", `{"applicationName":"a/b"}`, []string{"application:*"}},
		{"GetApplication", `{"applicationName":"` + long + `"}`, []string{"application:*"}},
		{"UpdateDeploymentGroup", `{"applicationName":"shop","currentDeploymentGroupName":"old","newDeploymentGroupName":"new"}`,
			[]string{"deploymentgroup:shop/old"}},
		{"BatchGetDeploymentGroups", `{"applicationName":"shop","deploymentGroupNames":["a","b"]}`,
			[]string{"deploymentgroup:shop/a", "deploymentgroup:shop/b"}},
		{"ListDeployments", `{"applicationName":"shop"}`, []string{"deploymentgroup:shop/*"}},
		{"ListDeployments", `{}`, []string{"deploymentgroup:*"}},
		{"CreateDeploymentConfig", `{"deploymentConfigName":"slow"}`, []string{"deploymentconfig:slow"}},
		{"RegisterOnPremisesInstance", `{"instanceName":"host"}`, []string{"instance:host"}},
		{"AddTagsToOnPremisesInstances", `{"instanceNames":["a","b"]}`, []string{"instance:a", "instance:b"}},
		{"TagResource", `{"ResourceArn":"arn:aws:codedeploy:eu-west-1::application:shop"}`, []string{"application:shop"}},
		{"GetDeployment", `{"deploymentId":"` + mine + `"}`, []string{"deploymentgroup:shop/test"}},
		{"StopDeployment", `{"deploymentId":"` + mine + `"}`, []string{"deploymentgroup:shop/test"}},
		{"StopDeployment", `{"deploymentId":"` + far + `"}`, []string{"deploymentgroup:*"}},
		{"StopDeployment", `{"deploymentId":"nonsense"}`, []string{"deploymentgroup:*"}},
		{"BatchGetDeployments", `{"deploymentIds":["` + mine + `","` + far + `"]}`,
			[]string{"deploymentgroup:shop/test", "deploymentgroup:*"}},
		{"BatchGetDeployments", `{"deploymentIds":` + manyNames(26) + `}`, []string{"deploymentgroup:*"}},
	} {
		want := make([]string, len(test.want))
		for i, resource := range test.want {
			want[i] = "codedeploy:" + test.operation + " arn:aws:codedeploy:eu-west-1:111122223333:" + resource
		}
		if diff := cmp.Diff(want, c.needs(t, test.operation, test.body)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", test.operation, test.body, diff)
		}
	}
}

func TestPermissionsOnNothingInParticular(t *testing.T) {
	c := newClient(t)
	for operation, body := range map[string]string{
		"ListApplications": "{}", "TagResource": `{"ResourceArn":"shop"}`, "DeleteGitHubAccountToken": `{"tokenName":"x"}`,
	} {
		if got := c.needs(t, operation, body); !slices.Equal(got, []string{"codedeploy:" + operation + " *"}) {
			t.Errorf("%s: got %q", operation, got)
		}
	}
}

// TestOverriddenAlarmsNeedUpdateDeploymentGroup is deployments.md 3.1.
func TestOverriddenAlarmsNeedUpdateDeploymentGroup(t *testing.T) {
	c := newClient(t)
	c.region = "cn-north-1"
	const group = " arn:aws-cn:codedeploy:cn-north-1:111122223333:deploymentgroup:shop/test"
	create := []string{"codedeploy:CreateDeployment" + group}
	for alarms, want := range map[string][]string{
		`null`:                          create,
		`{}`:                            append(create[:1:1], "codedeploy:UpdateDeploymentGroup"+group),
		`{"enabled":false,"alarms":[]}`: append(create[:1:1], "codedeploy:UpdateDeploymentGroup"+group),
	} {
		body := `{"applicationName":"shop","deploymentGroupName":"test","overrideAlarmConfiguration":` + alarms + `}`
		if diff := cmp.Diff(want, c.needs(t, "CreateDeployment", body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", alarms, diff)
		}
	}
}

func TestQuotasAreSetByName(t *testing.T) {
	var q api.Quotas
	if err := q.Set("alarms-per-group", 10); err != nil || q != (api.Quotas{AlarmsPerGroup: 10}) {
		t.Errorf("%+v, error %v", q, err)
	}
	for name, standard := range api.QuotaDefaults() {
		if err := q.Set(name, standard); err != nil {
			t.Errorf("AWS's own value: %v", err)
		}
		if err := q.Set(name, 1); err != nil {
			t.Error(err)
		}
		for _, value := range []int{0, -1, 1 << 40} {
			if err := q.Set(name, value); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s can be %d: %v", name, value, err)
			}
		}
	}
	if err := q.Set("alarms", 1); err == nil || !strings.Contains(err.Error(), `"alarms"`) {
		t.Errorf("an unknown quota: %v", err)
	}
}
