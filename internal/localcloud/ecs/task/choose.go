package task

import (
	"context"
	"fmt"
)

// The modes of Choose.
const (
	ModeAuto       = "auto"       // containers where an engine answers, else processes
	ModeContainers = "containers" // an engine, or an error
	ModeProcesses  = "processes"
)

// Choose opens the launcher that mode asks for. What was chosen is in its Name.
func Choose(ctx context.Context, mode string, o Options) (Launcher, error) {
	switch mode {
	case ModeProcesses:
		return Processes(o)
	case ModeContainers:
		return Containers(ctx, o)
	case ModeAuto, "":
		if l, err := Containers(ctx, o); err == nil {
			return l, nil
		}
		return Processes(o)
	}
	return nil, fmt.Errorf("tasks cannot run as %q: must be %s, %s or %s", mode, ModeAuto, ModeContainers, ModeProcesses)
}
