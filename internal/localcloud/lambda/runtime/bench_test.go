package runtime

import (
	"slices"
	"testing"
	"time"
)

func BenchmarkWarmInvokeGo(b *testing.B) {
	benchmarkWarm(b, goCode(b))
}

func BenchmarkWarmInvokePython(b *testing.B) {
	files := map[string]string{"app.py": "def handler(event, context): return event"}
	benchmarkWarm(b, scriptCode(b, installedRuntime(b, python), "app.handler", files))
}

func BenchmarkWarmInvokeNode(b *testing.B) {
	files := map[string]string{"app.mjs": "export const handler = async (event) => event"}
	benchmarkWarm(b, scriptCode(b, installedRuntime(b, node), "app.handler", files))
}

func BenchmarkColdStartGo(b *testing.B) {
	benchmarkCold(b, goCode(b))
}

func BenchmarkColdStartPython(b *testing.B) {
	files := map[string]string{"app.py": "def handler(event, context): return event"}
	benchmarkCold(b, scriptCode(b, installedRuntime(b, python), "app.handler", files))
}

func BenchmarkColdStartNode(b *testing.B) {
	files := map[string]string{"app.mjs": "export const handler = async (event) => event"}
	benchmarkCold(b, scriptCode(b, installedRuntime(b, node), "app.handler", files))
}

func benchmarkWarm(b *testing.B, code Code) {
	p, _ := newTestPool(b, Options{})
	invoke(b, p, code, `{}`)
	var times []time.Duration
	for b.Loop() {
		began := time.Now()
		invoke(b, p, code, `{"text":"hello"}`)
		times = append(times, time.Since(began))
	}
	reportPercentiles(b, times)
}

func benchmarkCold(b *testing.B, code Code) {
	p, _ := newTestPool(b, Options{})
	var times []time.Duration
	for b.Loop() {
		began := time.Now()
		invoke(b, p, code, `{"text":"hello"}`)
		times = append(times, time.Since(began))
		b.StopTimer()
		p.Retire(code.Key)
		b.StartTimer()
	}
	reportPercentiles(b, times)
}

func reportPercentiles(b *testing.B, times []time.Duration) {
	slices.Sort(times)
	b.ReportMetric(milliseconds(times[len(times)/10]), "p10-ms")
	b.ReportMetric(milliseconds(times[len(times)/2]), "p50-ms")
	b.ReportMetric(milliseconds(times[len(times)*99/100]), "p99-ms")
}
