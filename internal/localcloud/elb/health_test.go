package elb

import (
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// switched is a target that answers with a status that can be changed.
func switched(t *testing.T, status int) (TargetID, *atomic.Int64) {
	t.Helper()
	var answers atomic.Int64
	answers.Store(int64(status))
	return application(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(answers.Load())) }), &answers
}

func (b *bench) describeHealth(group string, targets ...types.TargetDescription) []types.TargetHealthDescription {
	b.t.Helper()
	out := must(b.DescribeTargetHealth(b.t.Context(), &sdk.DescribeTargetHealthInput{TargetGroupArn: &group, Targets: targets}))(b.t)
	return out.TargetHealthDescriptions
}

// A target is unused until a listener names its group, is healthy after one success, and then turns by the thresholds.
func TestHealth_Life(t *testing.T) {
	b := start(t, Options{})
	group := b.group("tgA", func(in *sdk.CreateTargetGroupInput) {
		in.HealthCheckIntervalSeconds, in.HealthCheckTimeoutSeconds, in.HealthyThresholdCount = new(int32(5)), new(int32(4)), new(int32(2))
	})
	target, status := switched(t, 200)
	b.register(group, target)
	b.awaitState(group, target, StateUnused, reasonNotInUse)
	listener := b.listener(b.balancer("web"), 80, forward(group))
	b.awaitState(group, target, StateHealthy, "")
	status.Store(503)
	b.awaitState(group, target, StateUnhealthy, reasonMismatch)
	got := b.describeHealth(group)
	if len(got) != 1 || *got[0].TargetHealth.Description != "Health checks failed with these codes: [503]" ||
		*got[0].Target.Port != int32(target.Port) || *got[0].HealthCheckPort == "" {
		t.Errorf("got %+v", got)
	}
	status.Store(200)
	b.awaitState(group, target, StateHealthy, "")
	b.modify(listener, fixed("404", ""))
	b.awaitState(group, target, StateUnused, reasonNotInUse)
}

// A target whose first probe runs is initial, and healthy as soon as it has answered.
func TestHealth_Initial(t *testing.T) {
	b := start(t, Options{Pace: 1})
	group := b.group("tgA", func(in *sdk.CreateTargetGroupInput) { in.HealthCheckTimeoutSeconds = new(int32(29)) })
	answer := make(chan struct{})
	target := application(t, func(http.ResponseWriter, *http.Request) { <-answer })
	b.register(group, target)
	b.listener(b.balancer("web"), 80, forward(group))
	b.awaitState(group, target, StateInitial, reasonRegistering)
	close(answer)
	b.awaitState(group, target, StateHealthy, "")
}

// What a probe can find besides a wrong status.
func TestHealth_Reasons(t *testing.T) {
	b := start(t, Options{})
	group := b.group("tgA", func(in *sdk.CreateTargetGroupInput) {
		in.HealthCheckIntervalSeconds, in.HealthCheckTimeoutSeconds = new(int32(5)), new(int32(2))
	})
	closed := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	refusing := targetAt(t, closed.Addr().String())
	_ = closed.Close()
	over := make(chan struct{})
	defer close(over)
	silent := application(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-over:
		case <-r.Context().Done():
		}
	})
	b.register(group, refusing, silent)
	b.listener(b.balancer("web"), 80, forward(group))
	b.awaitState(group, refusing, StateUnhealthy, reasonFailed)
	b.awaitState(group, silent, StateUnhealthy, reasonTimeout)
	other := b.describeHealth(group, types.TargetDescription{Id: new("127.0.0.9"), Port: new(int32(1))})
	if len(other) != 1 || other[0].TargetHealth.State != StateUnused || other[0].TargetHealth.Reason != reasonNotRegistered {
		t.Errorf("got %+v", other)
	}
}

// The thresholds, without any network.
func TestHealth_Judge(t *testing.T) {
	c := healthCheck{Healthy: 3, Unhealthy: 2}
	bad := outcome{reason: reasonTimeout, description: "Request timed out"}
	good := outcome{passed: true}
	tests := map[string]struct {
		outcomes []outcome
		want     Health
	}{
		"one success is enough at first":   {[]outcome{good}, Health{State: StateHealthy}},
		"also after a failure":             {[]outcome{bad, good}, Health{State: StateHealthy}},
		"one failure is not":               {[]outcome{bad}, checking},
		"two failures are":                 {[]outcome{bad, bad}, Health{StateUnhealthy, reasonTimeout, "Request timed out"}},
		"failures must be consecutive":     {[]outcome{good, bad, good, bad}, Health{State: StateHealthy}},
		"back needs the whole threshold":   {[]outcome{bad, bad, good, good}, Health{StateUnhealthy, reasonTimeout, "Request timed out"}},
		"and with that it is healthy":      {[]outcome{bad, bad, good, good, good}, Health{State: StateHealthy}},
		"successes must be consecutive":    {[]outcome{bad, bad, good, good, bad, good}, Health{StateUnhealthy, reasonTimeout, "Request timed out"}},
		"the reason is the last failure's": {[]outcome{bad, bad, {reason: reasonFailed}}, Health{State: StateUnhealthy, Reason: reasonFailed}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			target := target{health: registering}
			for _, o := range test.outcomes {
				target.judge(o, c)
			}
			if target.health != test.want {
				t.Errorf("got %v, want %v", target.health, test.want)
			}
		})
	}
}

