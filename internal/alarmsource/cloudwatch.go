// Package alarmsource asks for the states of a deployment's alarms. CloudWatch is the source AWS CodeDeploy watches
// (deployments.md 6). It says which state an alarm has and not what that means for a deployment.
package alarmsource

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"greenlight/internal/awsaccess"
)

// State of an alarm, in CloudWatch's words.
type State string

// The three states of an alarm.
const (
	OK               State = "OK"
	Alarm            State = "ALARM"
	InsufficientData State = "INSUFFICIENT_DATA"
)

// batchSize is the most names and the most alarms that one DescribeAlarms takes and gives.
const batchSize = 100

// CloudWatch reads alarm states. It is safe for concurrent use.
type CloudWatch struct {
	clients *awsaccess.Cache[*cloudwatch.Client]
}

// New returns a source that calls CloudWatch through access.
func New(access *awsaccess.Access) *CloudWatch {
	return &CloudWatch{clients: awsaccess.Clients(access, func(cfg aws.Config) *cloudwatch.Client {
		return cloudwatch.NewFromConfig(cfg)
	})}
}

// States returns the state of every alarm named, metric and composite (DescribeAlarms). A name that does not exist is missing
// from the map. It is all or nothing: one failed batch is the error of the call, an *awsaccess.Fault or the context's end.
func (c *CloudWatch) States(ctx context.Context, as awsaccess.As, names []string) (map[string]State, error) {
	states := make(map[string]State, len(names))
	client, err := c.clients.Get(ctx, as)
	if err != nil {
		return nil, err
	}
	for batch := range slices.Chunk(distinct(names), batchSize) {
		if err := describe(ctx, client, batch, states); err != nil {
			return nil, awsaccess.Classify(awsaccess.ServiceCloudWatch, "DescribeAlarms", err)
		}
	}
	return states, nil
}

// describe adds one batch to states. One page holds a whole batch, so a far side that sends more pages is not followed: it
// could send them for ever.
func describe(ctx context.Context, client *cloudwatch.Client, batch []string, states map[string]State) error {
	out, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{
		AlarmNames: batch,
		// Without the types only metric alarms are described.
		AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm},
		MaxRecords: aws.Int32(batchSize),
	})
	if err != nil {
		return err
	}
	for _, alarm := range out.MetricAlarms {
		states[aws.ToString(alarm.AlarmName)] = State(alarm.StateValue)
	}
	for _, alarm := range out.CompositeAlarms {
		states[aws.ToString(alarm.AlarmName)] = State(alarm.StateValue)
	}
	return nil
}

func distinct(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}
