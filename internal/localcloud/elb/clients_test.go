package elb

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// cookie asks a listener once and returns the cookies of the answer and its body.
func (b *bench) cookie(listener string) (cookies, body string) {
	b.t.Helper()
	address, _ := b.service.Address(account, region, listener)
	answer := must(http.Get("http://" + address + "/"))(b.t)
	defer answer.Body.Close()
	var all []string
	for _, c := range answer.Cookies() {
		all = append(all, c.Name+"="+c.Value)
	}
	var text bytes.Buffer
	must(text.ReadFrom(answer.Body))(b.t)
	return strings.Join(all, "; "), text.String()
}

// environment is what a client needs to find the service, and nothing else.
func (b *bench) environment(dir string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "AWS_ENDPOINT_URL=" + b.url, "AWS_DEFAULT_REGION=" + region,
		"AWS_ACCESS_KEY_ID=" + account, "AWS_SECRET_ACCESS_KEY=any", "AWS_EC2_METADATA_DISABLED=true", "NO_PROXY=127.0.0.1",
		"PYENV_ROOT=" + os.Getenv("PYENV_ROOT"),
	}
}

func (b *bench) run(program string, args ...string) string {
	b.t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		b.t.Skipf("skip: %s is not on this machine", program)
	}
	command := exec.CommandContext(b.t.Context(), path, args...)
	command.Dir = b.t.TempDir()
	command.Env = b.environment(command.Dir)
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	if err := command.Run(); err != nil {
		b.t.Fatalf("%s %s: %v\n%s%s", program, strings.Join(args, " "), err, out.String(), said.String())
	}
	return out.String()
}

// aws runs a command of the AWS CLI for one text.
func (b *bench) aws(query string, args ...string) string {
	b.t.Helper()
	return strings.TrimSpace(b.run("aws", append([]string{"elbv2", "--output", "text", "--query", query}, args...)...))
}

func TestAWSCLI(t *testing.T) {
	b := start(t, Options{})
	balancer := b.aws("LoadBalancers[0].LoadBalancerArn", "create-load-balancer", "--name", "web", "--subnets", "subnet-a", "subnet-b")
	group := func(name string) string {
		return b.aws("TargetGroups[0].TargetGroupArn", "create-target-group", "--name", name, "--protocol", "HTTP", "--port", "80", "--target-type", "ip", "--vpc-id", "vpc-1")
	}
	tgA, tgB := group("tgA"), group("tgB")
	listener := b.aws("Listeners[0].ListenerArn", "create-listener", "--load-balancer-arn", balancer, "--protocol", "HTTP", "--port", "80",
		"--default-actions", "Type=forward,TargetGroupArn="+tgA)
	b.aws("@", "register-targets", "--target-group-arn", tgA, "--targets", "Id=127.0.0.1,Port=9")
	config, _ := json.Marshal([]any{map[string]any{"Type": "forward", "ForwardConfig": map[string]any{"TargetGroups": []any{
		map[string]any{"TargetGroupArn": tgA, "Weight": 90}, map[string]any{"TargetGroupArn": tgB, "Weight": 10},
	}}}})
	if got := b.aws("Listeners[0].DefaultActions[0].ForwardConfig.TargetGroups[].Weight", "modify-listener", "--listener-arn", listener,
		"--default-actions", string(config)); strings.Join(strings.Fields(got), " ") != "90 10" {
		t.Errorf("modify-listener: got %s", got)
	}
	if got := b.aws("TargetHealthDescriptions[0].Target.Port", "describe-target-health", "--target-group-arn", tgA); got != "9" {
		t.Errorf("describe-target-health: got %s", got)
	}
	b.aws("@", "delete-listener", "--listener-arn", listener)
	b.aws("@", "delete-load-balancer", "--load-balancer-arn", balancer)
	if got := b.aws("LoadBalancers", "describe-load-balancers"); got != "" {
		t.Errorf("describe-load-balancers: got %s", got)
	}
}

const boto3Script = `
import boto3, botocore
c = boto3.client("elbv2")
assert c.describe_target_groups()["TargetGroups"] == []
arn = c.create_load_balancer(Name="web", Subnets=["subnet-a"])["LoadBalancers"][0]["LoadBalancerArn"]
c.get_waiter("load_balancer_available").wait(LoadBalancerArns=[arn])
group = c.create_target_group(Name="tgA", Protocol="HTTP", Port=80, TargetType="ip")["TargetGroups"][0]
assert group["LoadBalancerArns"] == [] and group["Matcher"] == {"HttpCode": "200"}
listener = c.create_listener(LoadBalancerArn=arn, Port=80, Protocol="HTTP",
    DefaultActions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}])["Listeners"][0]["ListenerArn"]
rules = c.describe_rules(ListenerArn=listener)["Rules"]
assert [(r["Priority"], r["IsDefault"], r["Conditions"]) for r in rules] == [("default", True, [])]
for rule in [{"RuleArn": rules[0]["RuleArn"]}]:
    try:
        c.modify_rule(Actions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}], **rule)
        raise SystemExit("the default rule was modified")
    except c.exceptions.OperationNotPermittedException:
        pass
try:
    c.delete_target_group(TargetGroupArn=group["TargetGroupArn"])
    raise SystemExit("a target group in use was deleted")
except c.exceptions.ResourceInUseException:
    pass
print(c.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"])
`

func TestBoto3(t *testing.T) {
	b := start(t, Options{})
	if python, err := exec.LookPath("python3"); err != nil || exec.Command(python, "-c", "import boto3").Run() != nil {
		t.Skip("skip: there is no Python with boto3 on this machine")
	}
	if got := strings.TrimSpace(b.run("python3", "-c", boto3Script)); got != "[]" {
		t.Errorf("got %s", got)
	}
}
