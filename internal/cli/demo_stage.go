package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"greenlight/internal/demo"
)

// demoStage shows the demo as a deployment is shown anywhere else, with the
// client's traffic below, and says how long a reader needs before an act.
func (sh *shell) demoStage() (demo.Stage, time.Duration) {
	if s, ok := sh.progress(false).(*screen); ok {
		return &demoScreen{screen: s, size: s.size}, readingTime
	}
	return &demoLines{lines: lines{out: sh.out}}, 0
}

// readingTime is enough for three lines.
const readingTime = 3500 * time.Millisecond

// demoView leaves out what all the demo's deployments have in common, and what
// is said again in their summaries.
func demoView(p demo.Picture) view {
	v := viewOf(p.Deployment, p.Targets)
	v.Config = strings.TrimPrefix(v.Config, "CodeDeployDefault.")
	for _, target := range v.Targets {
		for i := range target.Events {
			target.Events[i].Message = ""
		}
	}
	return v
}

// shares is who gets the traffic, the version that was there first on the left.
type shares struct {
	name     string  // what the traffic goes through
	old, new string  // as in "version 1" or "release 1"
	percent  float64 // on the new one
	answered float64 // the new one's part of the last second's answers, in percent
	back     bool    // the traffic is on its way back
}

// sharesOf reads them from the deployment and the client's count; false before
// the deployment has a new side. A rollback leads to the version that was there
// first: a function's is then the target, while a service keeps its sides.
func sharesOf(v view, p demo.Picture) (shares, bool) {
	if len(v.Targets) != 1 || v.Targets[0].Shift == nil {
		return shares{}, false
	}
	function := p.Targets[0].LambdaTarget != nil
	kind := "release "
	if function {
		kind = "version "
	}
	shift := v.Targets[0].Shift
	s := shares{name: shift.Name, old: kind + p.Old, new: kind + p.New, percent: shift.Percent, back: v.RollbackOf != ""}
	if s.back && function {
		s.percent = 100 - s.percent
	}
	if recent := p.Traffic.Recent; recent.Calls > 0 {
		s.answered = 100 * float64(recent.Versions[p.New]) / float64(recent.Calls)
	}
	return s, true
}

const (
	demoIndent  = "  "
	demoColumns = 80 // prose is not drawn wider than that
)

// demoLines prints one line per change, for pipes and build logs.
type demoLines struct {
	lines
	begun   bool
	percent float64
	since   time.Time // when the weights were first seen so; zero: told already
}

func (l *demoLines) Title(text string) {
	if l.begun {
		fmt.Fprintln(l.out)
	}
	l.begun = true
	write(l.out, []string{"== " + text})
}

func (l *demoLines) Tell(text string) { write(l.out, wrap(text, "", demoColumns)) }

func (l *demoLines) Code(lines ...string) { write(l.out, indented(lines)) }

func (l *demoLines) Show(p demo.Picture) {
	v := demoView(p)
	l.update(v)
	s, known := sharesOf(v, p)
	switch {
	case !known:
	case s.percent != l.percent:
		l.percent, l.since = s.percent, time.Now()
	case !l.since.IsZero() && time.Since(l.since) > time.Second:
		l.since = time.Time{}
		fmt.Fprintf(l.out, "  answers of the last second: %d, %s of them from %s; errors: %d\n",
			p.Traffic.Recent.Calls, percent(s.answered), s.new, p.Traffic.Recent.Failures)
	}
}

func (l *demoLines) Settle() { l.close() }

func (l *demoLines) Check(held bool, text string) {
	verdict := "  ok: "
	if !held {
		verdict = "  NOT SO: "
	}
	write(l.out, []string{verdict + text})
}

// demoScreen redraws in place.
type demoScreen struct {
	*screen
	size  func() (width, height int)
	begun bool
}

func (d *demoScreen) Title(text string) {
	if d.begun {
		fmt.Fprintln(d.out)
	}
	d.begun = true
	fmt.Fprintln(d.out, d.color("1", text))
}

func (d *demoScreen) Tell(text string) { write(d.out, d.wrap(text, demoIndent)) }

func (d *demoScreen) Code(lines ...string) { write(d.out, indented(indented(lines))) }

func (d *demoScreen) Check(held bool, text string) {
	status := "Succeeded"
	if !held {
		status = "Failed"
	}
	d.marked(status, text)
}

