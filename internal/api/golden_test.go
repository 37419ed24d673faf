package api_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
)

// A golden file is one good answer, with the request it is to. What differs from
// run to run - ids, times and tokens - is in it under its kind.

// golden calls an operation, which must succeed, and compares the answer with
// testdata/golden/<operation>[.<stage>].json.
func (c client) golden(t *testing.T, operation, stage, body string) object {
	t.Helper()
	answer := c.ok(t, operation, body)
	name := operation
	if stage != "" {
		name += "." + stage
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(normal(object{"request": parse(t, []byte(body)), "answer": answer})); err != nil {
		t.Fatal(err)
	}
	got := text.Bytes()
	file := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the answer of %s is no longer that of %s (-update writes it anew):\n%s", operation, file, got)
	}
	return answer
}

var (
	uuid       = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	deployment = regexp.MustCompile(`\bd-[A-Z0-9]{9}\b`)
	duration   = regexp.MustCompile(`\b[0-9.]+(?:µs|ms|s) after\b`)
	hostSuffix = regexp.MustCompile(`(:instance/.*)_[A-Za-z0-9]{10}$`)
)

// normal is a copy of a JSON value without what differs from run to run. The
// tests' own deployments are told from those that were made by their names.
func normal(value any) any {
	switch value := value.(type) {
	case object:
		copied := object{}
		for name, member := range value {
			if secret(name, member) {
				copied[name] = "<" + name + ">"
			} else {
				copied[name] = normal(member)
			}
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, element := range value {
			copied[i] = normal(element)
		}
		return copied
	case string:
		value = uuid.ReplaceAllString(value, "<uuid>")
		value = duration.ReplaceAllString(value, "<duration> after")
		value = hostSuffix.ReplaceAllString(value, "${1}_<random>")
		return deployment.ReplaceAllStringFunc(value, func(id string) string {
			if strings.HasPrefix(id, "d-TEST") {
				return id
			}
			return "<deploymentId>"
		})
	case float64:
		if value > 1e9 {
			return "<time>"
		}
	}
	return value
}

// secret is what is replaced as a whole.
func secret(name string, value any) bool {
	text, ok := value.(string)
	return ok && text != "" && (strings.EqualFold(name, "nextToken") || name == "lifecycleEventHookExecutionId")
}

// TestGoldenFilesAreOfEveryOperation: none is left out, save those that have no
// good answer, and none is of something else.
func TestGoldenFilesAreOfEveryOperation(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "golden", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, file := range files {
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		has[name] = true
		if _, ok := codedeploy.OperationNamed(name); !ok {
			t.Errorf("%s is of no operation", file)
		}
	}
	for _, operation := range codedeploy.Operations {
		if has[operation.Name] == (why(operation.Name, "") != "") {
			t.Errorf("%s: has a golden file: %t, has no good answer because %q", operation.Name, has[operation.Name], why(operation.Name, ""))
		}
	}
}

func TestGoldenApplications(t *testing.T) {
	c := newHarness(t, api.Quotas{PageSize: 1}).client()
	c.golden(t, "ListApplications", "Empty", `{}`)
	c.golden(t, "CreateApplication", "", `{"applicationName":"orders","computePlatform":"Lambda","tags":[{"Key":"k","Value":"v"}]}`)
	c.golden(t, "GetApplication", "", `{"applicationName":"orders"}`)
	c.golden(t, "UpdateApplication", "", `{"applicationName":"orders","newApplicationName":"shop"}`)
	c.ok(t, "CreateApplication", `{"applicationName":"web"}`)
	first := c.golden(t, "ListApplications", "FirstPage", `{}`)
	c.golden(t, "ListApplications", "LastPage", `{"nextToken":`+quoted(first["nextToken"].(string))+`}`)
	c.golden(t, "BatchGetApplications", "", `{"applicationNames":["web","shop"]}`)
	c.golden(t, "TagResource", "", `{"ResourceArn":"`+ownARN("application:shop")+`","Tags":[{"Key":"stage","Value":"prod"}]}`)
	c.golden(t, "ListTagsForResource", "", `{"ResourceArn":"`+ownARN("application:shop")+`"}`)
	c.golden(t, "UntagResource", "", `{"ResourceArn":"`+ownARN("application:shop")+`","TagKeys":["k"]}`)
	c.golden(t, "DeleteApplication", "", `{"applicationName":"shop"}`)
}

func TestGoldenGroups(t *testing.T) {
	c := groupClient(t)
	c.golden(t, "CreateDeploymentGroup", "", groupOf(t, "lambda", `{}`))
	c.golden(t, "GetDeploymentGroup", "BeforeAnyDeployment", `{"applicationName":"lambda","deploymentGroupName":"g"}`)
	c.deploy(t, "lambda", "g", "d-TESTDONE0", codedeploy.DeploymentStatusSucceeded)
	c.golden(t, "GetDeploymentGroup", "AfterASuccess", `{"applicationName":"lambda","deploymentGroupName":"g"}`)
	c.deploy(t, "lambda", "g", "d-TESTGOING", codedeploy.DeploymentStatusInProgress)
	c.golden(t, "GetDeploymentGroup", "WhileDeploying", `{"applicationName":"lambda","deploymentGroupName":"g"}`)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "server", fullGroup))
	c.golden(t, "GetDeploymentGroup", "Server", `{"applicationName":"server","deploymentGroupName":"g"}`)
	c.golden(t, "UpdateDeploymentGroup", "", `{"applicationName":"lambda","currentDeploymentGroupName":"g","newDeploymentGroupName":"h"}`)
	c.golden(t, "UpdateDeploymentGroup", "WithAutoScaling", `{"applicationName":"server","currentDeploymentGroupName":"g","autoScalingGroups":["x"]}`)
	c.ok(t, "CreateDeploymentGroup", groupOf(t, "ecs", `{}`))
	c.golden(t, "GetDeploymentGroup", "ECS", `{"applicationName":"ecs","deploymentGroupName":"g"}`)
	c.golden(t, "BatchGetDeploymentGroups", "", `{"applicationName":"ecs","deploymentGroupNames":["g","none"]}`)
	c.golden(t, "ListDeploymentGroups", "", `{"applicationName":"ecs"}`)
	c.golden(t, "DeleteDeploymentGroup", "", `{"applicationName":"server","deploymentGroupName":"g"}`)
}

