package task

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// undoLimit bounds the removal of what a failed start leaves behind.
const undoLimit = 30 * time.Second

func (e *engine) start(ctx context.Context, r *record) error {
	r.Units = make([]unit, len(r.Spec.Containers))
	err := e.startAll(ctx, r)
	if err == nil {
		return nil
	}
	undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoLimit)
	defer cancel()
	if err := e.remove(undo, r); err != nil {
		e.options.Log.Warn("the containers of a task that failed to start could not be removed", "task", r.Spec.ARN, "error", err)
	}
	return err
}

func (e *engine) startAll(ctx context.Context, r *record) error {
	if err := e.ready(); err != nil {
		return &StartError{Code: EngineGone, Message: err.Error()}
	}
	for _, c := range r.Spec.Containers {
		if err := e.pull(ctx, c.Image); err != nil {
			return e.failure(CannotPull, c, err)
		}
	}
	for _, i := range startOrder(r.Spec) {
		if err := e.startOne(ctx, r, i); err != nil {
			return e.ownerEnded(ctx, r, i, err)
		}
	}
	if err := e.learnPorts(ctx, r); err != nil {
		return e.failure(CannotStart, r.Spec.Containers[owner(r.Spec)], err)
	}
	return nil
}

func (e *engine) startOne(ctx context.Context, r *record, i int) *StartError {
	if err := e.create(ctx, r, i); err != nil {
		return e.failure(CannotCreate, r.Spec.Containers[i], err)
	}
	if _, err := e.client.ContainerStart(ctx, r.Units[i].RuntimeID, client.ContainerStartOptions{}); err != nil {
		return e.failure(CannotStart, r.Spec.Containers[i], err)
	}
	return nil
}

// ownerEnded puts the blame where it belongs when a container could not join the network of one that has ended already.
func (e *engine) ownerEnded(ctx context.Context, r *record, i int, failed *StartError) *StartError {
	first := owner(r.Spec)
	if i == first || !shared(r.Spec) {
		return failed
	}
	inspected, err := e.client.ContainerInspect(ctx, r.Units[first].RuntimeID, client.ContainerInspectOptions{})
	if err != nil || inspected.Container.State == nil {
		return failed
	}
	if code, _, ended := endOf(inspected.Container.State); ended {
		name := r.Spec.Containers[first].Name
		return &StartError{Code: CannotStart, Container: name, Message: fmt.Sprintf(
			"container %q exited with code %d before container %q was started", name, *code, r.Spec.Containers[i].Name)}
	}
	return failed
}

func (e *engine) failure(code string, c Container, err error) *StartError {
	if client.IsErrConnectionFailed(err) {
		code = EngineGone
	}
	return &StartError{Code: code, Container: c.Name, Message: err.Error()}
}

// pull gets an image that is absent.
func (e *engine) pull(ctx context.Context, image string) error {
	if image == "" {
		return fmt.Errorf("the container definition names no image")
	}
	_, err := e.client.ImageInspect(ctx, image)
	if !errdefs.IsNotFound(err) {
		return err
	}
	response, err := e.client.ImagePull(ctx, image, client.ImagePullOptions{})
	if err != nil {
		return err
	}
	return response.Wait(ctx)
}

// owner is the container that holds the network of the task: the first that the task cannot live without.
func owner(s Spec) int {
	return max(0, slices.IndexFunc(s.Containers, func(c Container) bool { return c.Essential }))
}

// shared reports whether the containers of a task have one network, as with awsvpc.
func shared(s Spec) bool { return s.NetworkMode != "bridge" }

// startOrder is the order of the definition, with the owner of the network first.
func startOrder(s Spec) []int {
	first := owner(s)
	order := []int{first}
	for i := range s.Containers {
		if i != first {
			order = append(order, i)
		}
	}
	return order
}

func (e *engine) create(ctx context.Context, r *record, i int) error {
	c := r.Spec.Containers[i]
	labels, err := e.labels(r, i)
	if err != nil {
		return err
	}
	config := &container.Config{
		Image: c.Image, Entrypoint: c.EntryPoint, Cmd: c.Command, Env: pairs(e.outward(c.Environment)), User: c.User,
		WorkingDir: c.WorkingDirectory, Labels: labels, ExposedPorts: network.PortSet{},
		Healthcheck: &container.HealthConfig{Test: []string{"NONE"}}, // the launcher's own are enough
	}
	host := &container.HostConfig{
		Init:         new(true),
		LogConfig:    container.LogConfig{Type: "json-file", Config: map[string]string{"max-size": strconv.Itoa(logLimit)}},
		PortBindings: network.PortMap{},
	}
	host.Memory, host.CPUShares = int64(c.Memory)<<20, int64(c.CPU)
	switch first := owner(r.Spec); {
	case !shared(r.Spec):
		publish(config, host, c.Ports)
		host.ExtraHosts = []string{HostName + ":" + e.host}
	case i == first:
		for _, each := range r.Spec.Containers {
			publish(config, host, each.Ports)
		}
		host.ExtraHosts = []string{HostName + ":" + e.host}
	default:
		host.NetworkMode = container.NetworkMode("container:" + r.Units[first].RuntimeID)
	}
	created, err := e.client.ContainerCreate(ctx, client.ContainerCreateOptions{
		Config: config, HostConfig: host, Name: containerName(r, i)})
	if err != nil {
		return err
	}
	r.Units[i] = unit{RuntimeID: created.ID}
	return nil
}

// publish binds container ports to ports of the loopback address that the engine chooses.
func publish(config *container.Config, host *container.HostConfig, ports []int) {
	for _, p := range ports {
		port, _ := network.PortFrom(uint16(p), network.TCP) // Spec.check has seen to the range
		config.ExposedPorts[port] = struct{}{}
		host.PortBindings[port] = []network.PortBinding{{HostIP: netip.AddrFrom4([4]byte{127, 0, 0, 1})}}
	}
}

// containerName is unique, and readable in the engine's own lists.
func containerName(r *record, i int) string {
	name := strings.Map(func(c rune) rune {
		if c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return c
		}
		return '-'
	}, r.Spec.Family+"-"+r.Spec.Containers[i].Name)
	return "greenlight-" + name + "-" + r.ID
}

// learnPorts fills in where the engine has published the ports.
func (e *engine) learnPorts(ctx context.Context, r *record) error {
	r.Ports = map[string]map[int]string{}
	for i, c := range r.Spec.Containers {
		r.Ports[c.Name] = map[int]string{}
		if len(c.Ports) == 0 {
			continue
		}
		holder := i
		if shared(r.Spec) {
			holder = owner(r.Spec)
		}
		inspected, err := e.client.ContainerInspect(ctx, r.Units[holder].RuntimeID, client.ContainerInspectOptions{})
		if err != nil {
			return err
		}
		settings := inspected.Container.NetworkSettings
		for _, p := range c.Ports {
			port, _ := network.PortFrom(uint16(p), network.TCP)
			if settings == nil || len(settings.Ports[port]) == 0 {
				continue // a container that has ended has no ports
			}
			r.Ports[c.Name][p] = net.JoinHostPort("127.0.0.1", settings.Ports[port][0].HostPort)
		}
	}
	return nil
}
