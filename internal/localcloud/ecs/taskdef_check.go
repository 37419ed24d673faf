package ecs

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Bounds of a task definition (ECS quotas; the model).
const (
	maxContainers  = 10
	minMemory      = 4 // MiB
	maxStopTimeout = 86_400
)

// check judges what RegisterTaskDefinition was given and fills in what ECS
// fills in.
func (c *definitionContent) check() error {
	var err error
	if c.CPU, err = units("cpu", c.CPU, "vcpu", 1024); err != nil {
		return err
	}
	if c.Memory, err = units("memory", c.Memory, "gb", 1024); err != nil {
		return err
	}
	if err := c.checkMode(); err != nil {
		return err
	}
	switch n := len(c.Containers); {
	case n == 0:
		return client.errorf("Container list cannot be empty.")
	case n > maxContainers:
		return client.errorf("A task definition can have at most %d containers, found %d.", maxContainers, n)
	}
	essential, names := false, map[string]bool{}
	for i := range c.Containers {
		container := &c.Containers[i]
		if err := container.check(c); err != nil {
			return err
		}
		if names[container.Name] {
			return client.errorf("Container.name should be unique, found %q twice.", container.Name)
		}
		names[container.Name] = true
		essential = essential || container.essential()
	}
	if !essential {
		return client.errorf("At least one container of a task definition must be essential.")
	}
	return nil
}

func (c *definitionContent) checkMode() error {
	if !slices.Contains([]string{"", "bridge", "host", networkAWSVPC, "none"}, c.NetworkMode) {
		return client.errorf("Invalid networkMode %q: must be one of bridge, host, awsvpc, none.", shortened(c.NetworkMode))
	}
	for _, launch := range c.Compatibilities {
		if !slices.Contains([]string{launchEC2, launchFargate, launchExternal}, launch) {
			return client.errorf("Invalid value %q in requiresCompatibilities: must be one of EC2, FARGATE, EXTERNAL.", shortened(launch))
		}
	}
	if !slices.Contains(c.Compatibilities, launchFargate) {
		return nil
	}
	switch {
	case c.NetworkMode != networkAWSVPC:
		return client.errorf("Fargate only supports network mode ‘awsvpc’.")
	case c.CPU == "":
		return client.errorf("Fargate requires that 'cpu' be defined at the task level.")
	case c.Memory == "":
		return client.errorf("Fargate requires that 'memory' be defined at the task level.")
	}
	return nil
}

// units reads a size of a task: a whole number, or with a unit, "0.5 vCPU".
func units(member, text, unit string, each float64) (string, error) {
	if text == "" {
		return "", nil
	}
	number := strings.ToLower(strings.TrimSpace(text))
	number, scaled := strings.CutSuffix(number, unit)
	size, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if scaled {
		size *= each
	}
	if err != nil || size < 1 || size > 1<<30 || size != math.Trunc(size) {
		return "", client.errorf("Invalid %q setting for task: %q is not a size.", member, shortened(text))
	}
	return strconv.Itoa(int(size)), nil
}

func (c *containerDefinition) check(of *definitionContent) error {
	switch {
	case c.Name == "":
		return client.errorf("Container.name should not be null or empty.")
	case !validName.MatchString(c.Name):
		return client.errorf("Container.name contains invalid characters: %q.", shortened(c.Name))
	case strings.TrimSpace(c.Image) == "":
		return client.errorf("Container.image should not be null or empty.")
	}
	for _, check := range []func(*definitionContent) error{c.checkMemory, c.checkPorts, c.checkTimes, c.checkRefused} {
		if err := check(of); err != nil {
			return err
		}
	}
	if c.Essential == nil {
		c.Essential = new(true)
	}
	return nil
}

func (c *containerDefinition) invalid(format string, args ...any) error {
	return client.errorf("Invalid setting for container '"+c.Name+"'. "+format, args...)
}

