package scenarios

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"greenlight/internal/lambdadriver/lambdatest"
)

func TestL1_AllAtOnce(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	w.far.Fail(lambdatest.GetAlias, 1, lambdatest.Failure{Stall: release})
	id, err := w.create(allAtOnce, appSpec("1", "2"))
	w.must(err)
	if !regexp.MustCompile(`^d-[A-Z0-9]{9}$`).MatchString(id) {
		t.Errorf("id is %q", id)
	}
	w.want(id).status("Created")
	w.far.Fail(lambdatest.UpdateAlias, 1, lambdatest.Failure{Stall: release})
	release <- struct{}{}
	w.eventually("the deployment is InProgress", func() bool { return w.status(id) == "InProgress" })
	w.want(id).events("S/I/P").on("InProgress", 0)
	close(release)
	w.settle()
	w.wantUpdates("2 {}")
	s := w.want(id).status("Succeeded").events("S/S/S").on("Succeeded", 1).overview("Succeeded").noRollback()
	if s.info.Creator != types.DeploymentCreatorUser || aws.ToString(s.info.DeploymentConfigName) != allAtOnce {
		t.Errorf("made by %s with %s", s.info.Creator, aws.ToString(s.info.DeploymentConfigName))
	}
}

func TestL2_Canary(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2"))
	w.wantUpdates("1 {2:0.1}")
	w.wantAlias("1 {2:0.1}")
	w.want(id).status("InProgress").events("S/I/P").on("InProgress", 0.1)
	w.advance(5*time.Minute - slack)
	w.wantUpdates("1 {2:0.1}")
	w.wantAlias("1 {2:0.1}")
	w.advance(slack)
	w.advance(time.Hour)
	w.wantUpdates("1 {2:0.1}", "2 {}")
	w.wantPauses(5 * time.Minute)
	w.wantAlias("2")
	w.want(id).status("Succeeded").events("S/S/S").on("Succeeded", 1).overview("Succeeded")
}

func TestL3_Linear(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(linear, appSpec("1", "2"))
	for k := 1; k < 10; k++ {
		w.want(id).status("InProgress").events("S/I/P").on("InProgress", float64(k)/10)
		w.advance(time.Minute)
	}
	w.wantUpdates("1 {2:0.1}", "1 {2:0.2}", "1 {2:0.3}", "1 {2:0.4}", "1 {2:0.5}", "1 {2:0.6}", "1 {2:0.7}", "1 {2:0.8}", "1 {2:0.9}", "2 {}")
	w.wantPauses(slices.Repeat([]time.Duration{time.Minute}, 9)...)
	s := w.want(id).status("Succeeded").events("S/S/S").on("Succeeded", 1)
	if took := s.event(1).EndTime.Sub(*s.event(1).StartTime); took < 9*time.Minute || took > 9*time.Minute+slack {
		t.Errorf("AllowTraffic took %s, want 9m", took)
	}
	if late := s.event(1).EndTime.Sub(w.shown[9]); late < 0 || late > slack/10 {
		t.Errorf("AllowTraffic ended %s after the last update", late)
	}
}

func TestL4_LinearThatDoesNotDivide(t *testing.T) {
	w := newWorld(t)
	_, err := w.ours.CreateDeploymentConfig(context.Background(), &codedeploy.CreateDeploymentConfigInput{
		DeploymentConfigName: aws.String("thirty"), ComputePlatform: types.ComputePlatformLambda,
		TrafficRoutingConfig: &types.TrafficRoutingConfig{Type: types.TrafficRoutingTypeTimeBasedLinear,
			TimeBasedLinear: &types.TimeBasedLinear{LinearPercentage: 30, LinearInterval: 2}},
	})
	w.must(err)
	id := w.deploy("thirty", appSpec("1", "2"))
	w.advance(6*time.Minute - slack)
	w.want(id).status("InProgress").on("InProgress", 0.9)
	w.advance(2 * slack)
	w.wantUpdates("1 {2:0.3}", "1 {2:0.6}", "1 {2:0.9}", "2 {}")
	w.wantPauses(2*time.Minute, 2*time.Minute, 2*time.Minute)
	w.want(id).status("Succeeded").on("Succeeded", 1)
}

const yamlAppSpec = `version: 0.0
Resources:
  - anything:
      Type: AWS::Lambda::Function
      Properties:
        Name: f
        Alias: live
        CurrentVersion: "1"
        TargetVersion: 2
`

const lowerCaseAppSpec = `version: 0.0
resources:
  - f:
      type: AWS::Lambda::Function
      properties:
        name: f
        alias: live
        currentversion: 1
        targetversion: 2
`

func TestL5_SpellingsOfAnAppSpec(t *testing.T) {
	for name, text := range map[string]string{
		"JSON":       `{"version":"0.0","Resources":[{"f":{"Type":"AWS::Lambda::Function","Properties":{"Name":"f","Alias":"live","CurrentVersion":"1","TargetVersion":"2"}}}]}`,
		"YAML":       yamlAppSpec,
		"lower case": lowerCaseAppSpec,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.deploy(allAtOnce, text)
			s := w.want(id).status("Succeeded").events("S/S/S").on("Succeeded", 1)
			if f := s.target.LambdaFunctionInfo; aws.ToString(f.CurrentVersion) != "1" || aws.ToString(f.TargetVersion) != "2" {
				t.Errorf("from %s to %s", aws.ToString(f.CurrentVersion), aws.ToString(f.TargetVersion))
			}
			w.wantUpdates("2 {}")
		})
	}
}

