package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// greenlight runs a verb against the server.
func (s *server) greenlight(stdin string, args ...string) outcome {
	s.t.Helper()
	return run(s.t, environment(s.t, credentialVariables(s.URL)...), stdin, binary, args...)
}

// documents decodes what --output json prints, one document a line.
func (o outcome) documents(t testing.TB) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(o.stdout) {
		var document map[string]any
		if err := json.Unmarshal([]byte(line), &document); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		all = append(all, document)
	}
	if len(all) == 0 {
		t.Fatalf("no document; exit code %d, %s", o.code, o.stderr)
	}
	return all
}

// TestGreenlight_DeployAndWatch: the two exit codes that a script asks for.
func TestGreenlight_DeployAndWatch(t *testing.T) {
	t.Parallel()
	s := start(t, "fast")
	prepare(s, "Succeeded", "Failed")
	deploy := []string{"deploy", "--application", application, "--group", group}

	good := s.greenlight(firstRelease(hookBefore, "").appSpec(), append(deploy, "-")...)
	if good.code != 0 || !strings.Contains(good.stdout, "orders:live: 100% on version 2") || !strings.Contains(good.stdout, " succeeded after 5m") {
		t.Fatalf("a good release: exit code %d\n%s%s", good.code, good.stdout, good.stderr)
	}

	back := release{function: function, alias: live, from: "2", to: "1", after: hookAfter}
	bad := s.greenlight(back.appSpec(), append(deploy, "--output", "json", "-")...)
	documents := bad.documents(t)
	first, last := documents[0], documents[len(documents)-1]
	if bad.code != 3 || last["rollbackOf"] != first["deploymentId"] || last["status"] != "Succeeded" {
		t.Fatalf("a bad release: exit code %d\n%s%s", bad.code, bad.stdout, bad.stderr)
	}
	s.checkTraffic(traffic{Version: "2"})

	failed := first["deploymentId"].(string)
	if again := s.greenlight("", "watch", failed); again.code != 3 || !strings.Contains(again.stdout, "HOOK_EXECUTION_FAILURE") {
		t.Errorf("watch of the failed one: exit code %d\n%s%s", again.code, again.stdout, again.stderr)
	}
	if rollback := s.greenlight("", "watch", last["deploymentId"].(string), "--output", "json"); rollback.code != 0 {
		t.Errorf("watch of the rollback: exit code %d\n%s%s", rollback.code, rollback.stdout, rollback.stderr)
	}
	if unknown := s.greenlight("", "watch", "d-000000000"); unknown.code != 1 || !strings.Contains(unknown.stderr, "DeploymentDoesNotExistException") {
		t.Errorf("watch of none: exit code %d\n%s", unknown.code, unknown.stderr)
	}
}

// TestGreenlight_Stop stops a canary in its wait, with the traffic going back.
func TestGreenlight_Stop(t *testing.T) {
	t.Parallel()
	s := start(t, "manual")
	prepare(s, "Succeeded", "Succeeded")
	started := s.greenlight(firstRelease(hookBefore, hookAfter).appSpec(),
		"deploy", "--application", application, "--group", group, "--no-wait", "-")
	id := strings.TrimSpace(started.stdout)
	if started.code != 0 || !strings.HasPrefix(id, "d-") {
		t.Fatalf("deploy --no-wait: exit code %d\n%s%s", started.code, started.stdout, started.stderr)
	}
	s.awaitWeight(id, 0.1)
	stopped := s.greenlight("", "stop", id, "--rollback", "--output", "json")
	if stopped.code != 0 || stopped.documents(t)[0]["status"] != "Succeeded" {
		t.Fatalf("stop: exit code %d\n%s%s", stopped.code, stopped.stdout, stopped.stderr)
	}
	info := s.awaitEnd(id)
	if info.Status != types.DeploymentStatusStopped || info.ErrorInformation.Code != types.ErrorCodeManualStop {
		t.Errorf("ended %s, %+v", info.Status, info.ErrorInformation)
	}
	s.checkRollback(info)
	checkEvents(t, s.events(id), [3]types.LifecycleEventStatus{eventSucceeded, eventFailed, eventSkipped})
	s.checkTraffic(traffic{Version: "1"})
	if watched := s.greenlight("", "watch", id); watched.code != 3 {
		t.Errorf("watch of the stopped one: exit code %d\n%s", watched.code, watched.stdout)
	}
}

// TestGreenlight_Logs shows what a function has written.
func TestGreenlight_Logs(t *testing.T) {
	t.Parallel()
	s := start(t, "real")
	s.createHello(function, live)
	must(s.invoke(function, live))(t)
	var o outcome
	eventually(t, "the line to be in the log", func() bool {
		o = s.greenlight("", "logs", function)
		return strings.Contains(o.stdout, `orders:1  version 1 says "one"`)
	})
	if o.code != 0 {
		t.Errorf("exit code %d\n%s", o.code, o.stderr)
	}
	found := false
	for _, line := range s.greenlight("", "logs", function, "--since", "1h", "--output", "json").documents(t) {
		at, err := time.Parse(time.RFC3339Nano, line["time"].(string))
		found = found || err == nil && time.Since(at) < time.Hour && line["version"] == "1" && line["requestId"] != ""
	}
	if !found {
		t.Error("no line of the last hour as JSON")
	}
	if o := s.greenlight("", "logs", "nobody"); o.code != 1 || !strings.Contains(o.stderr, "ResourceNotFoundException") {
		t.Errorf("logs of no function: exit code %d\n%s", o.code, o.stderr)
	}
}
