package lambda

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"greenlight/internal/localcloud/lambda/runtime"
)

func (c *cloud) invoke(in client.InvokeInput) (*client.InvokeOutput, error) {
	if in.FunctionName == nil {
		in.FunctionName = name
	}
	return c.Invoke(c.t.Context(), &in)
}

func TestInvoke(t *testing.T) {
	c := withAlias(t)
	must(c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{
		FunctionName: name, Timeout: aws.Int32(7),
		Environment: &types.Environment{Variables: map[string]string{"STAGE": "test", "AWS_ENDPOINT_URL": "http://mine"}},
	}))(t)
	c.pool.do(func(_ runtime.Code, in runtime.Invocation) (runtime.Result, error) {
		return runtime.Result{Payload: append([]byte(`{"got":`), append(in.Payload, '}')...), LogTail: []byte("the log")}, nil
	})
	out := must(c.invoke(client.InvokeInput{
		Payload: []byte(`{"a":1}`), LogType: types.LogTypeTail, ClientContext: aws.String(base64.StdEncoding.EncodeToString([]byte(`{}`))),
	}))(t)
	if out.StatusCode != 200 || string(out.Payload) != `{"got":{"a":1}}` || *out.ExecutedVersion != "$LATEST" || out.FunctionError != nil {
		t.Errorf("answer %d %s of %s", out.StatusCode, out.Payload, *out.ExecutedVersion)
	}
	if tail, _ := base64.StdEncoding.DecodeString(*out.LogResult); string(tail) != "the log" {
		t.Errorf("log tail %q", tail)
	}
	call := c.pool.invocations()[0]
	if call.In.ARN != testARN || call.In.ClientContext != "e30=" || !uuidSyntax.MatchString(call.In.RequestID) {
		t.Errorf("invocation %+v", call.In)
	}
	if call.Code.Function != "f" || call.Code.Handler != "bootstrap" || call.Code.Timeout != 7*time.Second || call.Code.MemoryMB != 128 {
		t.Errorf("code %+v", call.Code)
	}
	want := map[string]string{
		"STAGE": "test", "AWS_ENDPOINT_URL": "http://mine", "AWS_REGION": testRegion, "AWS_DEFAULT_REGION": testRegion,
		"AWS_ACCESS_KEY_ID": testAccount,
	}
	for key, value := range want {
		if call.Code.Environment[key] != value {
			t.Errorf("variable %s is %q, want %q", key, call.Code.Environment[key], value)
		}
	}
	quiet := must(c.invoke(client.InvokeInput{Qualifier: live}))(t)
	if quiet.LogResult != nil || *quiet.ExecutedVersion != "1" {
		t.Errorf("without a log type: log %v of version %s", quiet.LogResult, *quiet.ExecutedVersion)
	}
	if last := c.pool.invocations()[1]; last.In.ARN != testARN+":live" || last.Code.Version != "1" || last.Code.Environment["AWS_ENDPOINT_URL"] != "http://127.0.0.1:1" {
		t.Errorf("invoked %s, version %s, endpoint %s", last.In.ARN, last.Code.Version, last.Code.Environment["AWS_ENDPOINT_URL"])
	}
}

func TestInvokeFunctionError(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.pool.fail()
	out := must(c.invoke(client.InvokeInput{}))(t)
	if out.StatusCode != 200 || *out.FunctionError != "Unhandled" || !strings.Contains(string(out.Payload), "errorMessage") {
		t.Errorf("answer %d %s", out.StatusCode, out.Payload)
	}
}

func TestWeightedAliasSplitsInvocations(t *testing.T) {
	draws, next := []float64{0, 0.0999, 0.1, 0.5, 0.9999}, 0
	c := newCloud(t, func(o *Options) { o.Random = func() float64 { next++; return draws[next-1] } })
	c.create("f")
	c.publish("f", "one", "two")
	must(c.CreateAlias(t.Context(), &client.CreateAliasInput{
		FunctionName: name, Name: live, FunctionVersion: aws.String("1"), RoutingConfig: weights(map[string]float64{"2": 0.1}),
	}))(t)
	var executed []string
	for range draws {
		out := must(c.invoke(client.InvokeInput{Qualifier: live}))(t)
		if string(out.Payload) != `"`+*out.ExecutedVersion+`"` {
			t.Errorf("version %s ran, %s answered", *out.ExecutedVersion, out.Payload)
		}
		executed = append(executed, *out.ExecutedVersion)
	}
	if got := strings.Join(executed, " "); got != "2 2 1 1 1" {
		t.Errorf("executed %s", got)
	}
}

