package scenarios

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// alarmed is the message of ALARM_ACTIVE (deployments.md 4).
func alarmed(names ...string) string {
	return "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, " +
		"and the affected deployments have been stopped. Activated alarms: <" + strings.Join(names, "> <") + ">"
}

func TestL30_AlarmBeforeTheStart(t *testing.T) {
	w := newWorld(t)
	w.watch("errors", "latency")
	w.alarms.set("errors", "ALARM")
	w.alarms.set("latency", "OK")
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	s := w.want(id).status("Stopped").failure("ALARM_ACTIVE", alarmed("errors")).events("K/K/K").on("Skipped", 0).overview("Skipped")
	if took := s.info.CompleteTime.Sub(*s.info.StartTime); took > time.Second {
		t.Errorf("stopped after %s", took)
	}
	if n := len(w.invoked(pre)); n > 0 {
		t.Errorf("the hook was invoked %d times", n)
	}
	polls := w.alarms.polled()
	b := s.rolledBack().undone()
	w.wantUpdates("1 {}")
	if w.alarms.polled() != polls || b.info.Creator != "codeDeployRollback" {
		t.Errorf("the rollback of %s asked for alarms", b.info.Creator)
	}
}

func TestL31_AlarmDuringTheCanary(t *testing.T) {
	w := newWorld(t)
	w.watch("errors", "latency")
	w.alarms.set("errors", "OK")
	w.alarms.set("latency", "INSUFFICIENT_DATA")
	id := w.deploy(canary, appSpec("1", "2"))
	w.advance(time.Minute)
	w.want(id).status("InProgress").events("S/I/P")
	w.alarms.set("errors", "ALARM")
	w.alarms.set("latency", "ALARM")
	rang := w.clock.Now()
	w.advance(15 * time.Second)
	s := w.want(id).status("Stopped").failure("ALARM_ACTIVE", alarmed("errors", "latency")).
		events("S/F/K").on("Failed", 0.1).overview("Failed")
	if lag := s.info.CompleteTime.Sub(rang); lag > 15*time.Second {
		t.Errorf("stopped %s after the alarm", lag)
	}
	s.rolledBack().undone()
	w.wantUpdates("1 {2:0.1}", "1 {}")
	w.wantAlias("1")
	w.alarms.set("errors", "OK")
	w.alarms.set("latency", "OK")
	w.want(w.deploy(allAtOnce, appSpec("1", "2"))).status("Succeeded") // version 2 is still published
}

func TestL32_AlarmWithoutRollback(t *testing.T) {
	w := newWorld(t)
	w.rollback(rollbackOff())
	w.watch("errors")
	w.alarms.set("errors", "OK")
	id := w.deploy(canary, appSpec("1", "2"))
	w.alarms.set("errors", "ALARM")
	w.advance(15 * time.Second)
	w.want(id).status("Stopped").failure("ALARM_ACTIVE", alarmed("errors")).events("S/F/K").on("Failed", 0.1).noRollback()
	w.advance(time.Hour)
	w.wantUpdates("1 {2:0.1}")
	w.wantAlias("1 {2:0.1}")
}

// deployments.md 6: also while a hook is waited for.
func TestAlarmDuringAHook(t *testing.T) {
	w := newWorld(t)
	w.watch("errors")
	w.alarms.set("errors", "OK")
	id := w.deploy(canary, appSpec("1", "2", before(pre)))
	w.advance(3 * time.Minute)
	w.alarms.set("errors", "ALARM")
	w.advance(15 * time.Second)
	w.want(id).status("Stopped").failure("ALARM_ACTIVE", alarmed("errors")).events("F/K/K").on("Failed", 0).rolledBack().undone()
	w.refused(w.report(id, w.execution(pre), "Succeeded"), "LifecycleEventAlreadyCompletedException")
}

func TestD24_AlarmBeforeCreate(t *testing.T) {
	w := newWorld(t)
	w.watch("errors")
	w.alarms.set("errors", "ALARM")
	id, err := w.create(allAtOnce, appSpec("1", "2"))
	w.must(err)
	w.advance(2 * time.Second)
	w.want(id).status("Stopped").failure("ALARM_ACTIVE", alarmed("errors")).rolledBack().undone()
	// Level, not edge: it blocks the next deployment too.
	w.want(w.deploy(allAtOnce, appSpec("1", "2"))).status("Stopped").failure("ALARM_ACTIVE", alarmed("errors"))
}

func TestD25_AlarmsOverridden(t *testing.T) {
	w := newWorld(t)
	w.watch("errors")
	w.alarms.set("errors", "ALARM")
	id := w.deploy(canary, appSpec("1", "2"), func(r *request) {
		r.OverrideAlarmConfiguration = &types.AlarmConfiguration{Enabled: false}
	})
	w.advance(6 * time.Minute)
	s := w.want(id).status("Succeeded").events("S/S/S").noRollback()
	if o := s.info.OverrideAlarmConfiguration; o == nil || o.Enabled {
		t.Errorf("overrideAlarmConfiguration is %+v", o)
	}
	if n := w.alarms.polled(); n > 0 {
		t.Errorf("alarms were asked for %d times", n)
	}
}

