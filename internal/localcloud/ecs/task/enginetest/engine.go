// Package enginetest gives tests a container engine: Podman's API service with a storage of its own, started for the test
// and gone with it. The images are made from Debian's static busybox, because tests have no registry.
//
// It needs Linux, root, and what Install names. With GREENLIGHT_TEST_ENGINE=unix:///... an engine that runs already is
// used instead, Docker for instance. Without any, tests are skipped and say how to get one.
package enginetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Install is how Debian gets everything that Start needs.
const Install = "apt-get install --no-install-recommends podman runc netavark aardvark-dns fuse-overlayfs slirp4netns " +
	"uidmap catatonit busybox-static iptables"

// AddressVariable names an engine to use instead of starting one.
const AddressVariable = "GREENLIGHT_TEST_ENGINE"

const (
	busybox     = "/bin/busybox"
	startLimit  = 30 * time.Second
	pollSpacing = 10 * time.Millisecond
)

// settings make Podman work on small machines. crun refuses hybrid cgroups; without systemd there is neither its cgroup
// manager nor its journal; soft and hard limits are equal because Podman 4.3's Docker API swaps them. The monitor of an
// exec would stay for five minutes.
const settings = `[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
exit_command_delay = 1
[network]
network_backend = "netavark"
`

// Engine is a container engine for one test.
type Engine struct {
	Address string // "unix:///tmp/.../podman.sock"

	dir     string // "" when the engine is somebody else's
	service *exec.Cmd
	output  bytes.Buffer
}

// Start gives a test an engine, or skips it. Engines of tests in other processes are waited for: they all use the one
// network bridge.
func Start(t testing.TB) *Engine {
	t.Helper()
	if address := os.Getenv(AddressVariable); address != "" {
		return &Engine{Address: address}
	}
	if missing := lacking(); missing != "" {
		t.Skipf("no container engine: %s; get one with: %s", missing, Install)
	}
	lock(t)
	e := &Engine{dir: shortDir(t)}
	e.Address = "unix://" + filepath.Join(e.dir, "podman.sock")
	if err := os.WriteFile(filepath.Join(e.dir, "containers.conf"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.clear(t) })
	e.Up(t)
	return e
}

func lacking() string {
	if runtime.GOOS != "linux" {
		return "this is not Linux"
	}
	if os.Geteuid() != 0 {
		return "the tests do not run as root"
	}
	for _, program := range []string{"podman", "runc", "conmon"} {
		if _, err := exec.LookPath(program); err != nil {
			return program + " is not installed"
		}
	}
	if _, err := os.Stat(busybox); err != nil {
		return busybox + " is not installed"
	}
	return ""
}

// lock holds other test processes off until the test has ended.
func lock(t testing.TB) {
	t.Helper()
	file, err := os.OpenFile(filepath.Join(os.TempDir(), "greenlight-enginetest.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
}

// shortDir is a temporary folder whose sockets fit into 108 bytes.
func shortDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gle")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (e *Engine) podman(arguments ...string) *exec.Cmd {
	// The default runtime's temporary folder would be shared with other engines of this machine.
	cmd := exec.Command("podman", append([]string{
		"--root", filepath.Join(e.dir, "root"), "--runroot", filepath.Join(e.dir, "run"),
		"--tmpdir", filepath.Join(e.dir, "tmp")}, arguments...)...)
	cmd.Env = append(os.Environ(), "CONTAINERS_CONF="+filepath.Join(e.dir, "containers.conf"))
	return cmd
}

// Up starts the service and returns when it answers. The containers of before are still there.
func (e *Engine) Up(t testing.TB) {
	t.Helper()
	e.own(t)
	e.service = e.podman("system", "service", "--time=0", e.Address)
	e.service.Stdout, e.service.Stderr = &e.output, &e.output
	if err := e.service.Start(); err != nil {
		t.Fatal(err)
	}
	if err := e.answers(); err != nil {
		t.Fatalf("podman's API service does not answer: %v\n%s", err, e.down())
	}
}

// Down kills the service: its socket refuses connections, its containers go on.
func (e *Engine) Down(t testing.TB) {
	t.Helper()
	e.own(t)
	e.down()
}

func (e *Engine) own(t testing.TB) {
	t.Helper()
	if e.dir == "" {
		t.Skipf("the engine of %s is not the test's own to stop", AddressVariable)
	}
}

func (e *Engine) down() string {
	if e.service != nil {
		_ = e.service.Process.Kill()
		_ = e.service.Wait() // killed
		e.service = nil
	}
	return e.output.String()
}

// answers waits for the first answer to a ping.
func (e *Engine) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(e.dir, "podman.sock"))
		}}}
	tick := time.NewTicker(pollSpacing)
	defer tick.Stop()
	for {
		err := ping(ctx, &client)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

func ping(ctx context.Context, client *http.Client) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine/_ping", nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %s", response.Status)
	}
	return nil
}

// endMonitors ends what the engine has left running, which names the engine's folder in its arguments: monitors of execs,
// which would make the folder anew when they clean up.
func (e *Engine) endMonitors(t testing.TB) {
	tick := time.NewTicker(pollSpacing)
	defer tick.Stop()
	for deadline := time.Now().Add(startLimit); time.Now().Before(deadline); <-tick.C {
		left := 0
		lines, _ := filepath.Glob("/proc/[0-9]*/cmdline") // the pattern is well-formed
		for _, path := range lines {
			line, err := os.ReadFile(path)
			pid, notNumber := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if err != nil || notNumber != nil || pid == os.Getpid() || !bytes.Contains(line, []byte(e.dir+"/")) {
				continue
			}
			left++
			_ = syscall.Kill(pid, syscall.SIGKILL) // ended meanwhile
		}
		if left == 0 {
			return
		}
	}
	t.Errorf("something of the engine in %s still runs", e.dir)
}

// clear ends everything that the engine runs and takes its storage away.
func (e *Engine) clear(t testing.TB) {
	e.down()
	if out, err := e.podman("rm", "--all", "--force", "--time=0").CombinedOutput(); err != nil {
		t.Errorf("removing containers: %v: %s", err, out)
	}
	e.endMonitors(t)
	for _, mount := range []string{"root/overlay", "root/vfs", "root"} {
		_ = syscall.Unmount(filepath.Join(e.dir, mount), 0) // not there with every storage driver
	}
	if err := os.RemoveAll(e.dir); err != nil {
		t.Errorf("removing the engine's storage: %v", err)
	}
}
