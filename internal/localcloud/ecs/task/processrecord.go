package task

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// written is the file record.json of a task. Outcome.States is empty until all containers were started. It holds the
// environment of the containers, which health checks need after a restart, so nobody else may read it.
type written struct {
	Record  *record
	Outcome outcome
}

func (p *processes) save(r *record, o outcome) error {
	text, err := json.Marshal(written{Record: r, Outcome: o})
	if err != nil {
		return err
	}
	path := filepath.Join(p.folder(r.ID), "record.json")
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func (p *processes) read(id string) (*record, outcome, error) {
	text, err := os.ReadFile(filepath.Join(p.folder(id), "record.json"))
	if err != nil {
		return nil, outcome{}, err
	}
	w := written{}
	if err := json.Unmarshal(text, &w); err != nil {
		return nil, outcome{}, fmt.Errorf("the record of task %s: %w", id, err)
	}
	states := len(w.Outcome.States)
	if w.Record == nil || w.Record.ID != id ||
		states > 0 && (states != len(w.Record.Units) || states != len(w.Record.Spec.Containers)) {
		return nil, outcome{}, fmt.Errorf("the record of task %s does not fit together", id)
	}
	return w.Record, w.Outcome, nil
}

func identityOf(u unit) identity {
	pid, err := strconv.Atoi(u.RuntimeID)
	if err != nil || pid < 2 {
		return identity{} // never alive, never signalled: a signal to group 0 or 1 would hit others
	}
	return identity{pid: pid, birth: u.Birth}
}