// marked is a text with a mark before it.
func (d *demoScreen) marked(status, text string) {
	// A mark is one column wide, but not one byte; so it takes the place of a
	// blank once the lines are broken.
	all := d.wrap(text, demoIndent+demoIndent)
	fmt.Fprint(d.out, demoIndent+d.mark(status)+" ")
	all[0] = strings.TrimLeft(all[0], " ")
	write(d.out, all)
}

func (d *demoScreen) wrap(text, indent string) []string {
	width, _ := d.size()
	return wrap(text, indent, min(width, demoColumns))
}

// Show draws the deployment and below it the traffic, by its own clock: that is
// the one whose minutes pass.
func (d *demoScreen) Show(p demo.Picture) {
	width, height := d.size()
	width = min(width, demoColumns)
	v := demoView(p)
	traffic := d.traffic(v, p, width)
	if len(v.Targets) == 1 {
		v.Targets[0].Shift = nil // drawn larger
	}
	d.screen.size = func() (int, int) { return width - len(demoIndent), height - len(traffic) - 1 }
	d.screen.now = func() time.Time { return p.Now }
	d.last = v
	d.noteRunning(v)
	d.draw(slices.Concat([]string{""}, indented(d.frame()), traffic))
}

// Settle says how the deployment ended, if it did.
func (d *demoScreen) Settle() {
	if d.last.ended() {
		ended := summary(d.last)
		d.marked(d.last.Status, ended[0])
		for _, line := range ended[1:] {
			write(d.out, d.wrap(line, demoIndent+demoIndent))
		}
		if len(ended) > 1 {
			fmt.Fprintln(d.out)
		}
	}
	d.last, d.drawn, d.seen = view{}, 0, nil
}

// traffic is what the alias or the listener says, what the client got, and how time passes.
func (d *demoScreen) traffic(v view, p demo.Picture, width int) []string {
	rows := []string{""}
	if s, known := sharesOf(v, p); known {
		rows = append(rows,
			d.bar(s.name, s, s.percent, width),
			d.bar("answers", s, s.answered, width))
	}
	recent, total := p.Traffic.Recent, p.Traffic.Total
	errors := fmt.Sprintf("%d in the last second, %d of %d calls in this act", recent.Failures, total.Failures, total.Calls)
	if total.Failures == 0 {
		errors = fmt.Sprintf("none in %d calls", total.Calls)
	}
	errors = cut(errors, width-demoLabel)
	if recent.Failures > 0 {
		errors = d.color("31", errors)
	}
	time := p.Now.Format("15:04:05") + " on the server"
	if p.Speed > 1 {
		time += fmt.Sprintf(", %d times as fast as yours", p.Speed)
	}
	return append(rows, label("errors")+errors, label("clock")+cut(time, width-demoLabel), "")
}

const (
	demoLabel = 14 // columns of the label before a row
	demoBar   = 28
)

func label(text string) string { return fmt.Sprintf("  %-*s", demoLabel-2, cut(text, demoLabel-3)) }

// bar draws the share of the new version from the right.
func (d *demoScreen) bar(name string, s shares, share float64, width int) string {
	room := width - demoLabel - len("version 1 100%  100% version 2")
	if room = min(room, demoBar); room < 4 {
		return label(name) + cut(percent(share)+" on "+s.new, width-demoLabel)
	}
	full := min(max(int(share/100*float64(room)+0.5), 0), room)
	paint := "32"
	if s.back {
		paint = "31"
	}
	return fmt.Sprintf("%s%s %4s %s%s %-4s %s", label(name),
		s.old, whole(100-share), strings.Repeat("░", room-full), d.color(paint, strings.Repeat("█", full)), whole(share), s.new)
}

func whole(percent float64) string { return fmt.Sprintf("%.0f%%", percent) }

func indented(lines []string) []string {
	all := make([]string, 0, len(lines))
	for _, line := range lines {
		all = append(all, demoIndent+line)
	}
	return all
}

// wrap breaks a text into lines of at most width columns, where words allow it.
func wrap(text, indent string, width int) []string {
	var all []string
	line, empty := indent, true
	for word := range strings.FieldsSeq(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			all = append(all, line)
			line, empty = indent, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	return append(all, line)
}
