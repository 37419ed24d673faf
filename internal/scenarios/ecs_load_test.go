package scenarios

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// drainFor gives running requests this much time after a target is taken out.
func (w *ecsWorld) drainFor(d time.Duration) {
	w.Helper()
	seconds := aws.String(strconv.Itoa(int(d / time.Second * healthPace)))
	for _, group := range []string{w.tgA, w.tgB} {
		_, err := w.elb.ModifyTargetGroupAttributes(context.Background(), &elb.ModifyTargetGroupAttributesInput{
			TargetGroupArn: &group,
			Attributes:     []elbtypes.TargetGroupAttribute{{Key: aws.String("deregistration_delay.timeout_seconds"), Value: seconds}},
		})
		w.must(err)
	}
}

// TestE10_NoRequestIsLost has one stream of requests go through a deployment of
// each kind. Every deployment has a release of its own, so that an answer tells
// which side gave it.
func TestE10_NoRequestIsLost(t *testing.T) {
	w := newECSWorld(t)
	w.register("4", nil)
	w.drainFor(patience)
	load := w.load(w.l80)
	var moves []move
	for _, c := range []struct {
		config   string
		from, to string
		pauses   int // between the shifts, of
		pause    time.Duration
	}{
		{ecsAllAtOnce, "app:1", "app:2", 0, 0},
		{ecsCanary, "app:2", "app:3", 1, 5 * time.Minute},
		{ecsLinear, "app:3", "app:4", 9, time.Minute},
	} {
		shifts := w.noteShifts(w.l80)
		running := w.hold(w.l80)
		load.more(loadRate / 4)
		id := w.firstShift(c.config, ecsSpec(c.to))
		for range c.pauses {
			load.more(loadRate / 20)
			w.advance(c.pause)
		}
		load.more(loadRate / 4)
		w.see(id).status("Succeeded").events("S/S/S/S/S/S")
		if got := running.finish(); got != c.from {
			t.Errorf("%s: the request that was running from before the deployment was answered %q", c.config, got)
		}
		w.eventually("the original side has gone", func() bool { return len(w.service().TaskSets) == 1 })
		moves = append(moves, shifts.move(c.from, c.to))
	}
	load.more(loadRate / 4)
	judgeLoad(w, load.stop(), moves)
}

// move is when traffic went from one release to another, by the wall's clock.
type move struct {
	from, to    string
	began, over time.Time // the first shift was asked for, the last one was granted
}

func (s *shifts) move(from, to string) move {
	list := s.list()
	m := move{from: from, to: to, began: list[len(list)-1].asked, over: list[len(list)-1].done}
	for _, one := range list {
		if one.weights != "100/0" && one.weights != "0/100" && one.asked.Before(m.began) {
			m.began = one.asked
		}
	}
	return m
}

// judgeLoad wants every request to be answered, by the new side not before
// traffic moved there, and by the old one not when it was asked after all of it
// had.
func judgeLoad(w *ecsWorld, all []answered, moves []move) {
	w.Helper()
	count := map[string]int{"app:1": 0, "app:2": 0, "app:3": 0, "app:4": 0}
	for _, a := range all {
		count[a.answer]++
		for _, m := range moves {
			switch {
			case a.answer == m.to && a.ended.Before(m.began):
				w.Errorf("%s answered %s before traffic moved there", m.to, m.began.Sub(a.ended))
			case a.answer == m.from && a.began.After(m.over):
				w.Errorf("%s answered a request that was made %s after the last shift", m.from, a.began.Sub(m.over))
			}
		}
	}
	w.Logf("%d requests: %v", len(all), count)
	for answer, times := range count {
		if times == 0 || len(count) > len(moves)+1 {
			w.Errorf("%d times the answer %q", times, answer)
		}
	}
}
