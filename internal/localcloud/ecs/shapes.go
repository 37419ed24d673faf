package ecs

// The shapes of ECS's model that several operations share, as the wire has them.

type tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type keyValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type failure struct {
	ARN    string `json:"arn"`
	Reason string `json:"reason"`
}

type loadBalancer struct {
	TargetGroupARN   string `json:"targetGroupArn,omitzero"`
	LoadBalancerName string `json:"loadBalancerName,omitzero"`
	ContainerName    string `json:"containerName,omitzero"`
	ContainerPort    int    `json:"containerPort,omitzero"`
}

type networkConfiguration struct {
	AWSVPC *awsvpcConfiguration `json:"awsvpcConfiguration,omitzero"`
}

type awsvpcConfiguration struct {
	Subnets        []string `json:"subnets"`
	SecurityGroups []string `json:"securityGroups"`
	AssignPublicIP string   `json:"assignPublicIp,omitzero"`
}

type strategyItem struct {
	CapacityProvider string `json:"capacityProvider"`
	Weight           int    `json:"weight"`
	Base             int    `json:"base"`
}

type serviceRegistry struct {
	RegistryARN   string `json:"registryArn,omitzero"`
	Port          int    `json:"port,omitzero"`
	ContainerName string `json:"containerName,omitzero"`
	ContainerPort int    `json:"containerPort,omitzero"`
}

// scale is a task set's share of the service's desired count.
type scale struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

const percent = "PERCENT"

type controller struct {
	Type string `json:"type"`
}

// The deployment controllers.
const (
	controllerECS        = "ECS"
	controllerCodeDeploy = "CODE_DEPLOY"
	controllerExternal   = "EXTERNAL"
)

// placement is how and where the tasks of a service or a task set run.
type placement struct {
	LaunchType      string                `json:"launchType,omitzero"`
	Strategy        []strategyItem        `json:"capacityProviderStrategy,omitempty"`
	PlatformVersion string                `json:"platformVersion,omitzero"`
	Network         *networkConfiguration `json:"networkConfiguration,omitzero"`
}

// The launch types.
const (
	launchEC2      = "EC2"
	launchFargate  = "FARGATE"
	launchExternal = "EXTERNAL"
)
