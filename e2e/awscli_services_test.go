package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestAWSCLI_Service takes a service from nothing to its third release with the
// AWS CLI alone: what it is told of a service under CodeDeploy (E63-E65), a
// release by create-deployment, and one by its own `aws ecs deploy` (E61).
func TestAWSCLI_Service(t *testing.T) {
	t.Parallel()
	lookPath(t, "aws")
	s := startECS(t, "fast")
	aws := newAWSCLI(t, s)
	w := aws.createService(s)
	s.checkRelease(w.prod, "app:1") // E63
	aws.refuseToRelease()
	aws.scale(4)
	aws.scale(1)
	aws.createServiceGroup(w)

	id := aws.createServiceDeployment(w, serviceSpec("app:2"))
	s.awaitEnd(id) // the waiter asks at once, and then every 15 seconds
	aws.do(nil, "deploy", "wait", "deployment-successful", "--deployment-id", id)
	s.checkServing(w, id, "app:2", [2]int{0, 100})

	aws.deployTaskDefinition(s, w)
}

// createService makes s1 with all that it needs (E63), and awaits that it is
// steady.
func (a awsCLI) createService(s *server) webService {
	a.t.Helper()
	w := webService{name: "s1", groups: [2]string{"s1-a", "s1-b"}}
	var arn string
	a.do(&arn, "elbv2", "create-load-balancer", "--name", balancer, "--subnets", "subnet-1", "subnet-2", "--query", "LoadBalancers[0].LoadBalancerArn")
	a.do(nil, "elbv2", "wait", "load-balancer-available", "--load-balancer-arns", arn)
	for i, name := range w.groups {
		a.do(&w.groupARNs[i], "elbv2", "create-target-group", "--name", name, "--protocol", "HTTP", "--port", "80", "--vpc-id", "vpc-1",
			"--target-type", "ip", "--query", "TargetGroups[0].TargetGroupArn",
			"--health-check-interval-seconds", "5", "--health-check-timeout-seconds", "4", "--healthy-threshold-count", "2")
	}
	a.do(&w.prod.arn, "elbv2", "create-listener", "--load-balancer-arn", arn, "--protocol", "HTTP", "--port", "80",
		"--default-actions", "Type=forward,TargetGroupArn="+w.groupARNs[0], "--query", "Listeners[0].ListenerArn")
	w.prod.url = s.listenerURL(80)
	a.do(nil, "ecs", "create-cluster", "--cluster-name", cluster)
	for _, release := range []string{"app:1", "app:2"} {
		var made string
		a.do(&made, "ecs", "register-task-definition", "--cli-input-json", taskDefinition(release), "--query", "taskDefinition.taskDefinitionArn")
		if !strings.HasSuffix(made, "task-definition/"+release) {
			a.t.Fatalf("registered %s, want %s", made, release)
		}
	}
	var made seenService
	a.do(&made, "ecs", "create-service", "--cluster", cluster, "--service-name", w.name, "--task-definition", "app:1", "--desired-count", "1",
		"--deployment-controller", "type=CODE_DEPLOY", "--query", "service",
		"--load-balancers", "targetGroupArn="+w.groupARNs[0]+",containerName=web,containerPort=80")
	if len(made.TaskSets) != 1 || made.TaskSets[0].StabilityStatus != "STABILIZING" {
		a.t.Errorf("create-service: %+v", made)
	}
	a.awaitSteady(1)
	return w
}

// seenService is what the tests want of describe-services.
type seenService struct {
	Status      string
	Deployments []any
	TaskSets    []struct {
		Status, StabilityStatus            string
		ComputedDesiredCount, RunningCount int
	}
}

// awaitSteady waits until s1 has one task set, primary and steady, with so many
// tasks.
func (a awsCLI) awaitSteady(tasks int) {
	a.t.Helper()
	eventually(a.t, "s1 to be steady", func() bool {
		var seen seenService
		a.do(&seen, "ecs", "describe-services", "--cluster", cluster, "--services", "s1", "--query", "services[0]")
		if seen.Status != "ACTIVE" || seen.Deployments == nil || len(seen.Deployments) != 0 || len(seen.TaskSets) != 1 || seen.TaskSets[0].Status != "PRIMARY" {
			a.t.Fatalf("describe-services: %+v", seen)
		}
		set := seen.TaskSets[0]
		return set.StabilityStatus == "STEADY_STATE" && set.ComputedDesiredCount == tasks && set.RunningCount == tasks
	})
}

