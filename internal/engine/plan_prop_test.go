package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"greenlight/internal/alarmsource"
	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
	"greenlight/internal/lambdadriver"
	"greenlight/internal/store"
)

// TestPlanProperties leads random deployments, and the rollbacks that they
// call for, through random lives. After every plan the laws of the checks
// below must hold; and once answers keep coming and time passes, every life ends.
func TestPlanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &simulation{T: t, d: drawDeployment(t), now: start, nonces: map[codedeploy.LifecycleEventName]string{}}
		s.live()
		s.finish()
		if s.rollback == nil {
			return
		}
		back := &simulation{T: t, d: stored(t, *s.rollback), now: s.now, nonces: map[codedeploy.LifecycleEventName]string{}}
		back.live()
		back.finish()
		if back.rollback != nil || len(back.nonces) > 0 {
			t.Fatalf("the rollback %s has a rollback or invoked a hook", back.d.ID)
		}
	})
}

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// simulation is one deployment among random events.
type simulation struct {
	*rapid.T
	d       Deployment
	now     time.Time
	pending []Act // handed out and not answered
	past    []Outcome

	nonces   map[codedeploy.LifecycleEventName]string
	shifted  int       // the share of traffic that the platform was last asked for
	calm     time.Time // when the last shift had been set and was steady
	rollback *Deployment
}

func drawDeployment(t *rapid.T) Deployment {
	hook := rapid.SampledFrom([]string{"", `{"BeforeAllowTraffic":"pre"}`, `{"AfterAllowTraffic":"post"}`,
		`{"BeforeAllowTraffic":"pre"},{"AfterAllowTraffic":"post"}`}).Draw(t, "hooks")
	text := fmt.Sprintf(`{"version":0.0,"Resources":[{"f":{"Type":"AWS::Lambda::Function","Properties":
		{"Name":"f","Alias":"live","CurrentVersion":"1","TargetVersion":%q}}}],"Hooks":[%s]}`,
		rapid.SampledFrom([]string{"2", "2", "2", "1"}).Draw(t, "target"), hook)
	d := Deployment{
		Deployment: store.Deployment{
			Scope: store.Scope{Account: "111122223333", Region: "eu-west-1"}, ID: "d-ORIGINAL1",
			WakeAt: start, GroupExists: rapid.Float64().Draw(t, "group") > 0.02, ApplicationExists: true,
		},
		Snapshot: Snapshot{
			Revision:       codedeploy.AppSpecRevision(text),
			TrafficRouting: drawRouting(t),
			Alarms:         drawAlarms(t),
			Rollback:       drawRollback(t),
			HookSeed:       []byte("seed"), RollbackID: "d-ROLLBACK1",
		},
	}
	if rapid.Bool().Draw(t, "in S3") {
		d.Snapshot.Revision = codedeploy.RevisionLocation{RevisionType: codedeploy.RevisionLocationTypeS3, S3Location: &codedeploy.S3Location{}}
		d.Progress.Text = rapid.SampledFrom([]string{"", text}).Draw(t, "fetched")
	}
	d.Info = codedeploy.DeploymentInfo{
		DeploymentID: d.ID, Status: codedeploy.DeploymentStatusCreated, CreateTime: codedeploy.NewTimestamp(start),
		ComputePlatform: codedeploy.ComputePlatformLambda, DeploymentStatusMessages: []string{},
	}
	return stored(t, d)
}

func drawRouting(t *rapid.T) codedeploy.TrafficRoutingConfig {
	percent, minutes := new(rapid.Int64Range(5, 99).Draw(t, "percent")), new(rapid.Int64Range(1, 4).Draw(t, "minutes"))
	switch rapid.IntRange(0, 2).Draw(t, "routing") {
	case 0:
		return codedeploy.TrafficRoutingConfig{Type: codedeploy.TrafficRoutingTypeTimeBasedCanary,
			TimeBasedCanary: &codedeploy.TimeBasedCanary{CanaryPercentage: percent, CanaryInterval: minutes}}
	case 1:
		return codedeploy.TrafficRoutingConfig{Type: codedeploy.TrafficRoutingTypeTimeBasedLinear,
			TimeBasedLinear: &codedeploy.TimeBasedLinear{LinearPercentage: percent, LinearInterval: minutes}}
	default:
		return codedeploy.TrafficRoutingConfig{Type: codedeploy.TrafficRoutingTypeAllAtOnce}
	}
}

