package scenarios

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// shifts are the changes that the controller makes of a listener's default rule.
type shifts struct {
	*ecsWorld
	mu  sync.Mutex
	all []shift
}

type shift struct {
	weights     string    // of tgA and tgB: "90/10"
	at          time.Time // by the controller's clock
	asked, done time.Time // by the wall's
}

// noteShifts notes the controller's changes of a listener from now on.
func (w *ecsWorld) noteShifts(listener string) *shifts {
	s := &shifts{ecsWorld: w}
	w.cloud.onCall(func(c ecsCall) http.Handler {
		form := c.form()
		if c.Operation != "ModifyListener" || form.Get("ListenerArn") != listener {
			return nil
		}
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			asked := time.Now()
			w.cloud.handler.ServeHTTP(rw, r)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.all = append(s.all, shift{w.written(form), w.clock.Now(), asked, time.Now()})
		})
	})
	return s
}

// written tells the weights of a ModifyListener.
func (w *ecsWorld) written(form url.Values) string {
	weights := map[string]string{w.tgA: "-", w.tgB: "-"}
	for i := range 2 {
		group := fmt.Sprintf("DefaultActions.member.1.ForwardConfig.TargetGroups.member.%d.", i+1)
		weights[form.Get(group+"TargetGroupArn")] = form.Get(group + "Weight")
	}
	return weights[w.tgA] + "/" + weights[w.tgB]
}

func (s *shifts) list() []shift {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all)
}

// want wants these changes, and no others.
func (s *shifts) want(want string) {
	s.Helper()
	var got []string
	for _, one := range s.list() {
		got = append(got, one.weights)
	}
	if strings.Join(got, " ") != want {
		s.Errorf("the listener was changed to %q, want %q", got, want)
	}
}

// pauses wants this much time between each two changes that give green traffic.
// A call may be late by what it takes in real time, on a machine with much to do.
func (s *shifts) pauses(pause time.Duration) {
	s.Helper()
	list := slices.DeleteFunc(s.list(), func(one shift) bool { return strings.HasSuffix(one.weights, "/0") })
	for i := range len(list) - 1 {
		if got := list[i+1].at.Sub(list[i].at); got < pause || got > pause+patience {
			s.Errorf("from %s to %s it took %s, want %s", list[i].weights, list[i+1].weights, got, pause)
		}
	}
}

// firstShift lets a deployment go until traffic has begun to move.
func (w *ecsWorld) firstShift(config, content string, vary ...func(*request)) string {
	w.Helper()
	id := w.release(config, content, vary...)
	w.advance(slack)
	return id
}

// advanceTo moves the controller's clock to a moment. It goes on with the wall's
// meanwhile, so that what has to happen before is told by a moment of its own.
func (w *ecsWorld) advanceTo(moment time.Time) {
	w.Helper()
	w.advance(moment.Sub(w.clock.Now()))
}

// lasted wants an event to have taken so long.
func (s *ecsSight) lasted(name string, want time.Duration) *ecsSight {
	s.Helper()
	e := s.event(name)
	if got := e.EndTime.Sub(*e.StartTime); got < want || got > want+patience {
		s.Errorf("%s took %s, want %s", name, got, want)
	}
	return s
}

func TestE6_E7_Canary(t *testing.T) {
	w := newECSWorld(t)
	shifts := w.noteShifts(w.l80)
	id := w.firstShift(ecsCanary, ecsSpec("app:2", "AfterAllowTraffic:"+ecsHook))
	w.see(id).status("InProgress").events("S/S/S/S/I/P").taskSets("Blue PRIMARY 90.0 tgA, Green ACTIVE 10.0 tgB")
	w.wantWeights(w.l80, 90, 10)
	got := w.answers(w.l80, 10_000)
	if green := got["app:2"]; green < 850 || green > 1150 || green+got["app:1"] != 10_000 {
		t.Errorf("of 10000 requests %v", got)
	}
	w.advanceTo(shifts.list()[1].at.Add(5*time.Minute - slack))
	w.wantWeights(w.l80, 90, 10)
	w.advance(2 * slack)
	w.wantWeights(w.l80, 0, 100)
	w.see(id).status("InProgress").events("S/S/S/S/S/I").taskSets("Blue ACTIVE 0.0 tgA, Green PRIMARY 100.0 tgB").lasted("AllowTraffic", 5*time.Minute)
	w.succeed(id, ecsHook)
	w.see(id).status("Succeeded").events("S/S/S/S/S/S")
	shifts.want("100/0 90/10 0/100")
	shifts.pauses(5 * time.Minute)
}

func TestE8_Linear(t *testing.T) {
	w := newECSWorld(t)
	shifts := w.noteShifts(w.l80)
	id := w.firstShift(ecsLinear, ecsSpec("app:2"))
	for green := int32(10); green < 100; green += 10 {
		w.wantWeights(w.l80, 100-green, green)
		w.see(id).status("InProgress").events("S/S/S/S/I/P").taskSets(fmt.Sprintf("Blue PRIMARY %d.0 tgA, Green ACTIVE %d.0 tgB", 100-green, green))
		w.advance(time.Minute)
	}
	w.wantWeights(w.l80, 0, 100)
	w.see(id).status("Succeeded").events("S/S/S/S/S/S").lasted("AllowTraffic", 9*time.Minute)
	shifts.want("100/0 90/10 80/20 70/30 60/40 50/50 40/60 30/70 20/80 10/90 0/100")
	shifts.pauses(time.Minute)
}

func TestE9_LinearThatDoesNotDivide(t *testing.T) {
	w := newECSWorld(t)
	_, err := w.ours.CreateDeploymentConfig(context.Background(), &codedeploy.CreateDeploymentConfigInput{
		DeploymentConfigName: aws.String("thirty"), ComputePlatform: types.ComputePlatformEcs,
		TrafficRoutingConfig: &types.TrafficRoutingConfig{Type: types.TrafficRoutingTypeTimeBasedLinear,
			TimeBasedLinear: &types.TimeBasedLinear{LinearPercentage: 30, LinearInterval: 2}},
	})
	w.must(err)
	shifts := w.noteShifts(w.l80)
	id := w.firstShift("thirty", ecsSpec("app:2"))
	w.advance(7 * time.Minute)
	w.see(id).status("Succeeded").events("S/S/S/S/S/S").lasted("AllowTraffic", 6*time.Minute)
	shifts.want("100/0 70/30 40/60 10/90 0/100")
	shifts.pauses(2 * time.Minute)
}