func (c *containerDefinition) checkMemory(of *definitionContent) error {
	switch {
	case c.Memory == 0 && c.MemoryReservation == 0 && of.Memory == "":
		return c.invalid("At least one of 'memory' or 'memoryReservation' must be specified.")
	case c.Memory != 0 && c.Memory < minMemory, c.MemoryReservation != 0 && c.MemoryReservation < minMemory:
		return c.invalid("'memory' and 'memoryReservation' must be at least %d.", minMemory)
	case c.Memory != 0 && c.MemoryReservation > c.Memory:
		return c.invalid("'memory' must be greater than 'memoryReservation'.")
	case c.CPU < 0:
		return c.invalid("'cpu' must not be negative.")
	}
	return nil
}

func (c *containerDefinition) checkPorts(of *definitionContent) error {
	taken := map[int]bool{}
	for i := range c.Ports {
		m := &c.Ports[i]
		switch {
		case m.PortRange != "":
			return notHere("The member containerPortRange")
		case m.ContainerPort < 1 || m.ContainerPort > math.MaxUint16:
			return c.invalid("The container port %d must be between 1 and 65535.", m.ContainerPort)
		case m.HostPort < 0 || m.HostPort > math.MaxUint16:
			return c.invalid("The host port %d must be between 0 and 65535.", m.HostPort)
		case m.Protocol == "udp":
			return notHere("The protocol udp of a port mapping")
		case m.Protocol != "" && m.Protocol != "tcp":
			return c.invalid("The protocol %q must be tcp or udp.", shortened(m.Protocol))
		case taken[m.ContainerPort]:
			return c.invalid("The container port %d is mapped twice.", m.ContainerPort)
		}
		taken[m.ContainerPort] = true
		m.Protocol = "tcp"
		if of.NetworkMode == networkAWSVPC && m.HostPort == 0 {
			m.HostPort = m.ContainerPort
		}
	}
	return nil
}

func (c *containerDefinition) checkTimes(*definitionContent) error {
	if t := c.StopTimeout; t != nil && (*t < 0 || *t > maxStopTimeout) {
		return c.invalid("The stop timeout %d must be between 0 and %d seconds.", *t, maxStopTimeout)
	}
	h := c.HealthCheck
	if h == nil {
		return nil
	}
	if len(h.Command) < 2 || h.Command[0] != "CMD" && h.Command[0] != "CMD-SHELL" {
		return c.invalid("The health check's command must begin with CMD or CMD-SHELL and name a command.")
	}
	for _, bound := range []struct {
		name            string
		value, from, to int
	}{
		{"interval", orElse(h.Interval, 30), 5, 300}, {"timeout", orElse(h.Timeout, 5), 2, 60},
		{"retries", orElse(h.Retries, 3), 1, 10}, {"start period", *orNew(h.StartPeriod, 0), 0, 300},
	} {
		if bound.value < bound.from || bound.value > bound.to {
			return c.invalid("The health check's %s of %d must be between %d and %d.", bound.name, bound.value, bound.from, bound.to)
		}
	}
	h.Interval, h.Timeout, h.Retries = orElse(h.Interval, 30), orElse(h.Timeout, 5), orElse(h.Retries, 3)
	return nil
}

// checkRefused refuses what would leave a task without something that its
// containers rely on.
func (c *containerDefinition) checkRefused(*definitionContent) error {
	for _, member := range []struct {
		name  string
		given []opaque
	}{
		{"secrets", c.Secrets}, {"environmentFiles", c.EnvironmentFiles},
		{"mountPoints", c.MountPoints}, {"volumesFrom", c.VolumesFrom},
	} {
		if len(member.given) > 0 {
			return client.errorf("Invalid setting for container '%s'. '%s' is not available in the local ECS.", c.Name, member.name)
		}
	}
	for _, v := range c.Environment {
		if v.Name == "" || strings.ContainsAny(v.Name, "=\x00") || strings.Contains(v.Value, "\x00") {
			return c.invalid("An environment variable must have a name without =, and no NUL.")
		}
	}
	return nil
}

func orElse(value, otherwise int) int {
	if value == 0 {
		return otherwise
	}
	return value
}

func orNew[T any](value *T, otherwise T) *T {
	if value == nil {
		return &otherwise
	}
	return value
}
