package task

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/moby/moby/client"
)

// pingLimit is how long an engine may take to answer when it is looked for.
const pingLimit = 5 * time.Second

// connect returns a client of the first engine that answers, and its address.
func connect(ctx context.Context, address string) (*client.Client, string, error) {
	var tried error
	for _, at := range addresses(address) {
		c, err := connectTo(ctx, at)
		if err == nil {
			return c, at, nil
		}
		tried = errors.Join(tried, fmt.Errorf("%s: %w", at, err))
	}
	return nil, "", fmt.Errorf("no container engine answers: %w", tried)
}

// addresses are the places where an engine may listen. Somebody who names one means that one.
func addresses(given string) []string {
	if given != "" {
		return []string{given}
	}
	if host := os.Getenv(client.EnvOverrideHost); host != "" {
		return []string{host}
	}
	all := []string{client.DefaultDockerHost}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		all = append(all, "unix://"+filepath.Join(dir, "docker.sock"), "unix://"+filepath.Join(dir, "podman/podman.sock"))
	}
	all = append(all, "unix:///run/podman/podman.sock")
	if home, err := os.UserHomeDir(); err == nil {
		all = append(all, "unix://"+filepath.Join(home, ".docker/run/docker.sock"))
	}
	return all
}

func connectTo(ctx context.Context, address string) (*client.Client, error) {
	if err := onThisMachine(address); err != nil {
		return nil, err
	}
	c, err := client.New(client.WithHost(address), client.WithTLSClientConfigFromEnv(), client.WithAPIVersionFromEnv())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	if _, err := c.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true}); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func onThisMachine(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	switch u.Scheme {
	case "unix", "npipe":
		return nil
	}
	if host := u.Hostname(); host == "localhost" || net.ParseIP(host).IsLoopback() {
		return nil
	}
	return errors.New("the engine must be on this machine: the ports of its containers are published on the loopback address")
}
