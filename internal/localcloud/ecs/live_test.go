package ecs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	launcher "greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/elb"
)

// releaseVariable makes this test binary a web service that answers with the
// variable's value.
const releaseVariable = "GREENLIGHT_ECS_TEST_RELEASE"

func TestMain(m *testing.M) {
	if release := os.Getenv(releaseVariable); release != "" {
		err := http.ListenAndServe(net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT")),
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, release) }))
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// live is the local ECS on processes behind the local load balancing, used with
// the AWS CLI.
type live struct {
	t        *testing.T
	dir      string
	port     int // of the listener
	launcher launcher.Launcher
	balancer *elb.Service
	service  *Service
	server   *httptest.Server
}

func newLive(t *testing.T) *live {
	t.Helper()
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("the AWS CLI is not on this machine")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	l := &live{t: t, dir: t.TempDir(), port: free.Addr().(*net.TCPAddr).Port}
	return l
}

func (l *live) open() {
	l.t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	l.launcher = must(launcher.Processes(launcher.Options{Dir: l.dir, Pace: 20, Log: quiet}))(l.t)
	l.balancer = must(elb.Open(l.t.Context(), elb.Options{Dir: l.dir, Pace: 100, Log: quiet, Port: func(int) int { return l.port }}))(l.t)
	l.service = must(Open(l.t.Context(), Options{Dir: l.dir, Clock: clock.New(clock.Real, 0, nil), Launcher: l.launcher,
		Balancer: l.balancer, Pace: 20, Log: quiet}))(l.t)
	l.server = httptest.NewServer(awswire.NewServer(awswire.Options{Auth: awswire.AnyCredentials(), Log: quiet}, l.service, l.balancer))
}

// close ends everything; leave lets the tasks run, as kill -9 would.
func (l *live) close(leave bool) {
	l.t.Helper()
	l.server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if leave {
		(&cloud{t: l.t, service: l.service}).kill()
	} else if err := l.service.Close(ctx); err != nil {
		l.t.Error(err)
	}
	if err := l.launcher.Close(); err != nil {
		l.t.Error(err)
	}
	if err := l.balancer.Close(ctx); err != nil {
		l.t.Error(err)
	}
}

// aws runs the AWS CLI and returns what it prints, on standard error if it fails.
func (l *live) aws(args ...string) (string, bool) {
	l.t.Helper()
	command := exec.CommandContext(l.t.Context(), "aws", args...)
	command.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+l.server.URL, "AWS_ACCESS_KEY_ID="+testAccount, "AWS_SECRET_ACCESS_KEY=x",
		"AWS_DEFAULT_REGION="+testRegion, "AWS_PAGER=", "AWS_DEFAULT_OUTPUT=json", "AWS_EC2_METADATA_DISABLED=true", "AWS_MAX_ATTEMPTS=1")
	var out, fault bytes.Buffer
	command.Stdout, command.Stderr = &out, &fault
	if command.Run() != nil {
		return fault.String(), false
	}
	return out.String(), true
}

// do is aws for a command that must succeed, with --query and text.
func (l *live) do(query string, args ...string) string {
	l.t.Helper()
	out, ok := l.aws(append(args, "--query", query, "--output", "text")...)
	if !ok {
		l.t.Fatalf("aws %v: %s", args, out)
	}
	return strings.TrimSpace(out)
}

// await asks the service until it is as wanted.
func (l *live) await(what string, wanted func(s *shownService) bool) {
	l.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var last []byte
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-tick.C {
		out, err := l.service.describeServices(awswire.WithCaller(l.t.Context(), awswire.Caller{Account: testAccount, Region: testRegion}),
			&describeServicesInput{Cluster: "c1", Services: []string{"s1"}})
		s := must(out.(describeServicesOutput), err)(l.t).Services[0]
		if wanted(s) {
			return
		}
		last, _ = json.MarshalIndent(s, "", " ")
	}
	l.t.Fatalf("never %s; last %s", what, last)
}

func steadySets(n int) func(*shownService) bool {
	return func(s *shownService) bool {
		for _, set := range s.TaskSets {
			if set.Stability != steadyState {
				return false
			}
		}
		return len(s.TaskSets) == n
	}
}

func (l *live) get() string {
	l.t.Helper()
	answer := must(http.Get(fmt.Sprintf("http://127.0.0.1:%d/", l.port)))(l.t)
	defer answer.Body.Close()
	return string(must(io.ReadAll(answer.Body))(l.t))
}

func (l *live) register(release string) {
	l.t.Helper()
	containers := must(json.Marshal([]map[string]any{{
		"name": "web", "image": "app", "memory": 64, "entryPoint": []string{os.Args[0]},
		"portMappings": []map[string]int{{"containerPort": 80}},
		"environment":  []map[string]string{{"name": releaseVariable, "value": release}},
	}}))(l.t)
	l.do("taskDefinition.taskDefinitionArn", "ecs", "register-task-definition", "--family", "app", "--container-definitions", string(containers))
}

