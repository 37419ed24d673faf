package scenarios

import "testing"

// ecsHook is the hook function of ECS scenarios.
const ecsHook = "CodeDeployHook_ecs"

func TestE4_TestTrafficGoesFirst(t *testing.T) { testTrafficGoesFirst(t) }

func testTrafficGoesFirst(t *testing.T, vary ...func(*ecsFixture)) {
	t.Helper()
	w := newECSWorld(t, append(vary, withTestListener)...)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterAllowTestTraffic:"+ecsHook))
	w.see(id).status("InProgress").events("S/S/S/S/I/P/P/P").taskSets("Blue PRIMARY 100.0 tgA, Green ACTIVE 0.0 tgB")
	w.wantOnly(w.l8080, "app:2")
	w.wantOnly(w.l80, "app:1")
	w.succeed(id, ecsHook)
	w.see(id).status("Succeeded").events("S/S/S/S/S/S/S/S").targetStatus("Succeeded").taskSets("Blue DRAINING 0.0 tgA, Green PRIMARY 100.0 tgB")
	for _, listener := range []string{w.l80, w.l8080} {
		w.wantWeights(listener, 0, 100)
		w.wantOnly(listener, "app:2")
	}
}

func TestE5_NoTestRouteNoTestHook(t *testing.T) {
	w := newECSWorld(t)
	id := w.run(ecsAllAtOnce, ecsSpec("app:2", "AfterAllowTestTraffic:"+ecsHook))
	w.see(id).status("Succeeded").events("S/S/S/S/S/S")
	w.wantWeights(w.l80, 0, 100)
	if n := len(w.invoked(ecsHook)); n > 0 {
		t.Errorf("the hook was invoked %d times", n)
	}
}
