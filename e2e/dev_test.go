package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func TestDev_RefusesOpenAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", "[::]:0", ":0", "192.0.2.1:0"} {
		o := run(t, environment(t), "", binary, "dev", "--listen", address, "--data", t.TempDir())
		if o.code != 2 || !strings.Contains(o.stderr, "loopback") {
			t.Errorf("--listen %s: exit code %d\n%s", address, o.code, o.stderr)
		}
	}
	if o := run(t, environment(t), "", binary, "dev", "--clock", "slow"); o.code != 2 {
		t.Errorf("--clock slow: exit code %d\n%s", o.code, o.stderr)
	}
}

// TestDev_OneServerPerDataDirectory: the lock on the database is what makes a
// restart carry on at once, so it must hold.
func TestDev_OneServerPerDataDirectory(t *testing.T) {
	t.Parallel()
	s := start(t, "real")
	o := run(t, environment(t), "", binary, "dev", "--listen", "127.0.0.1:0", "--data", s.data)
	if o.code != 1 || strings.Contains(o.stderr, "listening on") || !strings.Contains(o.stderr, s.data) {
		t.Errorf("the second server: exit code %d\n%s", o.code, o.stderr)
	}
	if status, _ := s.get("/readyz"); status != http.StatusOK {
		t.Errorf("the first one answers %d", status)
	}
}

// TestDev_TellsHowItIs: health, readiness and metrics.
func TestDev_TellsHowItIs(t *testing.T) {
	t.Parallel()
	s := start(t, "real")
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ok\n", "/metrics": "process_resident_memory_bytes"} {
		if status, body := s.get(path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("GET %s: %d %.200s", path, status, body)
		}
	}
}

// TestDev_Clock: only a manual clock is moved by a caller, and a clock that ran
// ahead stays ahead over a restart, in whichever mode.
func TestDev_Clock(t *testing.T) {
	t.Parallel()
	s := start(t, "manual")
	if before, after := s.now(), s.advance(90*time.Minute); !within(after, before.Add(90*time.Minute), patience) {
		t.Errorf("90 minutes after %s it is %s", before, after)
	}
	for _, body := range []string{"", "{}", `{"advance":"-1s"}`, `{"advance":"tomorrow"}`, `{"advance":"9000000h"}`} {
		if status, answer := s.send(http.MethodPost, "/_greenlight/clock", body); status != http.StatusBadRequest {
			t.Errorf("POST %q: %d %s", body, status, answer)
		}
	}
	for _, mode := range []string{"real", "fast"} {
		last := s.now()
		if code := s.stop(); code != 0 {
			t.Errorf("SIGTERM: exit code %d", code)
		}
		s = s.restart(mode)
		if now := s.now(); now.Before(last) || !within(now, last, 2*patience) {
			t.Errorf("it was %s before the restart and is %s after it", last, now)
		}
		if status, answer := s.send(http.MethodPost, "/_greenlight/clock", `{"advance":"1s"}`); status != http.StatusConflict || !strings.Contains(answer, "manual") {
			t.Errorf("POST with --clock %s: %d %s", mode, status, answer)
		}
	}
}

// TestDev_StopsCleanly ends a server in the middle of things: a canary waits,
// and a function will not be done for a long time. It must not wait for either.
func TestDev_StopsCleanly(t *testing.T) {
	t.Parallel()
	s := start(t, "real")
	prepare(s, "Succeeded", "Succeeded")
	id := s.deploy(firstRelease("", ""), canary)
	s.awaitWeight(id, 0.1)
	hooks := newHookRecord(t)
	s.createHook("busy", "", hooks, "GATE", newGate(t).file)
	must(s.lambda.Invoke(t.Context(), &lambda.InvokeInput{
		FunctionName: aws.String("busy"), InvocationType: lambdatypes.InvocationTypeEvent, Payload: []byte("{}"),
	}))(t)
	hooks.await(t, 1)

	began := time.Now()
	code := s.stop()
	if took := time.Since(began); code != 0 || took > 15*time.Second {
		t.Errorf("exit code %d after %s", code, took)
	}
	if left := processesIn(s.data); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
	s = s.restart("real")
	s.checkTraffic(traffic{Version: "1", Weights: map[string]float64{"2": 0.1}})
	if calls := hooks.await(t, 2); calls[0].Request != calls[1].Request {
		t.Errorf("the event was given to the function again as %s, it was %s", calls[1].Request, calls[0].Request)
	}
}
