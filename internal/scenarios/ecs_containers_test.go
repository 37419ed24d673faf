package scenarios

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"greenlight/internal/localcloud/ecs/task"
	"greenlight/internal/localcloud/ecs/task/enginetest"
)

// inContainers has a world's tasks run as containers of an engine, from an image
// whose program answers like serveRelease does, in a shell.
func inContainers(t *testing.T, e *enginetest.Engine, image string) func(*ecsFixture) {
	const program = `echo -n "$SCENARIO_RELEASE" > /tmp/index.html && echo well > /tmp/health && exec httpd -f -p 80 -h /tmp`
	return func(f *ecsFixture) {
		f.launcher = func(processes task.Launcher) task.Launcher {
			if err := processes.Close(); err != nil {
				t.Error(err)
			}
			l, err := task.Containers(context.Background(), task.Options{EngineAddress: e.Address, Instance: t.Name(), Pace: healthPace})
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		f.definition = func(in *ecs.RegisterTaskDefinitionInput) {
			web := &in.ContainerDefinitions[0]
			web.Image, web.EntryPoint, web.Command = &image, []string{"sh", "-c"}, []string{program}
		}
	}
}

// TestContainers plays some of the scenarios on a real container engine. It is
// skipped where none can be had.
func TestContainers(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	image := e.Image(t, "greenlight-test/scenario:1", nil)
	for name, scenario := range map[string]func(*testing.T, ...func(*ecsFixture)){
		"E1":  twoDeployments,
		"E4":  testTrafficGoesFirst,
		"E6":  tenth,
		"E30": lastHookFails,
		"E63": createService,
	} {
		t.Run(name, func(t *testing.T) { scenario(t, inContainers(t, e, image)) })
	}
}

// tenth is E6 with fewer requests: a container's program begins a process for
// each.
func tenth(t *testing.T, vary ...func(*ecsFixture)) {
	t.Helper()
	w := newECSWorld(t, vary...)
	id := w.firstShift(ecsCanary, ecsSpec("app:2"))
	w.see(id).status("InProgress").events("S/S/S/S/I/P").taskSets("Blue PRIMARY 90.0 tgA, Green ACTIVE 10.0 tgB")
	w.wantWeights(w.l80, 90, 10)
	got := w.answers(w.l80, 1000)
	if green := got["app:2"]; green < 40 || green > 160 || green+got["app:1"] != 1000 { // 100, give or take six standard deviations
		t.Errorf("of 1000 requests %v", got)
	}
}
