package codedeploy

import "testing"

func TestStatusTransitions(t *testing.T) {
	allowed := map[[2]DeploymentStatus]bool{}
	allow := func(from DeploymentStatus, next ...DeploymentStatus) {
		for _, to := range next {
			allowed[[2]DeploymentStatus{from, to}] = true
		}
	}
	allow("", "Created")
	allow("Created", "Queued", "InProgress", "Failed", "Stopped")
	allow("Queued", "InProgress", "Failed", "Stopped")
	allow("InProgress", "Ready", "Baking", "Succeeded", "Failed", "Stopped")
	allow("Ready", "InProgress", "Stopped")
	allow("Baking", "InProgress", "Succeeded", "Stopped", "Failed")

	all := append(DeploymentStatus("").Values(), "")
	for _, from := range all {
		for _, to := range all {
			if got, want := from.CanBecome(to), allowed[[2]DeploymentStatus{from, to}]; got != want {
				t.Errorf("from %q to %q: %t, want %t", from, to, got, want)
			}
		}
	}
}

func TestTerminalStatusesAreNeverLeft(t *testing.T) {
	terminal := map[DeploymentStatus]bool{"Succeeded": true, "Failed": true, "Stopped": true}
	for _, status := range DeploymentStatus("").Values() {
		if status.Terminal() != terminal[status] {
			t.Errorf("%s: terminal %t", status, status.Terminal())
		}
		for _, next := range DeploymentStatus("").Values() {
			if status.Terminal() && status.CanBecome(next) {
				t.Errorf("%s can become %s", status, next)
			}
		}
	}
}

func TestEventAndTargetEnds(t *testing.T) {
	for _, status := range LifecycleEventStatus("").Values() {
		finished := status == "Succeeded" || status == "Failed" || status == "Skipped"
		verdict := status == "Succeeded" || status == "Failed"
		if status.Finished() != finished || status.IsVerdict() != verdict {
			t.Errorf("event %s: finished %t, verdict %t", status, status.Finished(), status.IsVerdict())
		}
	}
	for _, status := range TargetStatus("").Values() {
		if want := status == "Succeeded" || status == "Failed" || status == "Skipped"; status.Finished() != want {
			t.Errorf("target %s: finished %t", status, status.Finished())
		}
	}
}