// TestAWSCLIOnProcesses is the fixture of ecs.md 16 made with the AWS CLI, and
// what a deployment does to it, with tasks and a listener that are real: E63 to
// E65, and a process that is killed in between.
func TestAWSCLIOnProcesses(t *testing.T) {
	l := newLive(t)
	l.open()
	defer func() { l.close(false) }()
	groups := l.behindListener()
	l.do("cluster.status", "ecs", "create-cluster", "--cluster-name", "c1")
	l.register("app:1")
	l.register("app:2")
	balancer := "targetGroupArn=%s,containerName=web,containerPort=80"
	created := l.do("service.[status,length(deployments),length(taskSets),taskSets[0].status,taskSets[0].stabilityStatus]",
		"ecs", "create-service", "--cluster", "c1", "--service-name", "s1", "--task-definition", "app:1", "--desired-count", "2",
		"--deployment-controller", "type=CODE_DEPLOY", "--load-balancers", fmt.Sprintf(balancer, groups[0]))
	if created != "ACTIVE\t0\t1\tPRIMARY\tSTABILIZING" {
		t.Errorf("created %q", created)
	}
	l.await("steady", steadySets(1))
	if got := l.get(); got != "app:1" {
		t.Errorf("the listener answers %q", got)
	}
	refusal, ok := l.aws("ecs", "update-service", "--cluster", "c1", "--service", "s1", "--task-definition", "app:2")
	if ok || !strings.Contains(refusal, "(InvalidParameterException)") || !strings.Contains(refusal,
		"Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.") {
		t.Errorf("E64: %s", refusal)
	}
	l.do("service.desiredCount", "ecs", "update-service", "--cluster", "c1", "--service", "s1", "--desired-count", "4")
	l.await("four tasks", func(s *shownService) bool { return steadySets(1)(s) && s.TaskSets[0].Desired == 4 && s.Running == 4 })

	tasks := l.do("sort(taskArns)", "ecs", "list-tasks", "--cluster", "c1", "--service-name", "s1")
	l.close(true)
	l.open()
	l.await("steady again", steadySets(1))
	if again := l.do("sort(taskArns)", "ecs", "list-tasks", "--cluster", "c1", "--service-name", "s1"); again != tasks {
		t.Errorf("after a kill the tasks are\n%s, not\n%s", again, tasks)
	}
	green := l.do("taskSet.id", "ecs", "create-task-set", "--cluster", "c1", "--service", "s1", "--task-definition", "app:2",
		"--launch-type", "EC2", "--external-id", "d-A1B2C3D4E", "--scale", "value=50,unit=PERCENT",
		"--load-balancers", fmt.Sprintf(balancer, groups[1]))
	l.await("green steady", steadySets(2))
	blue := l.do("services[0].taskSets[0].id", "ecs", "describe-services", "--cluster", "c1", "--services", "s1")
	l.do("Listeners[0].Port", "elbv2", "modify-listener", "--listener-arn", groups[2], "--default-actions", "Type=forward,TargetGroupArn="+groups[1])
	if got := l.get(); got != "app:2" {
		t.Errorf("after the shift the listener answers %q", got)
	}
	l.do("taskSet.status", "ecs", "update-service-primary-task-set", "--cluster", "c1", "--service", "s1", "--primary-task-set", green)
	l.do("taskSet.status", "ecs", "delete-task-set", "--cluster", "c1", "--service", "s1", "--task-set", blue, "--force")
	l.await("green alone", steadySets(1))
	if got := l.do("services[0].taskDefinition", "ecs", "describe-services", "--cluster", "c1", "--services", "s1"); !strings.HasSuffix(got, "/app:2") {
		t.Errorf("the service runs %s", got)
	}
}

// behindListener makes two target groups and a listener that forwards to the
// first. The ARNs are the groups' and the listener's.
func (l *live) behindListener() []string {
	l.t.Helper()
	balancer := l.do("LoadBalancers[0].LoadBalancerArn", "elbv2", "create-load-balancer", "--name", "lb", "--subnets", "subnet-1", "subnet-2")
	var arns []string
	for _, name := range []string{"tgA", "tgB"} {
		arns = append(arns, l.do("TargetGroups[0].TargetGroupArn", "elbv2", "create-target-group", "--name", name, "--protocol", "HTTP",
			"--port", "80", "--vpc-id", "vpc-1", "--target-type", "ip"))
	}
	return append(arns, l.do("Listeners[0].ListenerArn", "elbv2", "create-listener", "--load-balancer-arn", balancer, "--protocol", "HTTP",
		"--port", "80", "--default-actions", "Type=forward,TargetGroupArn="+arns[0]))
}