// Requests go to healthy targets only; to all when none is; and are refused when none is registered.
func TestHealth_Routing(t *testing.T) {
	b := start(t, Options{})
	group := b.group("tgA", func(in *sdk.CreateTargetGroupInput) {
		in.HealthCheckIntervalSeconds, in.HealthCheckPath = new(int32(10)), new("/health")
	})
	listener := b.listener(b.balancer("web"), 80, forward(group))
	if status, _ := b.get(listener, "/"); status != 503 {
		t.Errorf("without targets: got %d", status)
	}
	serve := func(text string, health *atomic.Int64) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/health" {
				w.WriteHeader(int(health.Load()))
				return
			}
			saying(text)(w, r)
		}
	}
	var one, two atomic.Int64
	one.Store(500)
	two.Store(200)
	first, second := application(t, serve("one", &one)), application(t, serve("two", &two))
	b.register(group, first)
	b.awaitState(group, first, StateUnhealthy, reasonMismatch)
	if status, body := b.get(listener, "/"); status != 200 || body != "one" {
		t.Errorf("fail open: got %d %s", status, body)
	}
	b.register(group, second)
	b.awaitState(group, second, StateHealthy, "")
	for range 4 {
		if _, body := b.get(listener, "/"); body != "two" {
			t.Errorf("one healthy: got %s", body)
		}
	}
	if count, ok := b.service.Count(account, region, group); !ok || count.Requests < 5 {
		t.Errorf("counted %+v", count)
	}
}

// A TCP check wants a connection only, at the port that it names.
func TestHealth_TCP(t *testing.T) {
	b := start(t, Options{})
	open := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer open.Close()
	group := b.group("tcp", func(in *sdk.CreateTargetGroupInput) {
		_, port, _ := net.SplitHostPort(open.Addr().String())
		in.Protocol, in.HealthCheckPort = types.ProtocolEnumTcp, &port
	})
	balancer := *must(b.CreateLoadBalancer(t.Context(), &sdk.CreateLoadBalancerInput{Name: new("net"), Type: "network"}))(t).LoadBalancers[0].LoadBalancerArn
	target := TargetID{"127.0.0.1", 9}
	b.register(group, target)
	must(b.CreateListener(t.Context(), &sdk.CreateListenerInput{
		LoadBalancerArn: &balancer, Port: new(int32(80)), Protocol: "TCP", DefaultActions: []types.Action{forward(group)},
	}))(t)
	b.awaitState(group, target, StateHealthy, "")
}

// A deregistered target keeps its running request, gets no new one, and is gone when that has ended.
func TestDraining_KeepsRunningRequests(t *testing.T) {
	b := start(t, Options{Pace: 1, DeregistrationDelay: 3000 * time.Second})
	group := b.group("tgA")
	listener := b.listener(b.balancer("web"), 80, forward(group))
	arrived, finish := make(chan struct{}), make(chan struct{})
	target := application(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(arrived)
			<-finish
		}
		saying("done")(w, r)
	})
	b.register(group, target)
	b.awaitState(group, target, StateHealthy, "")
	body := make(chan string, 1)
	go func() {
		_, text := b.get(listener, "/slow")
		body <- text
	}()
	<-arrived
	if err := b.service.DeregisterTarget(account, region, group, target); err != nil {
		t.Fatal(err)
	}
	b.awaitState(group, target, StateDraining, reasonDeregistration)
	if status, _ := b.get(listener, "/"); status != 503 {
		t.Errorf("a new request: got %d", status)
	}
	close(finish)
	if text := <-body; text != "done" {
		t.Errorf("the running request: got %q", text)
	}
	b.await(group, func(health map[TargetID]Health) bool { return len(health) == 0 })
}

// When the delay is over, what still runs is cut.
func TestDraining_EndsWithTheDelay(t *testing.T) {
	b := start(t, Options{Pace: 100})
	group := b.group("tgA")
	must(b.ModifyTargetGroupAttributes(t.Context(), &sdk.ModifyTargetGroupAttributesInput{TargetGroupArn: &group, Attributes: []types.TargetGroupAttribute{
		{Key: new("deregistration_delay.timeout_seconds"), Value: new("30")},
	}}))(t)
	listener := b.listener(b.balancer("web"), 80, forward(group))
	arrived := make(chan struct{})
	target := application(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(arrived)
			<-r.Context().Done()
		}
	})
	b.register(group, target)
	b.awaitState(group, target, StateHealthy, "")
	status := make(chan int, 1)
	go func() {
		code, _ := b.get(listener, "/slow")
		status <- code
	}()
	<-arrived
	if err := b.service.DeregisterTarget(account, region, group, target); err != nil {
		t.Fatal(err)
	}
	if code := <-status; code != http.StatusBadGateway {
		t.Errorf("the running request: got %d", code)
	}
	b.await(group, func(health map[TargetID]Health) bool { return len(health) == 0 })
}

// An idle target is gone at once, and one that comes back while it drains is a target again.
func TestDraining_RegisteredAgain(t *testing.T) {
	b := start(t, Options{Pace: 1})
	group := b.group("tgA")
	listener := b.listener(b.balancer("web"), 80, forward(group))
	arrived, finish := make(chan struct{}, 1), make(chan struct{})
	target := application(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			arrived <- struct{}{}
			<-finish
		}
	})
	b.register(group, target)
	b.awaitState(group, target, StateHealthy, "")
	done := make(chan struct{})
	go func() {
		b.get(listener, "/slow")
		close(done)
	}()
	<-arrived
	if err := b.service.DeregisterTarget(account, region, group, target); err != nil {
		t.Fatal(err)
	}
	b.register(group, target)
	b.awaitState(group, target, StateHealthy, "")
	close(finish)
	<-done
	if err := b.service.DeregisterTarget(account, region, group, target); err != nil {
		t.Fatal(err)
	}
	b.await(group, func(health map[TargetID]Health) bool { return len(health) == 0 })
}
