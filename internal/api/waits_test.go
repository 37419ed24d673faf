package api_test

import (
	"fmt"
	"testing"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// TestEndingAWait goes through every kind of deployment and every status outside
// of a wait.
func TestEndingAWait(t *testing.T) {
	setRollback := func(d *store.Deployment) { d.Info.Creator = codedeploy.DeploymentCreatorCodeDeployRollback }
	const (
		unsupported = codedeploy.UnsupportedActionForDeploymentTypeException
		completed   = codedeploy.DeploymentAlreadyCompletedException
	)
	kinds := []struct {
		name     string
		platform codedeploy.ComputePlatform
		change   func(*store.Deployment)
		waits    bool
	}{
		{"Lambda", codedeploy.ComputePlatformLambda, setLambdaTarget, false},
		{"Lambda rollback", codedeploy.ComputePlatformLambda, setRollback, false},
		{"in place", codedeploy.ComputePlatformServer, setInPlace, false},
		{"blue/green", codedeploy.ComputePlatformServer, nil, true},
		{"blue/green rollback", codedeploy.ComputePlatformServer, setRollback, true},
		{"ECS", codedeploy.ComputePlatformECS, nil, true},
		{"ECS rollback", codedeploy.ComputePlatformECS, setRollback, false},
	}
	c := newIdleClient(t)
	for i, kind := range kinds {
		for j, status := range codedeploy.DeploymentStatus("").Values() {
			if status == codedeploy.DeploymentStatusReady { // that is a wait: see TestGoldenECSDeployment
				continue
			}
			t.Run(kind.name+" "+string(status), func(t *testing.T) {
				id := fmt.Sprintf("d-WAIT%d%d000", i, j)
				c.stored(t, id, kind.platform, status, kind.change)
				expect := func(operation, more string, ongoing codedeploy.ExceptionCode) {
					t.Helper()
					want := ongoing
					switch {
					case !kind.waits:
						want = unsupported
					case status.Terminal():
						want = completed
					}
					c.refused(t, operation, `{"deploymentId":"`+id+`"`+more+`}`, want)
				}
				expect("ContinueDeployment", ``, codedeploy.DeploymentIsNotInReadyStateException)
				expect("ContinueDeployment", `,"deploymentWaitType":"READY_WAIT"`, codedeploy.DeploymentIsNotInReadyStateException)
				expect("ContinueDeployment", `,"deploymentWaitType":"TERMINATION_WAIT"`, codedeploy.InvalidDeploymentStatusException)
				expect("SkipWaitTimeForInstanceTermination", ``, codedeploy.DeploymentNotStartedException)
			})
		}
	}
}

func TestWaitRefusals(t *testing.T) {
	c := newClient(t)
	for _, operation := range []string{"ContinueDeployment", "SkipWaitTimeForInstanceTermination"} {
		c.refused(t, operation, `{}`, codedeploy.DeploymentIdRequiredException)
		c.refused(t, operation, `{"deploymentId":"d-1","deploymentWaitType":"x"}`, codedeploy.InvalidDeploymentIdException)
		c.refused(t, operation, `{"deploymentId":"d-000000000"}`, codedeploy.DeploymentDoesNotExistException)
	}
	c.refused(t, "ContinueDeployment", `{"deploymentId":"d-000000000","deploymentWaitType":"ready_wait"}`, codedeploy.InvalidDeploymentWaitTypeException)
}