// refuseToRelease: only CodeDeploy changes what a service runs (E64).
func (a awsCLI) refuseToRelease() {
	a.t.Helper()
	o := run(a.t, a.env, "", a.path, "ecs", "update-service", "--cluster", cluster, "--service", "s1", "--task-definition", "app:2")
	const text = "Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment."
	if o.code == 0 || !strings.Contains(o.stderr, "InvalidParameterException") || !strings.Contains(o.stderr, text) {
		a.t.Errorf("update-service: exit code %d, %s", o.code, o.stderr)
	}
}

// scale changes the desired count, which the primary task set follows (E65).
func (a awsCLI) scale(desired int) {
	a.t.Helper()
	a.do(nil, "ecs", "update-service", "--cluster", cluster, "--service", "s1", "--desired-count", strconv.Itoa(desired))
	a.awaitSteady(desired)
}

func (a awsCLI) createServiceGroup(w webService) {
	a.t.Helper()
	a.do(nil, "deploy", "create-application", "--application-name", application, "--compute-platform", "ECS")
	request := must(json.Marshal(map[string]any{
		"applicationName": application, "deploymentGroupName": w.name, "serviceRoleArn": role, "deploymentConfigName": ecsAllAtOnce,
		"ecsServices":     []any{map[string]string{"clusterName": cluster, "serviceName": w.name}},
		"deploymentStyle": map[string]string{"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
		"loadBalancerInfo": map[string]any{"targetGroupPairInfoList": []any{map[string]any{
			"targetGroups":     []any{map[string]string{"name": w.groups[0]}, map[string]string{"name": w.groups[1]}},
			"prodTrafficRoute": map[string]any{"listenerArns": []string{w.prod.arn}},
		}}},
		"blueGreenDeploymentConfiguration": map[string]any{
			"deploymentReadyOption":                     map[string]any{"actionOnTimeout": "CONTINUE_DEPLOYMENT", "waitTimeInMinutes": 0},
			"terminateBlueInstancesOnDeploymentSuccess": map[string]any{"action": "TERMINATE", "terminationWaitTimeInMinutes": 5},
		},
	}))(a.t)
	a.do(nil, "deploy", "create-deployment-group", "--cli-input-json", string(request))
}

func (a awsCLI) createServiceDeployment(w webService, spec string) string {
	a.t.Helper()
	revision := must(json.Marshal(map[string]any{
		"revisionType": "AppSpecContent", "appSpecContent": map[string]string{"content": spec},
	}))(a.t)
	var id string
	a.do(&id, "deploy", "create-deployment", "--application-name", application, "--deployment-group-name", w.name,
		"--revision", string(revision), "--query", "deploymentId")
	return id
}

// deployTaskDefinition is `aws ecs deploy` from start to finish. The placeholder
// in the AppSpec is what the command replaces.
func (a awsCLI) deployTaskDefinition(s *server, w webService) {
	a.t.Helper()
	dir := a.t.TempDir()
	for name, text := range map[string]string{
		"td.json": taskDefinition("app:3"),
		"a.yaml": `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "any"
        LoadBalancerInfo:
          ContainerName: web
          ContainerPort: 80
`,
	} {
		must(0, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))(a.t)
	}
	o := runIn(a.t, dir, a.env, "", a.path, "ecs", "deploy", "--service", w.name, "--cluster", cluster, "--task-definition", "td.json",
		"--codedeploy-appspec", "a.yaml", "--codedeploy-application", application, "--codedeploy-deployment-group", w.name)
	said := strings.Split(strings.TrimSpace(o.stdout), "\n")
	var id string
	for i, want := range []string{"Successfully registered new ECS task definition ", "Successfully created deployment ", "Waiting for ", "Successfully deployed "} {
		j := slices.IndexFunc(said, func(line string) bool { return strings.HasPrefix(line, want) })
		if j < 0 {
			a.t.Fatalf("line %d is missing; exit code %d\n%s%s", i+1, o.code, o.stdout, o.stderr)
		}
		if i == 1 {
			id = strings.TrimPrefix(said[j], want)
		}
	}
	if o.code != 0 {
		a.t.Fatalf("aws ecs deploy: exit code %d\n%s%s", o.code, o.stdout, o.stderr)
	}
	s.checkServing(w, strings.TrimSpace(id), "app:3", [2]int{100, 0})
	if got := s.service(w.name).TaskDefinition; !strings.HasSuffix(*got, "task-definition/app:3") {
		a.t.Errorf("the service has the task definition %s", *got)
	}
}
