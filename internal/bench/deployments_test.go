package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"greenlight/internal/lambdadriver/lambdatest"
)

// BenchmarkAllAtOnce starts 1,000 all-at-once deployments at once and waits
// for the last one to end.
func BenchmarkAllAtOnce(b *testing.B) {
	const n = 1000
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b, databasePath(b), lambdatest.New())
		w.groups(n, "CodeDeployDefault.LambdaAllAtOnce")
		b.StartTimer()
		start := time.Now()
		w.deploy(n)
		until(b, time.Millisecond, func() bool { return w.active() == 0 })
		rate := n / time.Since(start).Seconds()
		b.StopTimer()
		w.stop()
		b.ReportMetric(rate, "deployments/s")
		report("1,000 all-at-once deployments started at once", fmt.Sprintf("%.0f/s", rate), "at least 1,000/s")
		b.StartTimer()
	}
}

// BenchmarkHookReport measures from a hook's report to the next step's
// UpdateAlias, with 1,000 deployments in flight that wait for their hooks.
func BenchmarkHookReport(b *testing.B) {
	const n = 1000
	for b.Loop() {
		b.StopTimer()
		far := lambdatest.New()
		reports := catchHooks(far)
		w := newWorld(b, databasePath(b), far)
		far.AddFunction(account, region, "hook", "1")
		w.groups(n, "CodeDeployDefault.LambdaCanary10Percent30Minutes")
		functions := map[string]string{}
		for i, id := range w.deploy(n, object{"BeforeAllowTraffic": "hook"}) {
			functions[id] = function(i)
		}
		until(b, time.Millisecond, func() bool { return reports.waiting() == n })
		took := make([]time.Duration, 0, n)
		b.StartTimer()
		for _, hook := range reports.all() {
			start := time.Now()
			w.call("PutLifecycleEventHookExecutionStatus", hook.report(), nil)
			spin(func() bool { return shifted(far, functions[hook.DeploymentID]) })
			took = append(took, time.Since(start))
		}
		b.StopTimer()
		w.stop()
		p50, p99 := percentile(took, 50), percentile(took, 99)
		b.ReportMetric(float64(p50.Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(p99.Microseconds())/1000, "p99-ms")
		report("hook report to next step, 1,000 in flight, p50", ms(p50), "at most 2 ms")
		report("hook report to next step, 1,000 in flight, p99", ms(p99), "at most 15 ms")
		b.StartTimer()
	}
}

// BenchmarkWaitingCanaries holds 10,000 canaries in their wait and measures
// what the process takes meanwhile, the scripted far side included.
func BenchmarkWaitingCanaries(b *testing.B) {
	const n = 10000
	const watch = 10 * time.Second
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b, databasePath(b), lambdatest.New())
		w.groups(n, "CodeDeployDefault.LambdaCanary10Percent30Minutes")
		w.deploy(n)
		until(b, 100*time.Millisecond, func() bool { return w.weighted(n) == n })
		runtime.GC()
		before := cpuTime(b)
		b.StartTimer()
		<-time.After(watch)
		b.StopTimer()
		share := 100 * (cpuTime(b) - before).Seconds() / watch.Seconds()
		resident := residentMB(b)
		w.stop()
		b.ReportMetric(share, "%core")
		b.ReportMetric(resident, "MB")
		report("10,000 canaries waiting, memory", fmt.Sprintf("%.0f MB", resident), "under 120 MB")
		report("10,000 canaries waiting, processor", fmt.Sprintf("%.2f %% of a core", share), "under 1 %")
		b.StartTimer()
	}
}

// weighted counts the aliases that send some of their traffic to version 2.
func (w *world) weighted(n int) int {
	seen := 0
	for i := range n {
		if shifted(w.far, function(i)) {
			seen++
		}
	}
	return seen
}

// caught collects the invocations of hooks.
type caught struct {
	sync.Mutex
	hooks []hook
}

type hook struct {
	DeploymentID string `json:"DeploymentId"`
	ExecutionID  string `json:"LifecycleEventHookExecutionId"`
}

func (h hook) report() object {
	return object{"deploymentId": h.DeploymentID, "lifecycleEventHookExecutionId": h.ExecutionID, "status": "Succeeded"}
}

func catchHooks(far *lambdatest.Lambda) *caught {
	c := &caught{}
	far.OnInvoke(func(i lambdatest.Invocation) {
		var h hook
		if json.Unmarshal(i.Payload, &h) == nil {
			c.Lock()
			defer c.Unlock()
			c.hooks = append(c.hooks, h)
		}
	})
	return c
}

func (c *caught) waiting() int {
	c.Lock()
	defer c.Unlock()
	return len(c.hooks)
}

func (c *caught) all() []hook {
	c.Lock()
	defer c.Unlock()
	return append([]hook{}, c.hooks...)
}

func shifted(far *lambdatest.Lambda, function string) bool {
	alias, ok := far.Alias(account, region, function, "live")
	return ok && len(alias.Weights) > 0
}

// spin waits for something that is a millisecond away.
func spin(met func() bool) {
	for !met() {
		runtime.Gosched()
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }

func cpuTime(b *testing.B) time.Duration {
	var use syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &use))
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

func residentMB(b *testing.B) float64 { return residentOf(b, os.Getpid()) }
