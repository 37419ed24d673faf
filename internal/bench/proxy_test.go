package bench

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	proxyConnections = 64
	proxyRound       = time.Second
	proxyRounds      = 7
)

// contender is a way to the small servers, and what it has reached.
type contender struct {
	name, address string
	rates         []float64 // requests a second, by round
	failures      int
}

// BenchmarkProxy measures the load balancer's proxy beside nginx and haproxy,
// each a process of its own before the same small servers, in turns: a busy
// machine is unfair to none. Ones that are not on the machine are left out.
func BenchmarkProxy(b *testing.B) {
	tool := filepath.Join(b.TempDir(), "proxybench")
	must(b, build(tool, "greenlight/internal/bench/testdata/proxybench"))
	targets := strings.Fields(serving(b, tool, "upstream"))
	ours := &contender{name: "proxy", address: serving(b, tool, append([]string{"balance"}, targets...)...)}
	haproxy := startHAProxy(b, targets)
	all := []*contender{{name: "direct", address: targets[0]}, startNginx(b, targets), haproxy, ours}
	for b.Loop() {
		for range proxyRounds {
			for _, c := range all {
				if c != nil {
					c.round(b, tool)
				}
			}
		}
	}
	for _, c := range all {
		if c == nil {
			continue
		}
		promised, measured := "", fmt.Sprintf("%.0f requests/s, %d failed", median(c.rates), c.failures)
		if c == ours {
			promised = "at least 60 % of haproxy, none failed"
			if haproxy != nil {
				measured += fmt.Sprintf(", %.0f %% of haproxy", 100*c.share(haproxy))
			}
		}
		report(fmt.Sprintf("load balancer, %d connections, %s", proxyConnections, c.name), measured, promised)
	}
}

// share is the median of how much of another's rate was reached in the same
// round.
func (c *contender) share(of *contender) float64 {
	shares := make([]float64, len(c.rates))
	for i := range shares {
		shares[i] = c.rates[i] / of.rates[i]
	}
	return median(shares)
}

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// round asks for a while.
func (c *contender) round(b *testing.B, tool string) {
	b.Helper()
	out, err := exec.Command(tool, "load", c.address, fmt.Sprint(proxyConnections), proxyRound.String()).CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	var answered, failed int
	_, err = fmt.Sscan(string(out), &answered, &failed)
	must(b, err)
	c.rates, c.failures = append(c.rates, float64(answered)/proxyRound.Seconds()), c.failures+failed
}

// serving starts a part of the tool, and returns the line in which it tells
// where it is. It ends with the benchmark.
func serving(b *testing.B, tool string, args ...string) string {
	b.Helper()
	cmd := exec.Command(tool, args...)
	stdin, err := cmd.StdinPipe()
	must(b, err)
	stdout, err := cmd.StdoutPipe()
	must(b, err)
	must(b, cmd.Start())
	b.Cleanup(func() { _ = stdin.Close(); _ = cmd.Wait() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	must(b, err)
	return strings.TrimSpace(line)
}

func startNginx(b *testing.B, targets []string) *contender {
	address := freeAddress(b)
	var servers strings.Builder
	for _, t := range targets {
		fmt.Fprintf(&servers, "server %s; ", t)
	}
	return startOther(b, "nginx", address, `worker_processes auto;
daemon off;
pid DIR/pid;
error_log /dev/null;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path DIR/body; proxy_temp_path DIR/proxy; fastcgi_temp_path DIR/f; uwsgi_temp_path DIR/u; scgi_temp_path DIR/s;
  keepalive_requests 1000000000;
  upstream small { `+servers.String()+` keepalive 256; keepalive_requests 1000000000; }
  server {
    listen `+address+`;
    location / {
      proxy_pass http://small; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto http;
    }
  }
}
`, "-e", "/dev/null", "-c")
}

func startHAProxy(b *testing.B, targets []string) *contender {
	address := freeAddress(b)
	var servers strings.Builder
	for i, t := range targets {
		fmt.Fprintf(&servers, "  server s%d %s\n", i, t)
	}
	return startOther(b, "haproxy", address, `global
  maxconn 4096
defaults
  mode http
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  http-reuse always
  option forwardfor
frontend in
  bind `+address+`
  default_backend small
backend small
  balance roundrobin
`+servers.String(), "-f")
}

// startOther runs another proxy with a configuration, in which DIR stands for
// a directory of its own. Nil: it is not on this machine.
func startOther(b *testing.B, name, address, config string, flags ...string) *contender {
	b.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		report(name, "not on this machine", "")
		return nil
	}
	dir := b.TempDir()
	file := filepath.Join(dir, "config")
	must(b, os.WriteFile(file, []byte(strings.ReplaceAll(config, "DIR", dir)), 0o600))
	cmd := exec.Command(path, append(flags, file)...)
	cmd.Stdout, cmd.Stderr = io.Discard, io.Discard
	must(b, cmd.Start())
	b.Cleanup(func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() })
	until(b, 10*time.Millisecond, func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	return &contender{name: name, address: address}
}

// freeAddress is one that nobody listened on a moment ago.
func freeAddress(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	defer l.Close()
	return l.Addr().String()
}