func drawAlarms(t *rapid.T) *codedeploy.AlarmConfiguration {
	if rapid.Bool().Draw(t, "no alarms") {
		return nil
	}
	return &codedeploy.AlarmConfiguration{
		Alarms:                 []codedeploy.Alarm{{Name: "a"}, {Name: "b"}},
		Enabled:                new(rapid.Bool().Draw(t, "alarms enabled")),
		IgnorePollAlarmFailure: new(rapid.Bool().Draw(t, "ignore failed polls")),
	}
}

func drawRollback(t *rapid.T) *codedeploy.AutoRollbackConfiguration {
	all := codedeploy.AutoRollbackEvent("").Values()
	return &codedeploy.AutoRollbackConfiguration{
		Enabled: new(rapid.Bool().Draw(t, "rollback")),
		Events:  rapid.SliceOfDistinct(rapid.SampledFrom(all), func(e codedeploy.AutoRollbackEvent) codedeploy.AutoRollbackEvent { return e }).Draw(t, "causes"),
	}
}

// live throws random events at the deployment.
func (s *simulation) live() {
	for range rapid.IntRange(15, 60).Draw(s.T, "events") {
		s.now = s.now.Add(time.Duration(rapid.Int64Range(0, int64(20*time.Second)).Draw(s.T, "pause")).Truncate(time.Millisecond))
		s.plan(s.draw())
	}
}

// draw is one of the events that may happen now.
func (s *simulation) draw() Input {
	well := func() Input { return s.answer(nil) }
	badly := func() Input { return s.answer(s.fault()) }
	alarm := func() Input { return s.poll(true) }
	kinds := []func() Input{s.stop, well, s.report, s.sleep, well, s.report, s.sleep, well, s.late, badly, alarm,
		func() Input { return Tick{} }, func() Input { return Resume{} }}
	return rapid.SampledFrom(kinds).Draw(s.T, "event")()
}

// sleep lets time pass until the deployment wants to be looked at.
func (s *simulation) sleep() Input {
	if s.d.WakeAt.After(s.now) {
		s.now = s.d.WakeAt
	}
	return Tick{}
}

// answer is the outcome of an act that was handed out, if there is one.
func (s *simulation) answer(err error) Input {
	if len(s.pending) == 0 {
		return Tick{}
	}
	act := rapid.SampledFrom(s.pending).Draw(s.T, "act")
	s.pending = slices.DeleteFunc(s.pending, func(a Act) bool { return a == act })
	if act.Kind == ActPoll {
		return s.poll(err != nil)
	}
	out := Outcome{Act: act, Err: err}
	if err == nil {
		out = s.outcome(act)
	}
	s.past = append(s.past, out)
	return out
}

func (s *simulation) outcome(act Act) Outcome {
	out := Outcome{Act: act}
	switch act.Kind {
	case ActFetch:
		out.Text = "version: 0.0"
	case ActObserve:
		out.Alias = &lambdadriver.Alias{Name: "live", Version: rapid.SampledFrom([]string{"1", "1", "1", "3"}).Draw(s.T, "alias")}
	case ActLook:
		out.Alias = &lambdadriver.Alias{Name: "live", Version: rapid.SampledFrom([]string{"1", "2", "3"}).Draw(s.T, "alias")}
	case ActShift, ActSteady:
		out.Alias = &lambdadriver.Alias{Name: "live", Version: "1"}
		out.Provisioned = rapid.SampledFrom([]*lambdadriver.Provisioned{
			{}, {}, {}, {Configured: true, Status: "READY"}, {Configured: true, Status: "IN_PROGRESS"}, nil,
			{Configured: true, Status: "FAILED", Reason: "no capacity"},
		}).Draw(s.T, "provisioned")
		if p := out.Provisioned; p != nil && (!p.Configured || p.Status == "READY") {
			s.calm = s.now
		}
	}
	return out
}

