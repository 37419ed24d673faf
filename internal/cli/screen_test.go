package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func at(seconds float64) *time.Time {
	return new(noon.Add(time.Duration(seconds * float64(time.Second))))
}

// canary is a Lambda deployment at a stage of its life.
func canary(status string, percent float64, events ...eventView) view {
	return view{
		DeploymentID: "d-R8M2PX0QC", Application: "orders", Group: "live", Config: "CodeDeployDefault.LambdaCanary10Percent5Minutes",
		Status: status, CreateTime: at(0),
		Targets: []targetView{{
			ID: "orders", Status: status, Events: events,
			Shift: &shiftView{Name: "orders:live", Old: "version 1", New: "version 2", Percent: percent},
		}},
	}
}

// moment is a view as a poll sees it, after a wait by the person's own clock.
type moment struct {
	after time.Duration
	view  view
}

func refusedCanary() view {
	v := canary("Failed", 0,
		eventView{Name: "BeforeAllowTraffic", Status: "Failed", StartTime: at(1), EndTime: at(3.5), Message: "the hook reported Failed\nand wrote a second line that is long"},
		eventView{Name: "AllowTraffic", Status: "Skipped", EndTime: at(3.5)},
		eventView{Name: "AfterAllowTraffic", Status: "Skipped", EndTime: at(3.5)})
	v.CompleteTime = at(3.6)
	v.ErrorCode, v.ErrorMessage = "HOOK_EXECUTION_FAILURE", "The hook function reported Failed."
	v.Why = []string{"invoked check at 12:00:01, which answered Failed"}
	v.RollbackDeploymentID = "d-V1C9HD7TE"
	return v
}

func fleet() view {
	v := view{DeploymentID: "d-7H2LM4NOP", Application: "fleet", Group: "all", Config: "CodeDeployDefault.OneAtATime", Status: "InProgress"}
	for _, id := range []string{"i-1", "i-2", "i-3", "i-4", "i-5", "i-6", "i-7", "i-8", "i-9"} {
		v.Targets = append(v.Targets, targetView{ID: id, Status: "Pending", Events: []eventView{{Name: "Install", Status: "Pending"}}})
	}
	v.Targets[0] = targetView{ID: "i-1", Status: "InProgress", Events: []eventView{
		{Name: "ApplicationStop", Status: "Succeeded", StartTime: at(0), EndTime: at(1)}, {Name: "Install", Status: "InProgress", StartTime: at(1)}}}
	v.Targets[1] = targetView{ID: "i-2", Status: "Failed", Events: []eventView{{Name: "Install", Status: "Failed", StartTime: at(1), EndTime: at(62)}}}
	return v
}

// service is an ECS deployment with a test listener, at a moment when traffic
// has begun to move.
func service(status string, green taskSetView, events ...eventView) view {
	return view{
		DeploymentID: "d-R8M2PX0QC", Application: "shop", Group: "web", Config: "CodeDeployDefault.ECSCanary10Percent5Minutes",
		Status: status, CreateTime: at(0),
		Targets: []targetView{{
			ID: "c1:s1", Status: status, Events: events,
			Shift: &shiftView{Name: "c1:s1", Old: "original", New: "replacement", Percent: green.Weight},
			TaskSets: []taskSetView{
				{Label: "Blue", ID: "ecs-svc/3605701707267980476", Status: "PRIMARY", TargetGroup: "tgA", Desired: 2, Running: 2, Weight: 100 - green.Weight},
				green,
			},
		}},
	}
}

func serviceMoments() []moment {
	green := taskSetView{Label: "Green", ID: "ecs-svc/7221403414535960952", Status: "ACTIVE", TargetGroup: "tgB", Desired: 2, Pending: 1, Running: 1}
	before := eventView{Name: "BeforeInstall", Status: "Succeeded", StartTime: at(1), EndTime: at(1.4)}
	installing := eventView{Name: "Install", Status: "InProgress", StartTime: at(2)}
	steady := green
	steady.Pending, steady.Running = 0, 2
	installed := eventView{Name: "Install", Status: "Succeeded", StartTime: at(2), EndTime: at(125.6)}
	waits := eventView{Name: "AllowTraffic", Status: "Pending"}
	moving := steady
	moving.Weight = 10
	moved := steady
	moved.Status, moved.Weight = "PRIMARY", 100
	kept := service("InProgress", moved, before, installed, eventView{Name: "AllowTraffic", Status: "Succeeded", StartTime: at(126), EndTime: at(426)})
	kept.Targets[0].TaskSets[0].Status = "ACTIVE"
	kept.TerminationWait = true
	return []moment{
		{0, service("InProgress", green, before, installing, waits)},
		{time.Second, service("Ready", steady, before, installed, waits)},
		{time.Second, service("InProgress", moving, before, installed, eventView{Name: "AllowTraffic", Status: "InProgress", StartTime: at(126)})},
		{time.Second, kept},
	}
}

