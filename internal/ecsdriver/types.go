package ecsdriver

// Service is an ECS service as DescribeServices shows it.
type Service struct {
	ARN          string            `json:"arn,omitzero"`
	Name         string            `json:"name,omitzero"`
	ClusterARN   string            `json:"clusterArn,omitzero"`
	Status       string            `json:"status,omitzero"`     // ACTIVE, DRAINING or INACTIVE
	Controller   string            `json:"controller,omitzero"` // CODE_DEPLOY, EXTERNAL or ECS
	DesiredCount int               `json:"desiredCount,omitzero"`
	TaskSets     []TaskSet         `json:"taskSets,omitempty"`
	Tags         map[string]string `json:"tags,omitempty"`   // only when the service propagates its own tags
	Events       []string          `json:"events,omitempty"` // messages, newest first, at most five
}

// TaskSet is one task set of a service. Desired, Pending and Running are ECS's counts of tasks.
type TaskSet struct {
	ID             string `json:"id,omitzero"` // "ecs-svc/9223370493425779968"
	ARN            string `json:"arn,omitzero"`
	Status         string `json:"status,omitzero"`     // PRIMARY, ACTIVE or DRAINING
	ExternalID     string `json:"externalId,omitzero"` // the deployment that made it; "" for the service's first
	TaskDefinition string `json:"taskDefinition,omitzero"`
	TargetGroupARN string `json:"targetGroupArn,omitzero"`
	Stability      string `json:"stability,omitzero"` // STEADY_STATE or STABILIZING
	Desired        int    `json:"desired,omitzero"`
	Pending        int    `json:"pending,omitzero"`
	Running        int    `json:"running,omitzero"`

	LaunchType        string             `json:"launchType,omitzero"`
	PlatformVersion   string             `json:"platformVersion,omitzero"`
	CapacityProviders []CapacityProvider `json:"capacityProviders,omitempty"`
	Network           *Network           `json:"network,omitzero"`
	Registries        []Registry         `json:"registries,omitempty"`
}

// The statuses and the stability that decide something.
const (
	StatusActive  = "ACTIVE"
	StatusPrimary = "PRIMARY"
	StatusDrain   = "DRAINING"
	Steady        = "STEADY_STATE"
)

// CapacityProvider is one entry of a capacity provider strategy.
type CapacityProvider struct {
	CapacityProvider string `json:"capacityProvider,omitzero"`
	Base             int    `json:"base,omitzero"`
	Weight           int    `json:"weight,omitzero"`
}

// Network is an awsvpc configuration.
type Network struct {
	Subnets        []string `json:"subnets,omitempty"`
	SecurityGroups []string `json:"securityGroups,omitempty"`
	AssignPublicIP string   `json:"assignPublicIp,omitzero"` // ENABLED or DISABLED
}

// Registry is a service discovery registry of a task set.
type Registry struct {
	ARN           string `json:"arn,omitzero"`
	Port          int    `json:"port,omitzero"`
	ContainerName string `json:"containerName,omitzero"`
	ContainerPort int    `json:"containerPort,omitzero"`
}

// TargetGroup is a target group. LoadBalancerARNs is empty while no listener names it.
type TargetGroup struct {
	Name             string   `json:"name,omitzero"`
	ARN              string   `json:"arn,omitzero"`
	Protocol         string   `json:"protocol,omitzero"`
	LoadBalancerARNs []string `json:"loadBalancerArns,omitempty"`
}

// Pair is the two target groups of a deployment by their ARNs: which of them is blue is told by the primary task set.
type Pair struct {
	Blue  string `json:"blue,omitzero"`
	Green string `json:"green,omitzero"`
}

// Share is how traffic is split, in percent.
type Share struct {
	Blue  float64 `json:"blue"`
	Green float64 `json:"green"`
}