func (s *simulation) fault() error {
	kind := rapid.SampledFrom([]awsaccess.FaultKind{awsaccess.NotFound, awsaccess.Denied, awsaccess.Throttled, awsaccess.Invalid,
		awsaccess.Precondition, awsaccess.Conflict, awsaccess.Unavailable, awsaccess.RoleDenied, awsaccess.RoleMissing, ""}).Draw(s.T, "fault")
	if kind == "" {
		return errors.New("a wire was cut")
	}
	return &awsaccess.Fault{Kind: kind, Service: "AWSLambda", Operation: "UpdateAlias", Message: "no"}
}

// poll finds the alarms in some state; bad allows those that stop a deployment.
func (s *simulation) poll(bad bool) Input {
	if len(alarmNames(s.d.Snapshot.Alarms)) == 0 {
		return Tick{}
	}
	states := map[string]alarmsource.State{"a": alarmsource.OK, "b": alarmsource.InsufficientData}
	if !bad {
		return AlarmStates{States: states}
	}
	switch rapid.IntRange(0, 2).Draw(s.T, "poll") {
	case 0:
		states["b"] = alarmsource.Alarm
		return AlarmStates{States: states}
	case 1:
		delete(states, "b")
		return AlarmStates{States: states}
	default:
		return AlarmStates{Err: s.fault()}
	}
}

// report is a verdict that the engine would let through: judgeReport.
func (s *simulation) report() Input {
	for event, hook := range s.d.Progress.Hooks {
		if !s.d.ended() && hook.Reported == "" && s.now.Before(hook.Deadline) {
			return Report{Event: event, Status: rapid.SampledFrom([]codedeploy.LifecycleEventStatus{
				codedeploy.LifecycleEventStatusSucceeded, codedeploy.LifecycleEventStatusSucceeded, codedeploy.LifecycleEventStatusFailed,
			}).Draw(s.T, "verdict")}
		}
	}
	return Tick{}
}

func (s *simulation) stop() Input {
	if rapid.Float64().Draw(s.T, "stop") > 0.3 {
		return Tick{}
	}
	return Stop{
		AutoRollback: rapid.SampledFrom([]*bool{nil, new(true), new(false)}).Draw(s.T, "autoRollbackEnabled"),
		Cause:        codedeploy.AutoRollbackEventDeploymentStopOnRequest,
		Failure:      failure{Code: codedeploy.ErrorCodeManualStop, Message: codedeploy.MessageManualStop},
	}
}

// late repeats an answer that was given before.
func (s *simulation) late() Input {
	if len(s.past) == 0 {
		return Tick{}
	}
	return rapid.SampledFrom(s.past).Draw(s.T, "late answer")
}

// finish answers every act well and lets time pass: the deployment must end.
func (s *simulation) finish() {
	for range 5000 {
		switch {
		case s.d.ended():
			s.plan(s.late())
			return
		case len(s.pending) > 0:
			s.plan(s.answer(nil))
		default:
			s.plan(s.sleep())
		}
	}
	s.Fatalf("does not end: %s", fingerprint(s.T, s.d))
}

// stored is a deployment as it comes back from the store.
func stored(t *rapid.T, d Deployment) Deployment {
	row, err := d.encode()
	if err == nil {
		d, err = decode(row)
	}
	if err == nil {
		err = again(&d.Info)
	}
	if err == nil && d.Target != nil {
		err = again(&d.Target)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// again reads a shape from its own text.
func again[T any](v *T) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	*v = *new(T)
	return json.Unmarshal(text, v)
}

// fingerprint is a deployment as a text, for comparing.
func fingerprint(t *rapid.T, d Deployment) string {
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