func TestInvokeRefuses(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	tests := []struct {
		name string
		in   client.InvokeInput
		code string
		text string
	}{
		{"no function", client.InvokeInput{FunctionName: aws.String("g")}, "ResourceNotFoundException", "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:g"},
		{"no version", client.InvokeInput{Qualifier: aws.String("1")}, "ResourceNotFoundException", testARN + ":1"},
		{"no alias, event", client.InvokeInput{Qualifier: live, InvocationType: types.InvocationTypeEvent}, "ResourceNotFoundException", testARN + ":live"},
		{"no function, dry run", client.InvokeInput{FunctionName: aws.String("g"), InvocationType: types.InvocationTypeDryRun}, "ResourceNotFoundException", ":g"},
		{"not JSON", client.InvokeInput{Payload: []byte("{")}, "InvalidRequestContentException", "not JSON"},
		{"bad type", client.InvokeInput{InvocationType: "Later"}, "ValidationException", "invocationType"},
		{"payload too large", client.InvokeInput{Payload: jsonString(maxSyncPayload + 1)}, "RequestTooLargeException", "6291456"},
		{"event too large", client.InvokeInput{Payload: jsonString(maxEventPayload + 1), InvocationType: types.InvocationTypeEvent},
			"RequestTooLargeException", "1048577 byte payload is too large for the Event invocation type"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := c.invoke(test.in)
			wantCode(t, err, test.code, test.text)
		})
	}
	if n := len(c.pool.invocations()); n != 0 {
		t.Errorf("%d refused invocations were executed", n)
	}
	dry := must(c.invoke(client.InvokeInput{InvocationType: types.InvocationTypeDryRun}))(t)
	if dry.StatusCode != 204 || len(c.pool.invocations()) != 0 {
		t.Errorf("dry run answered %d", dry.StatusCode)
	}
	whole := must(c.invoke(client.InvokeInput{Payload: jsonString(maxSyncPayload)}))(t)
	if whole.StatusCode != 200 {
		t.Errorf("the largest payload: %d", whole.StatusCode)
	}
}

// jsonString is a JSON text of n bytes.
func jsonString(n int) []byte { return []byte(`"` + strings.Repeat("x", n-2) + `"`) }

func TestInvokeUnsupportedRuntime(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.pool.do(func(runtime.Code, runtime.Invocation) (runtime.Result, error) {
		return runtime.Result{}, fmt.Errorf("%w: no python3 here", runtime.ErrUnsupportedRuntime)
	})
	_, err := c.invoke(client.InvokeInput{})
	wantCode(t, err, "InvalidRuntimeException", "no python3 here")
}

func TestReservedConcurrency(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	put := func(n int32) error {
		_, err := c.PutFunctionConcurrency(t.Context(), &client.PutFunctionConcurrencyInput{FunctionName: name, ReservedConcurrentExecutions: aws.Int32(n)})
		return err
	}
	wantCode(t, put(901), "InvalidParameterValueException", "below its minimum value of [100]")
	for _, limit := range []int32{0, 1} {
		if err := put(limit); err != nil {
			t.Fatal(err)
		}
		var inner error
		c.pool.do(func(runtime.Code, runtime.Invocation) (runtime.Result, error) {
			_, inner = c.invoke(client.InvokeInput{}) // while the first is at work
			return runtime.Result{}, nil
		})
		_, err := c.invoke(client.InvokeInput{})
		if limit == 1 {
			if err != nil {
				t.Fatal(err)
			}
			err = inner
		}
		wantCode(t, err, "TooManyRequestsException", "Rate Exceeded.")
		if limited := new(types.TooManyRequestsException); !asError(err, &limited) ||
			limited.Reason != types.ThrottleReasonReservedFunctionConcurrentInvocationLimitExceeded || limited.RetryAfterSeconds == nil {
			t.Errorf("limit %d: %+v", limit, limited)
		}
	}
	got := must(c.GetFunctionConcurrency(t.Context(), &client.GetFunctionConcurrencyInput{FunctionName: name}))(t)
	if *got.ReservedConcurrentExecutions != 1 {
		t.Errorf("reserved %d", *got.ReservedConcurrentExecutions)
	}
	must(c.DeleteFunctionConcurrency(t.Context(), &client.DeleteFunctionConcurrencyInput{FunctionName: name}))(t)
	got = must(c.GetFunctionConcurrency(t.Context(), &client.GetFunctionConcurrencyInput{FunctionName: name}))(t)
	if got.ReservedConcurrentExecutions != nil {
		t.Errorf("reserved %d after deletion", *got.ReservedConcurrentExecutions)
	}
}
