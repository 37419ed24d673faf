package bench

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// binary builds greenlight once, as `make build` does.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "greenlight-bench-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "greenlight")
	return path, build(path, "greenlight/cmd/greenlight")
})

func build(path, what string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", path, what)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// process is a running `greenlight dev`.
type process struct {
	b     *testing.B
	cmd   *exec.Cmd
	url   string
	ready time.Duration // from exec to the line that says so
}

func startDev(b *testing.B, data string, flags ...string) *process {
	b.Helper()
	path, err := binary()
	must(b, err)
	p := &process{b: b, cmd: exec.Command(path, append([]string{"dev", "--listen", "127.0.0.1:0", "--data", data}, flags...)...)}
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.TempDir()}
	stderr, err := p.cmd.StderrPipe()
	must(b, err)
	start := time.Now()
	must(b, p.cmd.Start())
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			p.url, p.ready = url, time.Since(start)
			go func() { _, _ = io.Copy(io.Discard, stderr) }()
			return p
		}
	}
	b.Fatal("greenlight dev ended before it was ready")
	return nil
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// send makes a request signed for a service, as far as dev looks, and returns
// the body of a 2xx answer.
func (p *process) send(method, path, target string, body []byte) []byte {
	p.b.Helper()
	r, err := http.NewRequest(method, p.url+path, bytes.NewReader(body))
	must(p.b, err)
	service := "lambda"
	if target != "" {
		service = "codedeploy"
		r.Header.Set("X-Amz-Target", "CodeDeploy_20141006."+target)
		r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	}
	r.Header.Set("Authorization", strings.Replace(authorization, "codedeploy", service, 1))
	r.Header.Set("X-Amz-Date", "20260101T000000Z")
	answer, err := client.Do(r)
	must(p.b, err)
	defer answer.Body.Close()
	out, err := io.ReadAll(answer.Body)
	must(p.b, err)
	if answer.StatusCode/100 != 2 {
		p.b.Fatalf("%s %s %s: %d %s", method, path, target, answer.StatusCode, out)
	}
	return out
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func (p *process) deploy(operation string, in object) []byte {
	p.b.Helper()
	body, err := json.Marshal(in)
	must(p.b, err)
	return p.send(http.MethodPost, "/", operation, body)
}

// publish creates a Go function with two published versions.
func (p *process) publish(name string) {
	p.b.Helper()
	code := echoZip(p.b)
	for i, path := range []string{"/2015-03-31/functions", "/2015-03-31/functions/" + name + "/versions"} {
		body := object{}
		if i == 0 {
			body = object{"FunctionName": name, "Runtime": "provided.al2023", "Handler": "bootstrap", "Publish": true,
				"Role": "arn:aws:iam::000000000000:role/r", "Code": object{"ZipFile": base64.StdEncoding.EncodeToString(code)}}
		} else {
			p.json(http.MethodPut, "/2015-03-31/functions/"+name+"/configuration", object{"Description": "second"})
		}
		p.json(http.MethodPost, path, body)
	}
}

func (p *process) json(method, path string, in object) []byte {
	p.b.Helper()
	body, err := json.Marshal(in)
	must(p.b, err)
	return p.send(method, path, "", body)
}

// echoZip is a function that answers what it is sent.
func echoZip(b *testing.B) []byte {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bootstrap")
	must(b, build(path, "greenlight/internal/bench/testdata/echo"))
	code, err := os.ReadFile(path)
	must(b, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, err := w.CreateHeader(&zip.FileHeader{Name: "bootstrap", Method: zip.Deflate})
	must(b, err)
	_, err = f.Write(code)
	must(b, err)
	must(b, w.Close())
	return out.Bytes()
}

// BenchmarkDev starts the real binary on an empty directory.
func BenchmarkDev(b *testing.B) {
	var ready []time.Duration
	for b.Loop() {
		p := startDev(b, b.TempDir())
		ready = append(ready, p.ready)
		p.send(http.MethodGet, "/2015-03-31/functions", "", nil)
		report("greenlight dev at rest, resident memory", fmt.Sprintf("%.0f MB", residentOf(b, p.cmd.Process.Pid)), "under 30 MB")
		p.kill()
	}
	report("greenlight dev ready, p50", ms(percentile(ready, 50)), "at most 100 ms")
}

// BenchmarkWarmInvoke calls a warm Go function through the API, one call after
// the other.
func BenchmarkWarmInvoke(b *testing.B) {
	p := startDev(b, b.TempDir())
	defer p.kill()
	p.publish("echo")
	invoke := func() { p.send(http.MethodPost, "/2015-03-31/functions/echo/invocations", "", []byte(`{"a":1}`)) }
	for range 50 {
		invoke()
	}
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		invoke()
		took = append(took, time.Since(start))
	}
	p50 := percentile(took, 50)
	b.ReportMetric(float64(p50.Microseconds())/1000, "p50-ms")
	report("warm invoke of a Go function through the API, p50", ms(p50), "at most 0.5 ms")
}

// BenchmarkKill kills the real binary with 1,000 canaries in flight, shortly
// before their last steps are due, and starts it again on the same data when
// all are overdue.
func BenchmarkKill(b *testing.B) {
	const n, interval, margin = 1000, 5 * time.Minute, 2 * time.Second
	for b.Loop() {
		data := b.TempDir()
		p := startDev(b, data, "--clock", "manual")
		p.publish("f")
		p.deploy("CreateApplication", object{"applicationName": "bench", "computePlatform": "Lambda"})
		p.prepare(n)
		begin := time.Now()
		p.startAll(n)
		p.advance(interval - time.Since(begin) - margin)
		p.kill()
		<-time.After(time.Since(begin) + 2*margin)
		start := time.Now()
		p = startDev(b, data)
		until(b, time.Millisecond, func() bool { return p.ended() > 0 })
		first := time.Since(start)
		until(b, 10*time.Millisecond, func() bool { return p.ended() == n })
		report("kill -9 with 1,000 in flight, first step after the restart", ms(first), "within 200 ms")
		report("the same, until all 1,000 have ended", ms(time.Since(start)), "")
		p.kill()
	}
}

// advance moves a manual clock.
func (p *process) advance(by time.Duration) {
	p.b.Helper()
	p.json(http.MethodPost, "/_greenlight/clock", object{"advance": by.String()})
}

func (p *process) prepare(n int) {
	p.b.Helper()
	each(n, func(i int) {
		p.json(http.MethodPost, "/2015-03-31/functions/f/aliases", object{"Name": function(i), "FunctionVersion": "1"})
		p.deploy("CreateDeploymentGroup", object{"applicationName": "bench", "deploymentGroupName": function(i),
			"deploymentConfigName": "CodeDeployDefault.LambdaCanary10Percent5Minutes", "serviceRoleArn": "arn:aws:iam::000000000000:role/deploy",
			"deploymentStyle": blueGreen})
	})
}

func (p *process) startAll(n int) {
	p.b.Helper()
	each(n, func(i int) {
		spec := strings.NewReplacer(`"live"`, `"`+function(i)+`"`).Replace(appSpec(p.b, "f", nil))
		p.deploy("CreateDeployment", object{"applicationName": "bench", "deploymentGroupName": function(i),
			"revision": object{"revisionType": "AppSpecContent", "appSpecContent": object{"content": spec}}})
	})
}

// ended counts the deployments that have succeeded.
func (p *process) ended() int {
	p.b.Helper()
	n, token := 0, ""
	for {
		in := object{"includeOnlyStatuses": []string{"Succeeded"}}
		if token != "" {
			in["nextToken"] = token
		}
		var out struct {
			Deployments []string
			NextToken   string
		}
		must(p.b, json.Unmarshal(p.deploy("ListDeployments", in), &out))
		n, token = n+len(out.Deployments), out.NextToken
		if token == "" {
			return n
		}
	}
}

func residentOf(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	must(b, err)
	var size, resident int
	_, err = fmt.Sscan(string(text), &size, &resident)
	must(b, err)
	return float64(resident*os.Getpagesize()) / 1e6
}
