package ecs

import (
	"strconv"
	"time"

	launcher "greenlight/internal/localcloud/ecs/task"
)

// definition is one revision of a task definition. Only its status and tags
// ever change.
type definition struct {
	scope
	Family       string
	Revision     int
	Status       string // ACTIVE, INACTIVE
	Registered   moment
	Deregistered moment `json:",omitzero"`
	RegisteredBy string
	Tags         tags `json:",omitzero"`
	Content      definitionContent
}

func (d *definition) arn() string { return d.scope.arn("task-definition/" + d.name()) }

// name is family:revision.
func (d *definition) name() string { return d.Family + ":" + strconv.Itoa(d.Revision) }

// container finds a container by its name; nil if there is none.
func (d *definition) container(name string) *containerDefinition {
	for i := range d.Content.Containers {
		if d.Content.Containers[i].Name == name {
			return &d.Content.Containers[i]
		}
	}
	return nil
}

// definitionContent is what RegisterTaskDefinition and TaskDefinition of the
// model have in common.
type definitionContent struct {
	TaskRoleARN          string                `json:"taskRoleArn,omitzero"`
	ExecutionRoleARN     string                `json:"executionRoleArn,omitzero"`
	NetworkMode          string                `json:"networkMode,omitzero"`
	Containers           []containerDefinition `json:"containerDefinitions"`
	Volumes              []opaque              `json:"volumes"` // always empty
	PlacementConstraints []opaque              `json:"placementConstraints"`
	Compatibilities      []string              `json:"requiresCompatibilities,omitempty"`
	CPU                  string                `json:"cpu,omitzero"`    // CPU units
	Memory               string                `json:"memory,omitzero"` // MiB
	PIDMode              string                `json:"pidMode,omitzero"`
	IPCMode              string                `json:"ipcMode,omitzero"`
	EphemeralStorage     opaque                `json:"ephemeralStorage,omitzero"`
	RuntimePlatform      opaque                `json:"runtimePlatform,omitzero"`
	FaultInjection       *bool                 `json:"enableFaultInjection,omitzero"`
}

// networkAWSVPC is the network mode in which each task has an address of its own.
const networkAWSVPC = "awsvpc"

// containerDefinition is ContainerDefinition of the model. What only echoed has
// is kept, shown, and has no effect.
type containerDefinition struct {
	Name              string        `json:"name"`
	Image             string        `json:"image"`
	CPU               int           `json:"cpu"`
	Memory            int           `json:"memory,omitzero"`
	MemoryReservation int           `json:"memoryReservation,omitzero"`
	Ports             []portMapping `json:"portMappings"`
	Essential         *bool         `json:"essential"`
	EntryPoint        []string      `json:"entryPoint,omitempty"`
	Command           []string      `json:"command,omitempty"`
	Environment       []keyValue    `json:"environment"`
	WorkingDirectory  string        `json:"workingDirectory,omitzero"`
	User              string        `json:"user,omitzero"`
	HealthCheck       *healthCheck  `json:"healthCheck,omitzero"`
	StopTimeout       *int          `json:"stopTimeout,omitzero"` // seconds
	// Refused when they say something.
	Secrets          []opaque `json:"secrets,omitempty"`
	EnvironmentFiles []opaque `json:"environmentFiles,omitempty"`
	MountPoints      []opaque `json:"mountPoints"`
	VolumesFrom      []opaque `json:"volumesFrom"`

	LogConfiguration       opaque `json:"logConfiguration,omitzero"`
	DependsOn              opaque `json:"dependsOn,omitzero"`
	DockerLabels           opaque `json:"dockerLabels,omitzero"`
	DockerSecurityOptions  opaque `json:"dockerSecurityOptions,omitzero"`
	DNSSearchDomains       opaque `json:"dnsSearchDomains,omitzero"`
	DNSServers             opaque `json:"dnsServers,omitzero"`
	DisableNetworking      opaque `json:"disableNetworking,omitzero"`
	ExtraHosts             opaque `json:"extraHosts,omitzero"`
	FireLens               opaque `json:"firelensConfiguration,omitzero"`
	Hostname               opaque `json:"hostname,omitzero"`
	Interactive            opaque `json:"interactive,omitzero"`
	Links                  opaque `json:"links,omitzero"`
	LinuxParameters        opaque `json:"linuxParameters,omitzero"`
	Privileged             opaque `json:"privileged,omitzero"`
	PseudoTerminal         opaque `json:"pseudoTerminal,omitzero"`
	ReadonlyRootFilesystem opaque `json:"readonlyRootFilesystem,omitzero"`
	RepositoryCredentials  opaque `json:"repositoryCredentials,omitzero"`
	ResourceRequirements   opaque `json:"resourceRequirements,omitzero"`
	RestartPolicy          opaque `json:"restartPolicy,omitzero"`
	StartTimeout           opaque `json:"startTimeout,omitzero"`
	SystemControls         opaque `json:"systemControls,omitzero"`
	Ulimits                opaque `json:"ulimits,omitzero"`
	VersionConsistency     opaque `json:"versionConsistency,omitzero"`
}

