package ecsdriver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/awsaccess"
	"greenlight/internal/ecsdriver"
)

const blueJSON = `{"id":"ecs-svc/1","taskSetArn":"arn:ts1","status":"PRIMARY","taskDefinition":"app:1","computedDesiredCount":2,
 "pendingCount":0,"runningCount":2,"launchType":"FARGATE","platformVersion":"1.4.0","stabilityStatus":"STEADY_STATE",
 "networkConfiguration":{"awsvpcConfiguration":{"subnets":["sn1"],"securityGroups":["sg1"],"assignPublicIp":"ENABLED"}},
 "loadBalancers":[{"targetGroupArn":"` + tgA + `","containerName":"web","containerPort":80}],
 "serviceRegistries":[{"registryArn":"arn:r1","port":8080}],"scale":{"value":100.0,"unit":"PERCENT"},"createdAt":1543431361.022}`

const greenJSON = `{"id":"ecs-svc/2","taskSetArn":"arn:ts2","status":"ACTIVE","externalId":"d-123456789","startedBy":"CODE_DEPLOY",
 "taskDefinition":"app:2","computedDesiredCount":2,"pendingCount":2,"runningCount":0,"stabilityStatus":"STABILIZING",
 "capacityProviderStrategy":[{"capacityProvider":"FARGATE_SPOT","base":1,"weight":3}],
 "loadBalancers":[{"targetGroupArn":"` + tgB + `","containerName":"web","containerPort":80}]}`

var green = ecsdriver.TaskSet{
	ID: "ecs-svc/2", ARN: "arn:ts2", Status: "ACTIVE", ExternalID: "d-123456789", TaskDefinition: "app:2", TargetGroupARN: tgB,
	Stability: "STABILIZING", Desired: 2, Pending: 2,
	CapacityProviders: []ecsdriver.CapacityProvider{{CapacityProvider: "FARGATE_SPOT", Base: 1, Weight: 3}},
}

func services(members string) answer {
	return answer{body: `{"services":[{"serviceArn":"arn:s1","serviceName":"s1","clusterArn":"arn:c1","status":"ACTIVE","desiredCount":2,` +
		members + `"taskSets":[` + blueJSON + `,` + greenJSON + `]}],"failures":[]}`}
}

func TestServiceIsRead(t *testing.T) {
	w, driver := newWire(t)
	w.says("DescribeServices", services(`"deploymentController":{"type":"CODE_DEPLOY"},"propagateTags":"SERVICE",`+
		`"tags":[{"key":"team","value":"blue"},{"key":"bare"}],`+
		`"events":[{"message":"e6"},{"message":"e5"},{"message":"e4"},{"message":"e3"},{"message":"e2"},{"message":"e1"}],`))
	got, err := driver.Service(t.Context(), as, "c1", "s1")
	if err != nil {
		t.Fatal(err)
	}
	want := ecsdriver.Service{
		ARN: "arn:s1", Name: "s1", ClusterARN: "arn:c1", Status: "ACTIVE", Controller: "CODE_DEPLOY", DesiredCount: 2,
		Tags:   map[string]string{"team": "blue", "bare": ""},
		Events: []string{"e6", "e5", "e4", "e3", "e2"},
		TaskSets: []ecsdriver.TaskSet{{
			ID: "ecs-svc/1", ARN: "arn:ts1", Status: "PRIMARY", TaskDefinition: "app:1", TargetGroupARN: tgA, Stability: "STEADY_STATE",
			Desired: 2, Running: 2, LaunchType: "FARGATE", PlatformVersion: "1.4.0",
			Network:    &ecsdriver.Network{Subnets: []string{"sn1"}, SecurityGroups: []string{"sg1"}, AssignPublicIP: "ENABLED"},
			Registries: []ecsdriver.Registry{{ARN: "arn:r1", Port: 8080}},
		}, green},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("service (-want +got):\n%s", diff)
	}
	wantBody(t, w.asked()[0].body, `{"cluster":"c1","services":["s1"],"include":["TAGS"]}`)
}

// The service's tags go to green only when the service says so; a service without a controller is an ECS one (ecs.md 6.3, 13).
func TestServiceDefaults(t *testing.T) {
	for _, members := range []string{`"propagateTags":"TASK_DEFINITION",`, `"propagateTags":"NONE",`, ``} {
		w, driver := newWire(t)
		w.says("DescribeServices", services(members+`"tags":[{"key":"team","value":"blue"}],`))
		got, err := driver.Service(t.Context(), as, "c1", "s1")
		if err != nil || got.Tags != nil || got.Controller != "ECS" {
			t.Errorf("%s: tags are %v, controller %q, error %v; want no tags and ECS", members, got.Tags, got.Controller, err)
		}
	}
}

