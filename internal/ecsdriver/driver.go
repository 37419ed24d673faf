// Package ecsdriver is the engine's hand on ECS and its load balancers: it reads services and listeners, makes, promotes and
// deletes task sets, and moves weights, with no other calls than AWS CodeDeploy's own role allows (ecs.md 6.1). Which rules
// belong to a deployment, whether one may start, and what is to be written are pure functions of what was read. It reports in
// AWS's terms and never sets a status. Nothing is retried here; every error is an *awsaccess.Fault or the end of the context.
package ecsdriver

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"greenlight/internal/awsaccess"
)

// Driver calls ECS and Elastic Load Balancing. It is safe for concurrent use.
type Driver struct {
	ecs *awsaccess.Cache[*ecs.Client]
	elb *awsaccess.Cache[*elb.Client]
}

// New returns a driver that calls AWS through access.
func New(access *awsaccess.Access) *Driver {
	return &Driver{
		ecs: awsaccess.Clients(access, func(cfg aws.Config) *ecs.Client { return ecs.NewFromConfig(cfg) }),
		elb: awsaccess.Clients(access, func(cfg aws.Config) *elb.Client { return elb.NewFromConfig(cfg) }),
	}
}

func classifyECS(operation string, err error) error {
	return awsaccess.Classify(awsaccess.ServiceECS, operation, err)
}

func classifyELB(operation string, err error) error {
	return awsaccess.Classify(awsaccess.ServiceELB, operation, err)
}
