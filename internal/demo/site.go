package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// What the web service consists of.
const (
	siteApplication = "site"
	siteGroup       = "web"
	cluster         = "demo"
	service         = "web"
	family          = "web" // of the task definitions
	container       = "web"
	containerPort   = 8000
	tasks           = 2
	healthPath      = "/health"
)

// site is where the web service is reached.
type site struct {
	url, testURL string   // through the listeners
	groups       []string // ARNs of the two target groups
}

// setUpSite makes what has to be there before the first release of the web
// service: the load balancer, release 1 behind it, the hook, the deployment group.
// The tasks become ready in their own time.
func (s *story) setUpSite(ctx context.Context) error {
	listeners, err := s.setUpBalancer(ctx)
	if err != nil {
		return fmt.Errorf("load balancer: %w", err)
	}
	if err := s.setUpService(ctx); err != nil {
		return fmt.Errorf("service %s: %w", service, err)
	}
	if err := s.create(ctx, checkGreen, map[string]string{testVariable: s.site.testURL}); err != nil {
		return err
	}
	return s.createGroup(ctx, types.ComputePlatformEcs, &codedeploy.CreateDeploymentGroupInput{
		ApplicationName: aws.String(siteApplication), DeploymentGroupName: aws.String(siteGroup),
		DeploymentConfigName: aws.String(linear),
		EcsServices:          []types.ECSService{{ClusterName: aws.String(cluster), ServiceName: aws.String(service)}},
		LoadBalancerInfo: &types.LoadBalancerInfo{TargetGroupPairInfoList: []types.TargetGroupPairInfo{{
			TargetGroups:     []types.TargetGroupInfo{{Name: aws.String(targetGroups[0])}, {Name: aws.String(targetGroups[1])}},
			ProdTrafficRoute: &types.TrafficRoute{ListenerArns: []string{listeners.client}},
			TestTrafficRoute: &types.TrafficRoute{ListenerArns: []string{listeners.test}},
		}}},
		BlueGreenDeploymentConfiguration: &types.BlueGreenDeploymentConfiguration{
			DeploymentReadyOption:                     &types.DeploymentReadyOption{ActionOnTimeout: types.DeploymentReadyActionContinueDeployment},
			TerminateBlueInstancesOnDeploymentSuccess: &types.BlueInstanceTerminationOption{Action: types.InstanceActionTerminate},
		},
	})
}

func (s *story) setUpService(ctx context.Context) error {
	if _, err := s.cloud.services.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: aws.String(cluster)}); err != nil {
		return err
	}
	definition, err := s.register(ctx, "1")
	if err != nil {
		return err
	}
	_, err = s.cloud.services.CreateService(ctx, &ecs.CreateServiceInput{
		Cluster: aws.String(cluster), ServiceName: aws.String(service), TaskDefinition: &definition, DesiredCount: aws.Int32(tasks),
		DeploymentController: &ecstypes.DeploymentController{Type: ecstypes.DeploymentControllerTypeCodeDeploy},
		LoadBalancers: []ecstypes.LoadBalancer{{
			TargetGroupArn: &s.site.groups[0], ContainerName: aws.String(container), ContainerPort: aws.Int32(containerPort),
		}},
	})
	return err
}

// register makes the task definition of a release and answers its ARN. Tasks are
// this very program; the image is a name only.
func (s *story) register(ctx context.Context, release string) (string, error) {
	answer, err := s.cloud.services.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String(family),
		ContainerDefinitions: []ecstypes.ContainerDefinition{{
			Name: aws.String(container), Image: aws.String("greeter:" + release), Memory: aws.Int32(megabytes),
			Command:      []string{s.Executable, TaskVerb, release},
			PortMappings: []ecstypes.PortMapping{{ContainerPort: aws.Int32(containerPort)}},
		}},
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(answer.TaskDefinition.TaskDefinitionArn), nil
}

// siteSpec leads the web service to a task definition. The hook comes when the
// test listener leads to the new tasks and the clients' does not.
func siteSpec(definition string) string {
	return fmt.Sprintf(`version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: %q
        LoadBalancerInfo:
          ContainerName: %s
          ContainerPort: %d
Hooks:
  - AfterAllowTestTraffic: %s
`, definition, container, containerPort, checkGreen)
}

// awaitSite waits until the first release serves.
func (s *story) awaitSite(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the web service does not work here"))
	defer cancel()
	every := time.NewTicker(frame)
	defer every.Stop()
	for {
		sets, err := s.taskSets(ctx)
		if err != nil {
			return err
		}
		if len(sets) == 1 && sets[0].StabilityStatus == ecstypes.StabilityStatusSteadyState {
			_, _, err := ask(ctx, http.DefaultClient, s.site.url, names[0])
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-every.C:
		}
	}
}

// taskSets are those of the web service that are not on their way out.
func (s *story) taskSets(ctx context.Context) ([]ecstypes.TaskSet, error) {
	answer, err := s.cloud.services.DescribeServices(ctx, &ecs.DescribeServicesInput{
		Cluster: aws.String(cluster), Services: []string{service},
	})
	if err != nil {
		return nil, err
	}
	var sets []ecstypes.TaskSet
	for _, found := range answer.Services {
		for _, set := range found.TaskSets {
			if aws.ToString(set.Status) != "DRAINING" {
				sets = append(sets, set)
			}
		}
	}
	return sets, nil
}

// at is the address of a listener.
func (c *cloud) at(host string, port int) string {
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port+c.offset))
}
