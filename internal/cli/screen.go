package cli

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// screen redraws a deployment in place on a terminal.
type screen struct {
	out   io.Writer
	now   func() time.Time
	size  func() (width, height int)
	paint bool // colors

	last  view
	drawn int                  // lines that stand on the terminal and will be replaced
	seen  map[string]time.Time // when an event was first seen running, by our own clock
}

func (s *screen) update(v view) {
	s.last = v
	s.noteRunning(v)
	s.draw(s.frame())
}

func (s *screen) tick() { s.draw(s.frame()) }

// close leaves the last frame standing, followed by the summary in full: it may
// wrap, since nothing is redrawn over it.
func (s *screen) close() {
	if s.last.ended() {
		fmt.Fprint(s.out, s.mark(s.last.Status)+" ")
		write(s.out, summary(s.last))
	}
	s.last, s.drawn, s.seen = view{}, 0, nil
}

// noteRunning remembers when a running event was first seen. The server's clock
// may run ahead or jump, so it says nothing about how long a person has waited.
func (s *screen) noteRunning(v view) {
	if s.seen == nil {
		s.seen = map[string]time.Time{}
	}
	for _, target := range v.Targets {
		for _, event := range target.Events {
			key := target.ID + " " + event.Name
			if _, known := s.seen[key]; !known && running(event.Status) {
				s.seen[key] = s.now()
			}
		}
	}
}

// draw replaces the last frame in one write, so that it does not flicker.
func (s *screen) draw(frame []string) {
	if len(frame) == 0 {
		return
	}
	var b strings.Builder
	if s.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", s.drawn)
	}
	for _, line := range frame {
		b.WriteString("\r\x1b[K" + line + "\n")
	}
	b.WriteString("\x1b[J")
	s.drawn = len(frame)
	io.WriteString(s.out, b.String())
}

// frame is the picture of the deployment, cut to the terminal: a line that
// wrapped would break the redrawing.
func (s *screen) frame() []string {
	if s.last.DeploymentID == "" {
		return nil
	}
	width, height := s.size()
	all := []string{cut(title(s.last), width)}
	detailed := len(s.last.Targets) <= detailedTargets
	for _, target := range s.last.Targets {
		if detailed {
			all = append(all, s.detail(target, width)...)
		} else {
			all = append(all, s.brief(target, width))
		}
	}
	if len(s.last.Targets) == 0 {
		all = append(all, cut("  "+s.last.Status, width))
	}
	if wait := s.last.waiting(); wait != "" {
		all = append(all, cut("  "+wait, width))
	}
	if most := max(height-1, 2); len(all) > most {
		hidden := len(all) - most + 1
		all = append(all[:most-1], fmt.Sprintf("  and %d lines more", hidden))
	}
	return all
}

// detailedTargets is up to how many targets are shown event by event.
const detailedTargets = 3

func (s *screen) detail(t targetView, width int) []string {
	var all []string
	if len(s.last.Targets) > 1 {
		all = append(all, cut("  "+t.ID, width))
	}
	for _, event := range t.Events {
		text := fmt.Sprintf("%-22s %7s", event.Name, s.elapsed(t, event))
		if event.Message != "" {
			text += "  " + event.Message
		}
		all = append(all, "  "+s.mark(event.Status)+" "+strings.TrimRight(cut(text, width-4), " "))
	}
	if t.Shift != nil {
		all = append(all, s.shift(*t.Shift, width))
	}
	for _, set := range t.TaskSets {
		all = append(all, cut(fmt.Sprintf("  %s  %s  %s  %s", set.title(), set.tasks(), percent(set.Weight), set.TargetGroup), width))
	}
	return all
}

// brief is one line for one of many targets: where it stands.
func (s *screen) brief(t targetView, width int) string {
	text := t.ID
	for _, event := range t.Events {
		if running(event.Status) || event.Status == string(types.LifecycleEventStatusFailed) {
			text += "  " + event.Name + " " + s.elapsed(t, event)
			break
		}
	}
	return "  " + s.mark(t.Status) + " " + cut(text, width-4)
}

func (s *screen) elapsed(t targetView, e eventView) string {
	switch {
	case running(e.Status):
		return duration(s.now().Sub(s.seen[t.ID+" "+e.Name]))
	case e.StartTime != nil && e.EndTime != nil:
		return duration(e.took())
	}
	return ""
}

const barWidth = 20

// shift draws the traffic: the new side grows from the left.
func (s *screen) shift(t shiftView, width int) string {
	full := min(max(int(t.Percent/100*barWidth+0.5), 0), barWidth)
	bar := strings.Repeat("█", full) + strings.Repeat("░", barWidth-full)
	text := fmt.Sprintf("  %s  %s %s %s %s", t.Name, t.Old, bar, t.New, percent(t.Percent))
	return cut(text, width)
}

func running(status string) bool { return status == string(types.LifecycleEventStatusInProgress) }

// mark is the sign of a status, of an event as of a deployment.
func (s *screen) mark(status string) string {
	switch status {
	case "Succeeded":
		return s.color("32", "✓")
	case "Failed", "Stopped":
		return s.color("31", "✗")
	case "InProgress":
		return s.color("33", "●")
	case "Skipped":
		return "-"
	}
	return "·"
}

func (s *screen) color(code, text string) string {
	if !s.paint {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// cut keeps a text within a number of columns and shows that something is
// missing. A control character would break the frame.
func cut(text string, width int) string {
	text = printable(text)
	if width < 1 || utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:width-1]) + "…"
}
