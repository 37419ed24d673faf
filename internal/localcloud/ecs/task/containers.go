package task

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/moby/moby/client"
)

// HostName is what a container calls the machine that Greenlight runs on.
const HostName = "host.docker.internal"

// Containers opens the launcher that runs tasks on a container engine that speaks the Docker API 1.40 or later: Docker, or
// Podman's `podman system service`. It fails when none answers. The engine must be on this machine, because the ports of
// containers are published on its loopback address.
//
// Images are pulled when they are absent, without credentials: log in and pull with the engine's own tools for registries
// that want them. Every container has an init process, so that programs that ignore SIGTERM as process 1 can be stopped;
// therefore a program that the image lacks is no StartError but a container that exits at once. Health checks are run by
// the launcher (exec), alike on every engine; those of an image are not. Podman keeps a small monitor process of every
// exec for its exit_command_delay, five minutes.
//
// Greenlight as seen from a container: Options.Endpoint is rewritten to HostName in the containers' environment. Where the
// engine runs containers behind a bridge of this machine, a listener on the loopback address cannot be reached from
// there, so the launcher relays the endpoint's port from the bridge's own address, to containers only (see relay). Host
// networking would need no relay, but then two task sets of a service would fight for one port, which is what a
// blue/green deployment is made of. Engines in a virtual machine (Docker Desktop) forward HostName to this machine's
// loopback address by themselves. Rootless engines on Linux do neither: their containers reach Greenlight only if it
// listens on an address of the machine's.
func Containers(ctx context.Context, o Options) (Launcher, error) {
	o = o.withDefaults()
	if o.Instance == "" {
		return nil, fmt.Errorf("tasks as containers need a name for this instance")
	}
	c, address, err := connect(ctx, o.EngineAddress)
	if err != nil {
		return nil, err
	}
	return open(ctx, o, func(x exits) (backend, error) {
		e := &engine{client: c, options: o, exits: x, watched: map[string]place{}, unfinished: map[string]string{}}
		if err := e.introduce(ctx, address); err != nil {
			_ = c.Close()
			return nil, err
		}
		e.life, e.endLife = context.WithCancel(context.Background())
		e.openRelay(ctx, rootless(address))
		e.work.Go(e.follow)
		return e, nil
	})
}

// engine is the backend of Containers.
type engine struct {
	client  *client.Client
	options Options
	exits   exits
	title   string
	host    string // what HostName stands for: an address, or "host-gateway"
	relay   *relay // nil = none needed, or none possible
	life    context.Context
	endLife context.CancelFunc
	work    sync.WaitGroup

	mu         sync.Mutex
	lost       error             // why the engine cannot be asked, nil when it can
	watched    map[string]place  // by container id: those that run as far as is known
	unfinished map[string]string // by container id: a health check that went on after its time, by exec id
}

// place is a container's place in a task.
type place struct {
	task  string
	index int
}

func (e *engine) name() string { return e.title }

func (e *engine) ready() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.lost != nil {
		return fmt.Errorf("%s does not answer: %w", e.title, e.lost)
	}
	return nil
}

func (e *engine) close() error {
	e.endLife()
	e.work.Wait()
	if e.relay != nil {
		e.relay.close()
	}
	return e.client.Close()
}

// introduce learns who the engine is, from a header: Podman takes a second to answer what the API has for that.
func (e *engine) introduce(ctx context.Context, address string) error {
	dial := e.client.Dialer()
	once := http.Client{Timeout: pingLimit, Transport: &http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+client.DummyHost+"/_ping", nil)
	if err != nil {
		return err
	}
	response, err := once.Do(request)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	e.title = title(response.Header.Get("Server")) + " at " + address
	return nil
}

// title makes "podman 4.3.1" of "Libpod/4.3.1 (linux)" and "docker 27.0" of "Docker/27.0 (linux)".
func title(server string) string {
	product, _, _ := strings.Cut(server, " ")
	name, version, ok := strings.Cut(product, "/")
	switch {
	case !ok:
		return "container engine"
	case name == "Libpod":
		name = "podman"
	}
	return strings.ToLower(name) + " " + version
}

// save writes nothing: the engine knows how its containers are, and who asked for a stop is forgotten with this launcher.
func (e *engine) save(*record, outcome) error { return nil }
