package elb

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/smithy-go"

	"greenlight/internal/awswire"
)

const (
	account = "111122223333"
	region  = "eu-west-1"
	patient = 30 * time.Second // for what happens soon
)

// bench is a service with a client, both in one process.
type bench struct {
	*sdk.Client
	t       *testing.T
	service *Service
	url     string
}

func start(t *testing.T, options Options) *bench {
	t.Helper()
	if options.Dir == "" {
		options.Dir = t.TempDir()
	}
	if options.Port == nil {
		options.Port = func(int) int { return 0 }
	}
	if options.Pace == 0 {
		options.Pace = 100
	}
	options.Log = slog.New(slog.DiscardHandler)
	s, err := Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(awswire.NewServer(awswire.Options{Auth: awswire.AnyCredentials(), Log: options.Log}, s))
	t.Cleanup(func() {
		web.Close()
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	client := sdk.New(sdk.Options{
		BaseEndpoint: &web.URL, Region: region, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(account, "any", ""),
	})
	return &bench{client, t, s, web.URL}
}

// must ends the test when a call failed.
func must[T any](out T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// wantFault checks the code of a call's error, and a part of its message.
func wantFault(t *testing.T, err error, code, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), message) {
		t.Errorf("got %v, want %s: ...%s...", err, code, message)
	}
}

func (b *bench) balancer(name string) string {
	b.t.Helper()
	out := must(b.CreateLoadBalancer(b.t.Context(), &sdk.CreateLoadBalancerInput{
		Name: &name, Subnets: []string{"subnet-a", "subnet-b"}, SecurityGroups: []string{"sg-1"},
	}))(b.t)
	return *out.LoadBalancers[0].LoadBalancerArn
}

func (b *bench) group(name string, more ...func(*sdk.CreateTargetGroupInput)) string {
	b.t.Helper()
	in := &sdk.CreateTargetGroupInput{
		Name: &name, Protocol: types.ProtocolEnumHttp, Port: new(int32(80)), TargetType: types.TargetTypeEnumIp, VpcId: new("vpc-1"),
	}
	for _, change := range more {
		change(in)
	}
	return *must(b.CreateTargetGroup(b.t.Context(), in))(b.t).TargetGroups[0].TargetGroupArn
}

func (b *bench) listener(balancer string, port int32, actions ...types.Action) string {
	b.t.Helper()
	out := must(b.CreateListener(b.t.Context(), &sdk.CreateListenerInput{
		LoadBalancerArn: &balancer, Port: &port, Protocol: types.ProtocolEnumHttp, DefaultActions: actions,
	}))(b.t)
	return *out.Listeners[0].ListenerArn
}

func (b *bench) rule(listener string, priority int32, condition types.RuleCondition, actions ...types.Action) string {
	b.t.Helper()
	out := must(b.CreateRule(b.t.Context(), &sdk.CreateRuleInput{
		ListenerArn: &listener, Priority: &priority, Conditions: []types.RuleCondition{condition}, Actions: actions,
	}))(b.t)
	return *out.Rules[0].RuleArn
}

func (b *bench) register(group string, targets ...TargetID) {
	b.t.Helper()
	for _, target := range targets {
		if err := b.service.RegisterTarget(account, region, group, target); err != nil {
			b.t.Fatal(err)
		}
	}
}

// modify makes actions the default ones of a listener.
func (b *bench) modify(listener string, actions ...types.Action) {
	b.t.Helper()
	must(b.ModifyListener(b.t.Context(), &sdk.ModifyListenerInput{ListenerArn: &listener, DefaultActions: actions}))(b.t)
}

// get asks a listener and returns the status and the body.
func (b *bench) get(listener, path string, header ...string) (int, string) {
	b.t.Helper()
	address, ok := b.service.Address(account, region, listener)
	if !ok {
		b.t.Fatalf("%s has no address", listener)
	}
	r := must(http.NewRequestWithContext(b.t.Context(), http.MethodGet, "http://"+address+path, nil))(b.t)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer := must(client.Do(r))(b.t)
	defer answer.Body.Close()
	return answer.StatusCode, string(must(io.ReadAll(answer.Body))(b.t))
}

// await waits until the health of a group is as wanted.
func (b *bench) await(group string, is func(map[TargetID]Health) bool) {
	b.t.Helper()
	changed, stop := b.service.Watch()
	defer stop()
	late := time.After(patient)
	for {
		health := b.service.Health(account, region, group)
		if is(health) {
			return
		}
		select {
		case <-changed:
		case <-late:
			b.t.Fatalf("still %v", health)
		}
	}
}

func (b *bench) awaitState(group string, target TargetID, state, reason string) {
	b.t.Helper()
	b.await(group, func(health map[TargetID]Health) bool {
		return health[target].State == state && health[target].Reason == reason
	})
}

// forward is an action to groups with weights: forward("a", 90, "b", 10), or to a single one: forward("a").
func forward(parts ...any) types.Action {
	if len(parts) == 1 {
		return types.Action{Type: types.ActionTypeEnumForward, TargetGroupArn: new(parts[0].(string))}
	}
	config := &types.ForwardActionConfig{}
	for i := 0; i < len(parts); i += 2 {
		config.TargetGroups = append(config.TargetGroups,
			types.TargetGroupTuple{TargetGroupArn: new(parts[i].(string)), Weight: new(int32(parts[i+1].(int)))})
	}
	return types.Action{Type: types.ActionTypeEnumForward, ForwardConfig: config}
}

func fixed(status, body string) types.Action {
	return types.Action{Type: types.ActionTypeEnumFixedResponse, FixedResponseConfig: &types.FixedResponseActionConfig{
		StatusCode: &status, MessageBody: &body, ContentType: new("text/plain"),
	}}
}

func onPath(pattern string) types.RuleCondition {
	return types.RuleCondition{Field: new("path-pattern"), Values: []string{pattern}}
}

func onHost(pattern string) types.RuleCondition {
	return types.RuleCondition{Field: new("host-header"), HostHeaderConfig: &types.HostHeaderConditionConfig{Values: []string{pattern}}}
}

// application is a small server to be a target.
func application(t *testing.T, handler http.HandlerFunc) TargetID {
	t.Helper()
	web := httptest.NewServer(handler)
	t.Cleanup(web.Close)
	return targetAt(t, web.Listener.Addr().String())
}

// saying answers every request with the same text.
func saying(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
}

func targetAt(t *testing.T, address string) TargetID {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return TargetID{host, must(strconv.Atoi(port))(t)}
}
