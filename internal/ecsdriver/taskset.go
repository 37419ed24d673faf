package ecsdriver

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"greenlight/internal/awsaccess"
)

// TaskSetSpec is a task set to be made (ecs.md 6.3). Its scale is always 100 percent of the service's desired count.
type TaskSetSpec struct {
	Cluster           string
	Service           string
	TaskDefinition    string
	ExternalID        string // the deployment's id
	ClientToken       string // at most 36 ASCII; ECS makes one task set for it, however often it is asked
	TargetGroupARN    string
	ContainerName     string
	ContainerPort     int
	Network           *Network
	PlatformVersion   string // "" sends none; it is not sent for launch type EC2, which has none
	LaunchType        string // not sent beside CapacityProviders: ECS takes either
	CapacityProviders []CapacityProvider
	Registries        []Registry
	Tags              map[string]string
}

// CreateTaskSet makes a task set (CreateTaskSet). After a lost answer (Unavailable) it may exist all the same; the same
// ClientToken then returns that one.
func (d *Driver) CreateTaskSet(ctx context.Context, as awsaccess.As, spec TaskSetSpec) (TaskSet, error) {
	client, err := d.ecs.Get(ctx, as)
	if err != nil {
		return TaskSet{}, err
	}
	out, err := client.CreateTaskSet(ctx, spec.input())
	if err != nil {
		return TaskSet{}, classifyECS("CreateTaskSet", err)
	}
	if out.TaskSet == nil {
		return TaskSet{}, &awsaccess.Fault{
			Kind: awsaccess.Unavailable, Service: awsaccess.ServiceECS, Operation: "CreateTaskSet", Message: "the answer has no task set",
		}
	}
	return newTaskSet(*out.TaskSet), nil
}

// PromoteTaskSet makes a task set the service's primary one (UpdateServicePrimaryTaskSet).
func (d *Driver) PromoteTaskSet(ctx context.Context, as awsaccess.As, cluster, service, taskSet string) error {
	client, err := d.ecs.Get(ctx, as)
	if err != nil {
		return err
	}
	_, err = client.UpdateServicePrimaryTaskSet(ctx, &ecs.UpdateServicePrimaryTaskSetInput{
		Cluster: &cluster, Service: &service, PrimaryTaskSet: &taskSet,
	})
	return classifyECS("UpdateServicePrimaryTaskSet", err)
}

// DeleteTaskSet deletes a task set whatever its scale (DeleteTaskSet with force). That the task set, its service or its cluster
// is already gone is no error (ecs.md 10.1).
func (d *Driver) DeleteTaskSet(ctx context.Context, as awsaccess.As, cluster, service, taskSet string) error {
	client, err := d.ecs.Get(ctx, as)
	if err != nil {
		return err
	}
	_, err = client.DeleteTaskSet(ctx, &ecs.DeleteTaskSetInput{
		Cluster: &cluster, Service: &service, TaskSet: &taskSet, Force: aws.Bool(true),
	})
	err = classifyECS("DeleteTaskSet", err)
	if fault, ok := errors.AsType[*awsaccess.Fault](err); ok && fault.Kind == awsaccess.NotFound {
		return nil
	}
	return err
}

func (s TaskSetSpec) input() *ecs.CreateTaskSetInput {
	in := &ecs.CreateTaskSetInput{
		Cluster:        &s.Cluster,
		Service:        &s.Service,
		TaskDefinition: &s.TaskDefinition,
		ExternalId:     optional(s.ExternalID),
		ClientToken:    optional(s.ClientToken),
		LoadBalancers: []types.LoadBalancer{{
			TargetGroupArn: &s.TargetGroupARN, ContainerName: &s.ContainerName, ContainerPort: aws.Int32(int32(s.ContainerPort)),
		}},
		Scale:                &types.Scale{Value: 100, Unit: types.ScaleUnitPercent},
		NetworkConfiguration: s.Network.configuration(),
	}
	if s.LaunchType != string(types.LaunchTypeEc2) || len(s.CapacityProviders) > 0 {
		in.PlatformVersion = optional(s.PlatformVersion)
	}
	if len(s.CapacityProviders) == 0 {
		in.LaunchType = types.LaunchType(s.LaunchType)
	}
	for _, c := range s.CapacityProviders {
		in.CapacityProviderStrategy = append(in.CapacityProviderStrategy, types.CapacityProviderStrategyItem{
			CapacityProvider: aws.String(c.CapacityProvider), Base: int32(c.Base), Weight: int32(c.Weight),
		})
	}
	for _, r := range s.Registries {
		in.ServiceRegistries = append(in.ServiceRegistries, r.wire())
	}
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		in.Tags = append(in.Tags, types.Tag{Key: &key, Value: aws.String(s.Tags[key])})
	}
	return in
}

func (n *Network) configuration() *types.NetworkConfiguration {
	if n == nil {
		return nil
	}
	return &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{
		Subnets: n.Subnets, SecurityGroups: n.SecurityGroups, AssignPublicIp: types.AssignPublicIp(n.AssignPublicIP),
	}}
}

func (r Registry) wire() types.ServiceRegistry {
	registry := types.ServiceRegistry{RegistryArn: &r.ARN, ContainerName: optional(r.ContainerName)}
	if r.Port != 0 {
		registry.Port = aws.Int32(int32(r.Port))
	}
	if r.ContainerPort != 0 {
		registry.ContainerPort = aws.Int32(int32(r.ContainerPort))
	}
	return registry
}

// optional is nil for "": ECS judges an empty member, and takes an absent one as not given.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