type portMapping struct {
	ContainerPort int    `json:"containerPort"`
	HostPort      int    `json:"hostPort"` // read back as given; on this machine another is taken
	Protocol      string `json:"protocol"`
	Name          string `json:"name,omitzero"`
	AppProtocol   string `json:"appProtocol,omitzero"`
	PortRange     string `json:"containerPortRange,omitzero"` // refused
}

type healthCheck struct {
	Command     []string `json:"command"`
	Interval    int      `json:"interval,omitzero"` // seconds, like the others
	Timeout     int      `json:"timeout,omitzero"`
	Retries     int      `json:"retries,omitzero"`
	StartPeriod *int     `json:"startPeriod,omitzero"`
}

func (c *containerDefinition) essential() bool { return c.Essential == nil || *c.Essential }

func (c *containerDefinition) hasPort(port int) bool {
	for _, m := range c.Ports {
		if m.ContainerPort == port {
			return true
		}
	}
	return false
}

// defaultStopTimeout is what a container has between SIGTERM and SIGKILL.
const defaultStopTimeout = 30 * time.Second

func (c *containerDefinition) stopTimeout() time.Duration {
	if c.StopTimeout == nil {
		return defaultStopTimeout
	}
	return time.Duration(*c.StopTimeout) * time.Second
}

// stopTimeout is how long the slowest container of a task may take to stop.
func (d *definition) stopTimeout() time.Duration {
	var longest time.Duration
	for i := range d.Content.Containers {
		longest = max(longest, d.Content.Containers[i].stopTimeout())
	}
	return longest
}

// spec is the definition as the launcher runs it for a task. environment is
// what a container gets unless its definition says otherwise.
func (d *definition) spec(t *task, environment map[string]string) launcher.Spec {
	spec := launcher.Spec{
		ARN: t.arn(), Family: d.Family, NetworkMode: d.Content.NetworkMode,
		Labels: map[string]string{
			"com.amazonaws.ecs.cluster":                 t.Service.scope.arn("cluster/" + t.Service.Cluster),
			"com.amazonaws.ecs.task-arn":                t.arn(),
			"com.amazonaws.ecs.task-definition-family":  d.Family,
			"com.amazonaws.ecs.task-definition-version": strconv.Itoa(d.Revision),
		},
	}
	if spec.NetworkMode == "" {
		spec.NetworkMode = "bridge"
	}
	for i := range d.Content.Containers {
		spec.Containers = append(spec.Containers, d.Content.Containers[i].spec(environment))
	}
	return spec
}

func (c *containerDefinition) spec(environment map[string]string) launcher.Container {
	out := launcher.Container{
		Name: c.Name, Image: c.Image, EntryPoint: c.EntryPoint, Command: c.Command, Environment: map[string]string{},
		WorkingDirectory: c.WorkingDirectory, User: c.User, Memory: c.Memory, CPU: c.CPU,
		Essential: c.essential(), HealthCheck: c.HealthCheck.spec(), StopTimeout: c.stopTimeout(),
	}
	for name, value := range environment {
		out.Environment[name] = value
	}
	for _, v := range c.Environment {
		out.Environment[v.Name] = v.Value
	}
	for _, m := range c.Ports {
		out.Ports = append(out.Ports, m.ContainerPort)
	}
	return out
}

func (h *healthCheck) spec() *launcher.HealthCheck {
	if h == nil {
		return nil
	}
	out := &launcher.HealthCheck{
		Command: h.Command, Retries: h.Retries,
		Interval: time.Duration(h.Interval) * time.Second, Timeout: time.Duration(h.Timeout) * time.Second,
	}
	if h.StartPeriod != nil {
		out.StartPeriod = time.Duration(*h.StartPeriod) * time.Second
	}
	return out
}
