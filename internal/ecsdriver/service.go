package ecsdriver

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"greenlight/internal/awsaccess"
)

// keptEvents is how many of a service's events are kept to explain a failure.
const keptEvents = 5

// Service reads a service with its task sets (DescribeServices). One that does not exist is a Fault NotFound, whether ECS says so
// by an error or, code "MISSING", by an entry in failures.
func (d *Driver) Service(ctx context.Context, as awsaccess.As, cluster, service string) (Service, error) {
	client, err := d.ecs.Get(ctx, as)
	if err != nil {
		return Service{}, err
	}
	out, err := client.DescribeServices(ctx, &ecs.DescribeServicesInput{
		Cluster:  &cluster,
		Services: []string{service},
		Include:  []types.ServiceField{types.ServiceFieldTags},
	})
	if err != nil {
		return Service{}, classifyECS("DescribeServices", err)
	}
	if len(out.Failures) > 0 {
		return Service{}, failed(cluster, service, aws.ToString(out.Failures[0].Reason))
	}
	if len(out.Services) != 1 {
		return Service{}, failed(cluster, service, reasonMissing)
	}
	return newService(out.Services[0]), nil
}

const reasonMissing = "MISSING"

// failed is an entry in failures, which comes with status 200.
func failed(cluster, service, reason string) *awsaccess.Fault {
	f := &awsaccess.Fault{
		Kind: awsaccess.Invalid, Service: awsaccess.ServiceECS, Operation: "DescribeServices", Code: reason,
		Message: fmt.Sprintf("service %s in cluster %s is reported as %s", service, cluster, reason), StatusCode: http.StatusOK,
	}
	if reason == reasonMissing {
		f.Kind = awsaccess.NotFound
	}
	return f
}

func newService(s types.Service) Service {
	service := Service{
		ARN:          aws.ToString(s.ServiceArn),
		Name:         aws.ToString(s.ServiceName),
		ClusterARN:   aws.ToString(s.ClusterArn),
		Status:       aws.ToString(s.Status),
		Controller:   string(types.DeploymentControllerTypeEcs), // what a service without the member has
		DesiredCount: int(s.DesiredCount),
	}
	if s.DeploymentController != nil {
		service.Controller = string(s.DeploymentController.Type)
	}
	for _, t := range s.TaskSets {
		service.TaskSets = append(service.TaskSets, newTaskSet(t))
	}
	if s.PropagateTags == types.PropagateTagsService {
		service.Tags = tagsOf(s.Tags)
	}
	for _, e := range s.Events[:min(len(s.Events), keptEvents)] {
		service.Events = append(service.Events, aws.ToString(e.Message))
	}
	return service
}

func tagsOf(list []types.Tag) map[string]string {
	tags := make(map[string]string, len(list))
	for _, t := range list {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return tags
}

func newTaskSet(t types.TaskSet) TaskSet {
	set := TaskSet{
		ID:              aws.ToString(t.Id),
		ARN:             aws.ToString(t.TaskSetArn),
		Status:          aws.ToString(t.Status),
		ExternalID:      aws.ToString(t.ExternalId),
		TaskDefinition:  aws.ToString(t.TaskDefinition),
		Stability:       string(t.StabilityStatus),
		Desired:         int(t.ComputedDesiredCount),
		Pending:         int(t.PendingCount),
		Running:         int(t.RunningCount),
		LaunchType:      string(t.LaunchType),
		PlatformVersion: aws.ToString(t.PlatformVersion),
		Network:         newNetwork(t.NetworkConfiguration),
	}
	if len(t.LoadBalancers) > 0 {
		set.TargetGroupARN = aws.ToString(t.LoadBalancers[0].TargetGroupArn)
	}
	for _, c := range t.CapacityProviderStrategy {
		set.CapacityProviders = append(set.CapacityProviders, CapacityProvider{
			CapacityProvider: aws.ToString(c.CapacityProvider), Base: int(c.Base), Weight: int(c.Weight),
		})
	}
	for _, r := range t.ServiceRegistries {
		set.Registries = append(set.Registries, Registry{
			ARN: aws.ToString(r.RegistryArn), Port: int(aws.ToInt32(r.Port)),
			ContainerName: aws.ToString(r.ContainerName), ContainerPort: int(aws.ToInt32(r.ContainerPort)),
		})
	}
	return set
}

func newNetwork(n *types.NetworkConfiguration) *Network {
	if n == nil || n.AwsvpcConfiguration == nil {
		return nil
	}
	vpc := n.AwsvpcConfiguration
	return &Network{Subnets: vpc.Subnets, SecurityGroups: vpc.SecurityGroups, AssignPublicIP: string(vpc.AssignPublicIp)}
}