func TestServiceThatIsNotThere(t *testing.T) {
	for name, c := range map[string]struct {
		answer
		kind awsaccess.FaultKind
		code string
	}{
		"missing":           {answer{body: `{"services":[],"failures":[{"arn":"a","reason":"MISSING"}]}`}, awsaccess.NotFound, "MISSING"},
		"nothing":           {answer{body: `{}`}, awsaccess.NotFound, "MISSING"},
		"another reason":    {answer{body: `{"failures":[{"arn":"a","reason":"ODD"}]}`}, awsaccess.Invalid, "ODD"},
		"cluster not there": {ecsError(400, "ClusterNotFoundException", "Cluster not found."), awsaccess.NotFound, "ClusterNotFoundException"},
	} {
		t.Run(name, func(t *testing.T) {
			w, driver := newWire(t)
			w.says("DescribeServices", c.answer)
			_, err := driver.Service(t.Context(), as, "c1", "s1")
			fault := wantFault(t, err, c.kind, "AmazonECS", c.code)
			if fault.Operation != "DescribeServices" || fault.Message == "" {
				t.Errorf("fault is %+v, want the operation and a message", fault)
			}
		})
	}
}

func spec() ecsdriver.TaskSetSpec {
	return ecsdriver.TaskSetSpec{
		Cluster: "c1", Service: "s1", TaskDefinition: "app:2", ExternalID: "d-123456789", ClientToken: "greenlight-d-123456789",
		TargetGroupARN: tgB, ContainerName: "web", ContainerPort: 80,
	}
}

const (
	specJSON = `"cluster":"c1","service":"s1","taskDefinition":"app:2","externalId":"d-123456789","clientToken":"greenlight-d-123456789",` +
		`"loadBalancers":[{"targetGroupArn":"` + tgB + `","containerName":"web","containerPort":80}],"scale":{"unit":"PERCENT","value":100}`
	strategyJSON = `"capacityProviderStrategy":[{"capacityProvider":"FARGATE","base":1,"weight":1},{"capacityProvider":"FARGATE_SPOT","weight":4}]`
)

var strategy = []ecsdriver.CapacityProvider{
	{CapacityProvider: "FARGATE", Base: 1, Weight: 1}, {CapacityProvider: "FARGATE_SPOT", Weight: 4},
}

