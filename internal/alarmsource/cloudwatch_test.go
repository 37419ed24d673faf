package alarmsource_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
	"github.com/google/go-cmp/cmp"

	"greenlight/internal/alarmsource"
	"greenlight/internal/awsaccess"
	"greenlight/internal/awsaccess/awstest"
)

func source(far *cloudWatch) *alarmsource.CloudWatch {
	return alarmsource.New(awstest.Access("http://cloudwatch.test", far))
}

func TestStates(t *testing.T) {
	far := &cloudWatch{
		metric:    map[string]string{"errors": "ALARM", "latency": "OK", "young": "INSUFFICIENT_DATA", "other": "ALARM"},
		composite: map[string]string{"all": "ALARM"},
	}
	got, err := source(far).States(t.Context(), awstest.As, []string{"latency", "errors", "gone", "young", "all", "errors"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]alarmsource.State{
		"errors": alarmsource.Alarm, "latency": alarmsource.OK, "young": alarmsource.InsufficientData, "all": alarmsource.Alarm,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

func TestStatesOfManyAlarmsComeInBatches(t *testing.T) {
	for _, c := range []struct{ alarms, calls int }{{0, 0}, {1, 1}, {100, 1}, {101, 2}, {250, 3}} {
		t.Run(fmt.Sprint(c.alarms), func(t *testing.T) {
			far := &cloudWatch{metric: map[string]string{}}
			for i := range c.alarms {
				far.metric[fmt.Sprint("alarm-", i)] = "OK"
			}
			names := slices.Collect(maps.Keys(far.metric))
			got, err := source(far).States(t.Context(), awstest.As, names)
			if err != nil || len(got) != c.alarms || far.calls != c.calls {
				t.Errorf("%d states in %d calls, %v; want %d in %d", len(got), far.calls, err, c.alarms, c.calls)
			}
		})
	}
}

// Half of the states would read as "the others do not exist".
func TestOneFailedBatchFailsTheCall(t *testing.T) {
	far := &cloudWatch{metric: map[string]string{}}
	for i := range 101 {
		far.metric[fmt.Sprint("alarm-", i)] = "OK"
	}
	far.refuse = func(call int) (int, string) {
		if call == 2 {
			return 500, "InternalServiceFault"
		}
		return 0, ""
	}
	got, err := source(far).States(t.Context(), awstest.As, slices.Collect(maps.Keys(far.metric)))
	if err == nil || got != nil {
		t.Errorf("got %d states, %v, want an error only", len(got), err)
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		status int
		code   string
		kind   awsaccess.FaultKind
	}{
		{403, "AccessDenied", awsaccess.Denied},
		{400, "AccessDeniedException", awsaccess.Denied},
		{400, "Throttling", awsaccess.Throttled},
		{400, "ValidationError", awsaccess.Invalid},
		{500, "InternalServiceFault", awsaccess.Unavailable},
	} {
		t.Run(c.code, func(t *testing.T) {
			far := &cloudWatch{refuse: func(int) (int, string) { return c.status, c.code }}
			_, err := source(far).States(t.Context(), awstest.As, []string{"errors"})
			var fault *awsaccess.Fault
			if !errors.As(err, &fault) || fault.Kind != c.kind || fault.Service != "AmazonCloudWatch" || fault.Operation != "DescribeAlarms" {
				t.Errorf("error is %v, want a fault of AmazonCloudWatch of kind %s", err, c.kind)
			}
		})
	}
}

// moto has no PutCompositeAlarm; TestStates holds composite alarms.
func TestStatesAgainstMoto(t *testing.T) {
	access := overQuery(awstest.Moto(t))
	cfg, err := access.Config(t.Context(), awstest.As)
	if err != nil {
		t.Fatal(err)
	}
	client := cloudwatch.NewFromConfig(cfg)
	want := map[string]alarmsource.State{"errors": alarmsource.Alarm, "latency": alarmsource.OK}
	for name, state := range want {
		putAlarm(t, client, name, types.StateValue(state))
	}
	putAlarm(t, client, "other", types.StateValueAlarm)
	got, err := alarmsource.New(access).States(t.Context(), awstest.As, []string{"errors", "latency", "gone"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

// overQuery speaks CloudWatch's query protocol, the only one of its three that moto knows.
func overQuery(endpoint string) *awsaccess.Access {
	query := func(_ string, options any) {
		if o, ok := options.(*cloudwatch.Options); ok {
			o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801)
		}
	}
	return awsaccess.New(awsaccess.Options{
		Base:               aws.Config{ServiceOptions: []func(string, any){query}},
		Endpoint:           endpoint,
		AccountCredentials: true,
	})
}

func putAlarm(t *testing.T, client *cloudwatch.Client, name string, state types.StateValue) {
	t.Helper()
	_, err := client.PutMetricAlarm(t.Context(), &cloudwatch.PutMetricAlarmInput{
		AlarmName:          &name,
		ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
		EvaluationPeriods:  aws.Int32(1),
		MetricName:         aws.String("Errors"),
		Namespace:          aws.String("AWS/Lambda"),
		Period:             aws.Int32(60),
		Statistic:          types.StatisticSum,
		Threshold:          aws.Float64(0),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.SetAlarmState(t.Context(), &cloudwatch.SetAlarmStateInput{
		AlarmName: &name, StateValue: state, StateReason: aws.String("test"),
	})
	if err != nil {
		t.Fatal(err)
	}
}
