package task

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// markVariable is in the environment of every process of a task, with the launcher's id of the task.
const markVariable = "GREENLIGHT_TASK"

// inherited are the variables of the server that processes get.
var inherited = []string{"PATH", "HOME", "TMPDIR", "LANG"}

func (p *processes) start(ctx context.Context, r *record) error {
	err := p.startAll(ctx, r)
	if err == nil {
		return nil
	}
	for _, u := range r.Units {
		who := identityOf(u)
		_ = who.signalGroup(syscall.SIGKILL)
		p.reap(who.pid)
	}
	_ = os.RemoveAll(p.folder(r.ID))
	if e, ok := errors.AsType[*StartError](err); ok {
		return e
	}
	return &StartError{Code: CannotStart, Message: err.Error()}
}

func (p *processes) startAll(ctx context.Context, r *record) error {
	if err := os.MkdirAll(p.folder(r.ID), 0o700); err != nil {
		return err
	}
	if err := choosePorts(r); err != nil {
		return err
	}
	if err := p.save(r, outcome{}); err != nil {
		return err
	}
	for i, c := range r.Spec.Containers {
		if err := ctx.Err(); err != nil {
			return err
		}
		u, err := p.startOne(r, i)
		if err != nil {
			return &StartError{Code: CannotStart, Container: c.Name, Message: err.Error()}
		}
		r.Units = append(r.Units, u)
		if err := p.save(r, outcome{}); err != nil {
			return err
		}
	}
	return p.save(r, started(r))
}

// startOne starts a container in a session of its own: no terminal and no end of Greenlight reaches it. It writes to its
// log directly, because a pipe would break with the launcher.
func (p *processes) startOne(r *record, i int) (unit, error) {
	c := r.Spec.Containers[i]
	argv := slices.Concat(c.EntryPoint, c.Command)
	if len(argv) == 0 {
		return unit{}, fmt.Errorf("no command specified: tasks run as processes, so the image %q is a name only and "+
			"the container definition needs an entryPoint or a command", c.Image)
	}
	where, err := p.place(r, i)
	if err != nil {
		return unit{}, err
	}
	environment := append(processEnvironment(c, r.Ports[c.Name]), markVariable+"="+r.ID)
	path, err := program(argv[0], where, environment)
	if err != nil {
		return unit{}, err
	}
	log, err := os.OpenFile(p.logFile(r.ID, i), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return unit{}, err
	}
	defer log.Close()
	cmd := &exec.Cmd{Path: path, Args: argv, Dir: where, Env: environment, Stdout: log, Stderr: log,
		SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
	if err := cmd.Start(); err != nil {
		return unit{}, err
	}
	p.mu.Lock()
	p.children[cmd.Process.Pid] = cmd
	p.mu.Unlock()
	return unit{RuntimeID: strconv.Itoa(cmd.Process.Pid), Birth: birthOf(cmd.Process.Pid)}, nil
}

// place is the working directory of a container: the image if that is a directory, else a folder of the container's own;
// under it, or wherever it says, workingDirectory.
func (p *processes) place(r *record, i int) (string, error) {
	c := r.Spec.Containers[i]
	base := c.Image
	if info, err := os.Stat(base); !filepath.IsAbs(base) || err != nil || !info.IsDir() {
		base = filepath.Join(p.folder(r.ID), strconv.Itoa(i))
		if err := os.MkdirAll(base, 0o700); err != nil {
			return "", err
		}
	}
	where := base
	if c.WorkingDirectory != "" {
		where = c.WorkingDirectory
		if !filepath.IsAbs(where) {
			where = filepath.Join(base, where)
		}
	}
	if info, err := os.Stat(where); err != nil || !info.IsDir() {
		return "", fmt.Errorf("the working directory %q is not a directory", where)
	}
	return where, nil
}

// program finds what argv[0] names, in the words of an engine when there is no such program.
func program(name, where string, environment []string) (string, error) {
	path := name
	switch {
	case !strings.Contains(name, "/"):
		found, ok := searchPath(name, environment)
		if !ok {
			return "", fmt.Errorf("exec: %q: executable file not found in $PATH", name)
		}
		path = found
	case !filepath.IsAbs(name):
		path = filepath.Join(where, name)
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, os.ErrNotExist):
		return "", fmt.Errorf("exec: %q: stat %s: no such file or directory", name, path)
	case err != nil:
		return "", fmt.Errorf("exec: %q: %w", name, err)
	case info.IsDir() || info.Mode()&0o111 == 0:
		return "", fmt.Errorf("exec: %q: permission denied", name)
	}
	return path, nil
}

func searchPath(name string, environment []string) (string, bool) {
	for _, variable := range environment {
		list, ok := strings.CutPrefix(variable, "PATH=")
		if !ok {
			continue
		}
		for _, dir := range filepath.SplitList(list) {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); err == nil && filepath.IsAbs(path) && !info.IsDir() && info.Mode()&0o111 != 0 {
				return path, true
			}
		}
	}
	return "", false
}

// processEnvironment is what a container is told, "NAME=value" sorted: the inherited variables, over them those of the
// container definition, over them where to listen.
func processEnvironment(c Container, ports map[int]string) []string {
	variables := map[string]string{}
	for _, name := range inherited {
		if value, ok := os.LookupEnv(name); ok {
			variables[name] = value
		}
	}
	for name, value := range c.Environment {
		variables[name] = value
	}
	for i, containerPort := range c.Ports {
		host, port, err := net.SplitHostPort(ports[containerPort])
		if err != nil {
			continue // choosePorts has filled in all
		}
		variables["PORT_"+strconv.Itoa(containerPort)] = port
		if i == 0 {
			variables["HOST"], variables["PORT"] = host, port
		}
	}
	return pairs(variables)
}

// pairs writes an environment as execve and the Docker API want it.
func pairs(variables map[string]string) []string {
	list := make([]string, 0, len(variables))
	for name, value := range variables {
		list = append(list, name+"="+value)
	}
	slices.SortFunc(list, cmp.Compare[string])
	return list
}

// choosePorts fills in r.Ports with free ports of the loopback address. All are held until the last is chosen, so they
// differ.
func choosePorts(r *record) error {
	r.Ports = map[string]map[int]string{}
	for _, c := range r.Spec.Containers {
		r.Ports[c.Name] = map[int]string{}
		for _, containerPort := range c.Ports {
			holder, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			defer holder.Close()
			r.Ports[c.Name][containerPort] = holder.Addr().String()
		}
	}
	return nil
}