// TestScreen draws what a person sees on a terminal of 72 by 9. The golden file
// has the frames as they stand, and what remains at the end.
func TestScreen(t *testing.T) {
	before := eventView{Name: "BeforeAllowTraffic", Status: "Succeeded", StartTime: at(1), EndTime: at(2.4)}
	allow := eventView{Name: "AllowTraffic", Status: "Succeeded", StartTime: at(3), EndTime: at(303)}
	moving := eventView{Name: "AllowTraffic", Status: "InProgress", StartTime: at(3)}
	after := eventView{Name: "AfterAllowTraffic", Status: "Pending"}
	done := canary("Succeeded", 100, before, allow,
		eventView{Name: "AfterAllowTraffic", Status: "Succeeded", StartTime: at(303), EndTime: at(303.004)})
	done.CompleteTime = at(303.5)
	stories := []struct {
		name    string
		moments []moment
	}{
		{"a canary that succeeds", []moment{
			{0, view{DeploymentID: "d-R8M2PX0QC", Application: "orders", Group: "live", Config: "CodeDeployDefault.LambdaCanary10Percent5Minutes", Status: "Created"}},
			{time.Second, canary("InProgress", 10, before, moving, after)},
			{75 * time.Second, canary("InProgress", 10, before, moving, after)},
			{time.Second, done},
		}},
		{"a hook that refuses", []moment{{0, refusedCanary()}}},
		{"an ECS service", serviceMoments()},
		{"many targets", []moment{{0, fleet()}}},
	}
	var golden strings.Builder
	for _, story := range stories {
		golden.WriteString("== " + story.name + "\n" + play(story.moments))
	}
	checkGolden(t, "testdata/screen.golden", golden.String())
}

func play(moments []moment) string {
	var out bytes.Buffer
	now := noon
	s := &screen{out: &out, now: func() time.Time { return now }, size: func() (int, int) { return 72, 9 }}
	var frames strings.Builder
	for _, m := range moments {
		now = now.Add(m.after)
		s.update(m.view)
		frames.WriteString(strings.Join(s.frame(), "\n") + "\n--\n")
	}
	out.Reset()
	s.close()
	frames.WriteString(out.String())
	return frames.String()
}

func checkGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); go test -update writes it anew:\n%s", file, diff)
	}
}

// TestScreenRedrawsInPlace: the second frame begins on the first line of the
// first one and leaves nothing of it standing.
func TestScreenRedrawsInPlace(t *testing.T) {
	var out bytes.Buffer
	s := &screen{out: &out, now: func() time.Time { return noon }, size: func() (int, int) { return 40, 20 }}
	s.update(canary("InProgress", 10, eventView{Name: "AllowTraffic", Status: "InProgress"}))
	if strings.Contains(out.String(), "A\r") {
		t.Errorf("the first frame moves up: %q", out.String())
	}
	want := fmt.Sprintf("\x1b[%dA\r\x1b[K", strings.Count(out.String(), "\n"))
	out.Reset()
	s.tick()
	if got := out.String(); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\x1b[J") {
		t.Errorf("redrawn as %q, want the prefix %q and the suffix ESC [J", got, want)
	}
}

func TestCut(t *testing.T) {
	tests := []struct {
		text  string
		width int
		want  string
	}{
		{"short", 10, "short"},
		{"exactly10!", 10, "exactly10!"},
		{"eleven char", 10, "eleven ch…"},
		{"ünï█░", 4, "ünï…"},
		{"a\x1b[31mb\nc", 20, "a [31mb c"},
		{"any", 0, "any"},
	}
	for _, tt := range tests {
		if got := cut(tt.text, tt.width); got != tt.want {
			t.Errorf("cut(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

func TestDuration(t *testing.T) {
	tests := map[time.Duration]string{
		0: "0.0s", 4 * time.Millisecond: "0.0s", 1449 * time.Millisecond: "1.4s", 59 * time.Second: "59.0s",
		59980 * time.Millisecond: "60.0s", time.Minute: "1m", 75 * time.Second: "1m15s", 10 * time.Minute: "10m",
		time.Hour: "1h0m", time.Hour + 61*time.Second: "1h1m1s",
	}
	for d, want := range tests {
		if got := duration(d); got != want {
			t.Errorf("duration(%v) = %q, want %q", d, got, want)
		}
	}
}