// E66 and ecs.md 6.3: what is given goes out, and nothing else.
func TestE66CreateTaskSetOnTheWire(t *testing.T) {
	for name, c := range map[string]struct {
		with func(*ecsdriver.TaskSetSpec)
		also string
	}{
		"nothing more": {func(*ecsdriver.TaskSetSpec) {}, ``},
		"Fargate": {func(s *ecsdriver.TaskSetSpec) { s.LaunchType, s.PlatformVersion = "FARGATE", "LATEST" },
			`,"launchType":"FARGATE","platformVersion":"LATEST"`},
		"EC2 has no platform": {func(s *ecsdriver.TaskSetSpec) { s.LaunchType, s.PlatformVersion = "EC2", "LATEST" }, `,"launchType":"EC2"`},
		"strategy without launch type": {func(s *ecsdriver.TaskSetSpec) {
			s.LaunchType, s.PlatformVersion, s.CapacityProviders = "FARGATE", "1.4.0", strategy
		}, `,"platformVersion":"1.4.0",` + strategyJSON},
		"network": {func(s *ecsdriver.TaskSetSpec) {
			s.Network = &ecsdriver.Network{Subnets: []string{"sn1", "sn2"}, SecurityGroups: []string{"sg1"}, AssignPublicIP: "DISABLED"}
		}, `,"networkConfiguration":{"awsvpcConfiguration":{"subnets":["sn1","sn2"],"securityGroups":["sg1"],"assignPublicIp":"DISABLED"}}`},
		"registries": {func(s *ecsdriver.TaskSetSpec) {
			s.Registries = []ecsdriver.Registry{{ARN: "arn:r1", Port: 8080}, {ARN: "arn:r2", ContainerName: "web", ContainerPort: 80}}
		}, `,"serviceRegistries":[{"registryArn":"arn:r1","port":8080},{"registryArn":"arn:r2","containerName":"web","containerPort":80}]`},
		"tags": {func(s *ecsdriver.TaskSetSpec) { s.Tags = map[string]string{"b": "2", "a": ""} },
			`,"tags":[{"key":"a","value":""},{"key":"b","value":"2"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			w, driver := newWire(t)
			w.says("CreateTaskSet", answer{body: `{"taskSet":` + greenJSON + `}`})
			s := spec()
			c.with(&s)
			got, err := driver.CreateTaskSet(t.Context(), as, s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(green, got); diff != "" {
				t.Errorf("task set (-want +got):\n%s", diff)
			}
			wantBody(t, w.asked()[0].body, "{"+specJSON+c.also+"}")
		})
	}
}

func TestAnswerWithoutTaskSetIsUnavailable(t *testing.T) {
	w, driver := newWire(t)
	w.says("CreateTaskSet", answer{body: `{}`})
	_, err := driver.CreateTaskSet(t.Context(), as, spec())
	wantFault(t, err, awsaccess.Unavailable, "AmazonECS", "")
}

func TestTaskSetsArePromotedAndDeleted(t *testing.T) {
	w, driver := newWire(t)
	w.says("UpdateServicePrimaryTaskSet", answer{body: `{"taskSet":` + greenJSON + `}`})
	w.says("DeleteTaskSet", answer{body: `{"taskSet":` + blueJSON + `}`})
	if err := driver.PromoteTaskSet(t.Context(), as, "c1", "s1", "ecs-svc/2"); err != nil {
		t.Error(err)
	}
	if err := driver.DeleteTaskSet(t.Context(), as, "c1", "s1", "ecs-svc/1"); err != nil {
		t.Error(err)
	}
	wantBody(t, w.asked()[0].body, `{"cluster":"c1","service":"s1","primaryTaskSet":"ecs-svc/2"}`)
	wantBody(t, w.asked()[1].body, `{"cluster":"c1","service":"s1","taskSet":"ecs-svc/1","force":true}`)
}

// ecs.md 10.1: "not found" is success, whatever of the three is gone (E49).
func TestE49DeletingWhatIsGone(t *testing.T) {
	for _, code := range []string{
		"TaskSetNotFoundException", "ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException",
	} {
		w, driver := newWire(t)
		w.says("DeleteTaskSet", ecsError(400, code, "gone"))
		if err := driver.DeleteTaskSet(t.Context(), as, "c1", "s1", "ecs-svc/1"); err != nil {
			t.Errorf("%s: %v, want no error", code, err)
		}
	}
	w, driver := newWire(t)
	w.says("DeleteTaskSet", ecsError(400, "AccessDeniedException", "no"))
	err := driver.DeleteTaskSet(t.Context(), as, "c1", "s1", "ecs-svc/1")
	wantFault(t, err, awsaccess.Denied, "AmazonECS", "AccessDeniedException")
}

// What ECS refuses with, ecs.md 14.1, and what the message of section 11 needs of it.
func TestECSFaults(t *testing.T) {
	for _, c := range []struct {
		status        int
		code, message string
		kind          awsaccess.FaultKind
	}{
		{400, "ServiceNotFoundException", "Service not found.", awsaccess.NotFound},
		{400, "ServiceNotActiveException", "Service was not ACTIVE.", awsaccess.NotFound},
		{400, "ClusterNotFoundException", "Cluster not found.", awsaccess.NotFound},
		{400, "InvalidParameterException", "The container web did not have a container port 81 defined.", awsaccess.Invalid},
		{400, "ClientException", "TaskDefinition is inactive", awsaccess.Invalid},
		{400, "ClientException", "User: u is not authorized to perform: iam:PassRole on resource: r", awsaccess.Denied},
		{400, "AccessDeniedException", "User: u is not authorized to perform: ecs:CreateTaskSet", awsaccess.Denied},
		{400, "UnsupportedFeatureException", "no", awsaccess.Invalid},
		{400, "PlatformUnknownException", "no", awsaccess.Invalid},
		{400, "PlatformTaskDefinitionIncompatibilityException", "no", awsaccess.Invalid},
		{400, "ThrottlingException", "Rate exceeded", awsaccess.Throttled},
		{500, "ServerException", "sorry", awsaccess.Unavailable},
		{400, "ServerException", "a stand-in's status", awsaccess.Unavailable},
		{503, "", "", awsaccess.Unavailable},
	} {
		t.Run(fmt.Sprint(c.status, " ", c.code, " ", c.kind), func(t *testing.T) {
			w, driver := newWire(t)
			w.says("CreateTaskSet", ecsError(c.status, c.code, c.message))
			_, err := driver.CreateTaskSet(t.Context(), as, spec())
			code := c.code
			if code == "" {
				code = "UnknownError"
			}
			fault := wantFault(t, err, c.kind, "AmazonECS", code)
			if fault.StatusCode != c.status || fault.RequestID != requestID || fault.Operation != "CreateTaskSet" {
				t.Errorf("fault is %+v, want status %d and request id %s", fault, c.status, requestID)
			}
			if c.message != "" && fault.Message != c.message {
				t.Errorf("message is %q, want ECS's own %q", fault.Message, c.message)
			}
		})
	}
}

// E67: after a lost answer the same token goes out again, and ECS makes one task set for it.
func TestE67TheSameTokenAfterALostAnswer(t *testing.T) {
	w, driver := newWire(t)
	w.says("CreateTaskSet", answer{status: http.StatusBadGateway}, answer{body: `{"taskSet":` + greenJSON + `}`})
	_, err := driver.CreateTaskSet(t.Context(), as, spec())
	wantFault(t, err, awsaccess.Unavailable, "AmazonECS", "UnknownError")
	if n := len(w.asked()); n != 1 {
		t.Fatalf("%d calls, want 1: the engine retries, not the driver", n)
	}
	if _, err := driver.CreateTaskSet(t.Context(), as, spec()); err != nil {
		t.Fatal(err)
	}
	for _, r := range w.asked() {
		if !strings.Contains(r.body, `"clientToken":"greenlight-d-123456789"`) {
			t.Errorf("sent %s, want the deployment's token", r.body)
		}
	}
}

func wantBody(t *testing.T, got, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("sent %s: %v", got, err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}