func TestGoldenConfigs(t *testing.T) {
	c := newHarness(t, api.Quotas{PageSize: 3}).client()
	c.golden(t, "CreateDeploymentConfig", "Server", `{"deploymentConfigName":"zones","minimumHealthyHosts":{"type":"FLEET_PERCENT","value":75},
		"zonalConfig":{"monitorDurationInSeconds":60,"minimumHealthyHostsPerZone":{"type":"HOST_COUNT","value":1}}}`)
	c.golden(t, "CreateDeploymentConfig", "Lambda", `{"deploymentConfigName":"canary","computePlatform":"Lambda",
		"trafficRoutingConfig":{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":10,"canaryInterval":3}}}`)
	c.golden(t, "GetDeploymentConfig", "Server", `{"deploymentConfigName":"zones"}`)
	c.golden(t, "GetDeploymentConfig", "Lambda", `{"deploymentConfigName":"canary"}`)
	c.golden(t, "GetDeploymentConfig", "Predefined", `{"deploymentConfigName":"CodeDeployDefault.OneAtATime"}`)
	c.golden(t, "ListDeploymentConfigs", "", `{}`)
	c.golden(t, "DeleteDeploymentConfig", "", `{"deploymentConfigName":"canary"}`)
}

func TestGoldenRevisions(t *testing.T) {
	c := newClient(t)
	c.applications(t)
	c.golden(t, "RegisterApplicationRevision", "", `{"applicationName":"lambda","description":"one","revision":`+inlineText+`}`)
	c.golden(t, "GetApplicationRevision", "Inline", `{"applicationName":"lambda","revision":`+inlineText+`}`)
	c.ok(t, "RegisterApplicationRevision", `{"applicationName":"server","revision":`+s3Zip+`}`)
	c.golden(t, "GetApplicationRevision", "S3", `{"applicationName":"server","revision":`+s3Zip+`}`)
	c.golden(t, "ListApplicationRevisions", "", `{"applicationName":"lambda"}`)
	c.golden(t, "BatchGetApplicationRevisions", "", `{"applicationName":"server","revisions":[`+s3Zip+`,`+gitHubCommit+`]}`)
}

func TestGoldenOnPremises(t *testing.T) {
	c := newClient(t)
	c.golden(t, "RegisterOnPremisesInstance", "", `{"instanceName":"web1","iamUserArn":"arn:aws:iam::111122223333:user/web1"}`)
	c.golden(t, "GetOnPremisesInstance", "Registered", `{"instanceName":"web1"}`)
	c.golden(t, "AddTagsToOnPremisesInstances", "", `{"instanceNames":["web1"],"tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]}`)
	c.golden(t, "RemoveTagsFromOnPremisesInstances", "", `{"instanceNames":["web1"],"tags":[{"Key":"a","Value":"1"}]}`)
	c.golden(t, "DeregisterOnPremisesInstance", "", `{"instanceName":"web1"}`)
	c.golden(t, "GetOnPremisesInstance", "Deregistered", `{"instanceName":"web1"}`)
	c.golden(t, "BatchGetOnPremisesInstances", "", `{"instanceNames":["web1","none"]}`)
	c.golden(t, "ListOnPremisesInstances", "", `{"registrationStatus":"Deregistered"}`)
}

func TestGoldenOddsAndEnds(t *testing.T) {
	c := newClient(t)
	c.golden(t, "ListGitHubAccountTokenNames", "", `{}`)
	c.golden(t, "DeleteResourcesByExternalId", "", `{"externalId":"arn:aws:cloudformation:eu-west-1:111122223333:stack/s/1"}`)
	c.golden(t, "ListDeployments", "Empty", `{}`)
}