func TestD28_AlarmsCannotBeRead(t *testing.T) {
	watch := func(w *world, ignore bool) {
		w.update(func(in *codedeploy.UpdateDeploymentGroupInput) {
			in.AlarmConfiguration = alarmsOn("errors")
			in.AlarmConfiguration.IgnorePollAlarmFailure = ignore
		})
	}
	for name, c := range map[string]struct {
		breakDown func(*world)
		code      types.ErrorCode
		part      string
	}{
		"out of order": {func(w *world) { w.alarms.breakDown("InternalServiceFault") }, "INTERNAL_ERROR", ""},
		"unknown name": {func(*world) {}, "INTERNAL_ERROR", ""},
		"denied":       {func(w *world) { w.alarms.breakDown("AccessDeniedException") }, "IAM_ROLE_PERMISSIONS", "AmazonCloudWatch"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			watch(w, false)
			c.breakDown(w)
			id := w.deploy(canary, appSpec("1", "2"))
			w.advance(10 * time.Second)
			w.want(id).status("Stopped").says(c.code, c.part).events("K/K/K").on("Skipped", 0).rolledBack().undone()
			if n := w.alarms.polled(); n != 3 {
				t.Errorf("stopped after %d failed polls, want 3", n)
			}
		})
		t.Run(name+" ignored", func(t *testing.T) {
			w := newWorld(t)
			watch(w, true)
			c.breakDown(w)
			id := w.deploy(canary, appSpec("1", "2"))
			w.advance(6 * time.Minute)
			w.want(id).status("Succeeded").events("S/S/S")
		})
	}
	t.Run("only now and then", func(t *testing.T) {
		w := newWorld(t)
		watch(w, false)
		w.alarms.set("errors", "OK")
		id := w.deploy(canary, appSpec("1", "2"))
		for range 6 {
			w.alarms.breakDown("InternalServiceFault")
			w.eventually("a poll failed", func() bool {
				polls := w.alarms.polled()
				w.advance(time.Second)
				return w.alarms.polled() > polls
			})
			w.alarms.breakDown("")
			w.advance(20 * time.Second)
			w.want(id).status("InProgress")
		}
	})
}

// A role that loses its rights during the run stops it as D28 says, and the
// deployment tells that it was the role.
func TestRoleIsRefusedDuringTheCanary(t *testing.T) {
	begin := func(t *testing.T) (*world, string) {
		w := newWorld(t, assuming)
		w.rollback(rollbackOff())
		w.watch("errors")
		w.alarms.set("errors", "OK")
		return w, w.deploy(canary, appSpec("1", "2"))
	}
	t.Run("by CloudWatch", func(t *testing.T) {
		w, id := begin(t)
		good := w.alarms.polled()
		w.alarms.breakDown("AccessDeniedException")
		w.advance(20 * time.Second)
		w.want(id).status("Stopped").says("IAM_ROLE_PERMISSIONS", role, "AmazonCloudWatch").events("S/F/K").on("Failed", 0.1).noRollback()
		if n := w.alarms.polled() - good; n != 3 {
			t.Errorf("stopped after %d failed polls, want 3", n)
		}
	})
	t.Run("by STS", func(t *testing.T) {
		w, id := begin(t)
		good := w.alarms.polled()
		w.roles.refuse(403, "AccessDenied")
		asked := len(w.roles.asked())
		w.restart() // the credentials that it had are gone
		w.advance(20 * time.Second)
		w.want(id).status("Stopped").says("IAM_ROLE_PERMISSIONS", role, "AWSSecurityTokenService").events("S/F/K").on("Failed", 0.1).noRollback()
		if n := len(w.roles.asked()) - asked; n != 3 || w.alarms.polled() != good {
			t.Errorf("stopped after %d refusals and %d polls, want 3 and none", n, w.alarms.polled()-good)
		}
	})
	t.Run("while the failure is ignored", func(t *testing.T) {
		w := newWorld(t, assuming)
		w.update(func(in *codedeploy.UpdateDeploymentGroupInput) {
			in.AlarmConfiguration = alarmsOn("errors")
			in.AlarmConfiguration.IgnorePollAlarmFailure = true
		})
		w.alarms.set("errors", "OK")
		id := w.deploy(canary, appSpec("1", "2"))
		w.alarms.breakDown("AccessDeniedException")
		w.advance(6 * time.Minute)
		w.want(id).status("Succeeded")
	})
}

func TestD29_InvalidAlarmConfigurations(t *testing.T) {
	w := newWorld(t)
	many := slices.Repeat([]string{"a"}, 51)
	for i := range many {
		many[i] += string(rune('A' + i))
	}
	for name, c := range map[string]struct {
		alarms *types.AlarmConfiguration
		code   string
	}{
		"51 alarms": {alarmsOn(many...), "AlarmsLimitExceededException"},
		"one twice": {alarmsOn("a", "b", "a"), "InvalidAlarmConfigException"},
		"none":      {alarmsOn(), "InvalidAlarmConfigException"},
	} {
		_, err := w.ours.UpdateDeploymentGroup(t.Context(), &codedeploy.UpdateDeploymentGroupInput{
			ApplicationName: aws.String(app), CurrentDeploymentGroupName: aws.String(group), AlarmConfiguration: c.alarms,
		})
		t.Log(name)
		w.refused(err, c.code)
		w.refusedCreate(c.code, "", func(r *request) { r.OverrideAlarmConfiguration = c.alarms })
	}
	w.watch(many[:50]...)
}
