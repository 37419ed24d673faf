package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/term"
)

// progress shows a deployment while it changes. close ends the show of one
// deployment; the next update may be about another one.
type progress interface {
	update(view)
	tick() // time has passed, nothing else
	close()
}

// progress chooses the form: JSON when asked for, redrawn in place on a
// terminal, otherwise one line per change.
func (sh *shell) progress(asJSON bool) progress {
	if asJSON {
		return &documents{json.NewEncoder(sh.out)}
	}
	file, ok := sh.out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" {
		return &lines{out: sh.out}
	}
	return &screen{
		out:   file,
		now:   time.Now,
		paint: os.Getenv("NO_COLOR") == "",
		size: func() (int, int) {
			width, height, err := term.GetSize(int(file.Fd()))
			if err != nil {
				return 80, 24
			}
			return width, height
		},
	}
}

// documents prints one JSON document, on one line, per change.
type documents struct{ out *json.Encoder }

func (d *documents) update(v view) {
	// The view holds nothing that JSON cannot say, and a closed pipe ends the
	// program by itself.
	_ = d.out.Encode(v)
}
func (d *documents) tick()  {}
func (d *documents) close() {}

// summary is what remains to be read at the end, the same in every form.
func summary(v view) []string {
	text := fmt.Sprintf("%s %s", v.DeploymentID, strings.ToLower(v.Status))
	if took := v.took(); took > 0 {
		text += " after " + duration(took)
	}
	all := []string{text}
	if v.ErrorCode != "" {
		all = append(all, "  "+strings.TrimSuffix(v.ErrorCode+": "+v.ErrorMessage, ": "))
	}
	for _, why := range v.Why {
		all = append(all, "  why: "+why)
	}
	switch {
	case v.RollbackDeploymentID != "":
		all = append(all, "  the rollback is "+v.RollbackDeploymentID)
	case v.RollbackMessage != "" && v.RollbackOf == "":
		all = append(all, "  "+v.RollbackMessage)
	}
	return all
}

// title says which deployment this is.
func title(v view) string {
	parts := []string{v.DeploymentID, v.Application + "/" + v.Group, v.Config}
	if v.RollbackOf != "" {
		parts = append(parts, "rolls back "+v.RollbackOf)
	}
	return strings.Join(parts, "  ")
}

// title says which task set this is.
func (s taskSetView) title() string {
	return strings.TrimSpace(s.Label + " " + strings.TrimPrefix(s.ID, "ecs-svc/"))
}

// tasks says how a task set stands: "ACTIVE, 1 of 2 running, 1 pending".
func (s taskSetView) tasks() string {
	text := fmt.Sprintf("%s, %d of %d running", s.Status, s.Running, s.Desired)
	if s.Pending > 0 {
		text += fmt.Sprintf(", %d pending", s.Pending)
	}
	return text
}

// duration has one digit after the point below a minute and none above.
func duration(d time.Duration) string {
	if d < time.Minute {
		return strconv.FormatFloat(max(d, 0).Seconds(), 'f', 1, 64) + "s"
	}
	d = d.Round(time.Second)
	if d%time.Minute == 0 {
		return strings.TrimSuffix(d.String(), "0s")
	}
	return d.String()
}

// percent is without decimals where there are none: 10%, 12.5%.
func percent(p float64) string {
	return strconv.FormatFloat(math.Round(p*10)/10, 'f', -1, 64) + "%"
}

// write prints lines. What a server or a function says in them stays on its line
// and does nothing to the terminal.
func write(out io.Writer, text []string) {
	for i := range text {
		text[i] = printable(text[i])
	}
	fmt.Fprintln(out, strings.Join(text, "\n"))
}

// printable puts a space in place of each control character.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// eventPlace names an event within its deployment, for lists of changes.
func eventPlace(t targetView, e eventView, several bool) string {
	if several {
		return cmp.Or(t.ID, "target") + " " + e.Name
	}
	return e.Name
}
