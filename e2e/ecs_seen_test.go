package e2e

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

// service is a service as ECS shows it.
func (c *cloud) service(name string) ecstypes.Service {
	c.t.Helper()
	out := must(c.ecs.DescribeServices(c.t.Context(), &ecs.DescribeServicesInput{
		Cluster: aws.String(cluster), Services: []string{name},
	}))(c.t)
	if len(out.Services) != 1 {
		c.t.Fatalf("ECS has no service %s: %+v", name, out.Failures)
	}
	return out.Services[0]
}

// weights are those of a service's target groups in the default rule of a
// listener; -1 is a group that it does not name.
func (c *cloud) weights(w webService, l listener) [2]int {
	c.t.Helper()
	out := must(c.elb.DescribeListeners(c.t.Context(), &elb.DescribeListenersInput{ListenerArns: []string{l.arn}}))(c.t)
	seen := [2]int{-1, -1}
	for _, action := range out.Listeners[0].DefaultActions {
		for _, tuple := range action.ForwardConfig.TargetGroups {
			for i, arn := range w.groupARNs {
				if aws.ToString(tuple.TargetGroupArn) == arn {
					seen[i] = int(aws.ToInt32(tuple.Weight))
				}
			}
		}
	}
	return seen
}

// serviceTarget is the one target of an ECS deployment; nil before there is one.
func (c *cloud) serviceTarget(id, service string) *types.ECSTarget {
	c.t.Helper()
	answer, err := c.codeDeploy.GetDeploymentTarget(c.t.Context(), &codedeploy.GetDeploymentTargetInput{
		DeploymentId: &id, TargetId: aws.String(cluster + ":" + service),
	})
	if isA[*types.DeploymentNotStartedException](err) {
		return nil
	}
	return must(answer, err)(c.t).DeploymentTarget.EcsTarget
}

// eventLine tells the states of a target's events by their first letters: P I S
// F, and K for skipped.
func eventLine(target *types.ECSTarget) string {
	var letters []string
	for _, event := range target.LifecycleEvents {
		letter := string(event.Status)[:1]
		if event.Status == eventSkipped {
			letter = "K"
		}
		letters = append(letters, letter)
	}
	return strings.Join(letters, "")
}

// taskSetLine tells of a target's task sets: "Blue DRAINING 0 s1-a, Green PRIMARY 100 s1-b".
func taskSetLine(target *types.ECSTarget) string {
	var sets []string
	for _, set := range target.TaskSetsInfo {
		sets = append(sets, fmt.Sprintf("%s %s %v %s", set.TaskSetLabel, aws.ToString(set.Status), set.TrafficWeight, aws.ToString(set.TargetGroup.Name)))
	}
	return strings.Join(sets, ", ")
}

// eventOf is the status of an event, "" before there is a target.
func eventOf(target *types.ECSTarget, name string) types.LifecycleEventStatus {
	if target != nil {
		for _, event := range target.LifecycleEvents {
			if aws.ToString(event.LifecycleEventName) == name {
				return event.Status
			}
		}
	}
	return ""
}

// fetch asks a listener for / and answers what the task said.
func fetch(client *http.Client, url string) (string, error) {
	answer, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", answer.Status, body)
	}
	return string(body), err
}

// checkRelease wants a listener to answer, and from that release alone.
func (c *cloud) checkRelease(l listener, want string) {
	c.t.Helper()
	for range 10 {
		if got, err := fetch(c.http, l.url); err != nil || got != want {
			c.t.Fatalf("%s answers %q, %v, want %s", l.url, got, err, want)
		}
	}
}