func TestL6_NoHooks(t *testing.T) {
	w := newWorld(t)
	s := w.want(w.deploy(allAtOnce, appSpec("1", "2"))).status("Succeeded").events("S/S/S")
	for _, i := range []int{0, 2} {
		if took := s.event(i).EndTime.Sub(*s.event(i).StartTime); took > time.Second {
			t.Errorf("event %d took %s", i, took)
		}
	}
	for _, hook := range []string{pre, post} {
		if n := len(w.far.Invocations(hook)); n > 0 {
			t.Errorf("%s was invoked %d times", hook, n)
		}
	}
}

// M17, lambda.md 2.3: nothing is moved, and everything succeeds.
func TestL21_SameVersion(t *testing.T) {
	t.Run("canary", func(t *testing.T) {
		w := newWorld(t)
		id := w.deploy(canary, appSpec("1", "1"))
		w.want(id).status("Failed").failure("INVALID_LAMBDA_CONFIGURATION", badAppSpec).notStarted().nothingToRollBack()
		w.wantUpdates()
	})
	t.Run("all at once", func(t *testing.T) {
		w := newWorld(t)
		id := w.deploy(allAtOnce, appSpec("1", "1"))
		w.want(id).status("Succeeded").events("S/S/S").on("Succeeded", 1).overview("Succeeded").noRollback()
		w.wantUpdates()
		w.wantAlias("1")
	})
}

func TestL40_NoProvisionedConcurrencyEndpoint(t *testing.T) {
	w := newWorld(t)
	w.far.Fail(lambdatest.GetProvisionedConcurrencyConfig, lambdatest.Forever, lambdatest.Failure{Status: 404, Message: "page not found"})
	id := w.deploy(canary, appSpec("1", "2"))
	w.advance(5 * time.Minute)
	w.want(id).status("Succeeded").events("S/S/S")
	w.wantUpdates("1 {2:0.1}", "2 {}")
}

// lambda.md 4.5: an interval counts from when the alias is ready.
func TestProvisionedConcurrency(t *testing.T) {
	w := newWorld(t)
	w.far.SetProvisioned(account, region, "f", "live", "IN_PROGRESS", "")
	id := w.deploy(canary, appSpec("1", "2"))
	w.advance(7 * time.Minute)
	w.wantUpdates("1 {2:0.1}")
	w.far.SetProvisioned(account, region, "f", "live", "READY", "")
	w.advance(5*time.Minute - slack)
	w.wantUpdates("1 {2:0.1}")
	w.far.SetProvisioned(account, region, "f", "live", "IN_PROGRESS", "")
	w.advance(2 * slack)
	w.wantUpdates("1 {2:0.1}", "2 {}")
	w.want(id).status("InProgress").events("S/I/P").on("InProgress", 1)
	w.far.SetProvisioned(account, region, "f", "live", "FAILED", "no capacity left")
	w.advance(slack)
	w.want(id).status("Failed").failure("INVALID_LAMBDA_CONFIGURATION", badAppSpec+" no capacity left").events("S/F/K").on("Failed", 1)
}

// A far side that does not tell whether it is ready is asked again; the interval
// counts from its answer.
func TestProvisionedConcurrencyCannotBeAsked(t *testing.T) {
	w := newWorld(t)
	w.far.Fail(lambdatest.GetProvisionedConcurrencyConfig, 8, lambdatest.ServiceException)
	id := w.deploy(canary, appSpec("1", "2"))
	w.advance(5*time.Minute + slack)
	w.wantUpdates("1 {2:0.1}")
	w.advance(time.Minute)
	w.wantUpdates("1 {2:0.1}", "2 {}")
	w.want(id).status("Succeeded")
}

// lambda.md 4.3: a late step delays the later ones, and no two fall into one
// interval.
func TestLateStepDelaysTheLaterOnes(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(linear, appSpec("1", "2"))
	w.far.Fail(lambdatest.UpdateAlias, lambdatest.Forever, lambdatest.TooManyRequests)
	w.advance(3 * time.Minute)
	w.wantUpdates("1 {2:0.1}")
	w.far.Heal(lambdatest.UpdateAlias)
	w.advance(30 * time.Second)
	w.wantUpdates("1 {2:0.1}", "1 {2:0.2}")
	w.advance(8*time.Minute + slack)
	w.want(id).status("Succeeded")
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := 2; i < len(w.shown); i++ {
		if pause := w.shown[i].Sub(w.shown[i-1]); pause < time.Minute {
			t.Errorf("step %d came %s after the one before", i+1, pause)
		}
	}
	if len(w.shown) != 10 {
		t.Errorf("%d steps: %s", len(w.shown), fmt.Sprint(w.shown))
	}
}
