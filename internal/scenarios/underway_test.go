package scenarios

import (
	"database/sql"
	"testing"
	"time"

	"greenlight/internal/lambdadriver/lambdatest"
)

// shiftUnderWay creates an all-at-once deployment and returns when its UpdateAlias
// is under way; release lets that meet failure.
func (w *world) shiftUnderWay(failure lambdatest.Failure) (id string, release func()) {
	w.Helper()
	held := make(chan struct{})
	failure.Stall = held
	w.far.Fail(lambdatest.UpdateAlias, 1, failure)
	called := w.watchCalls(methodOf[lambdatest.UpdateAlias])
	id, err := w.create(allAtOnce, appSpec("1", "2"))
	w.must(err)
	<-called
	return id, func() { close(held) }
}

// A node that comes back under another name takes its own deployments over, and
// the answer to a call that it made under the old name still counts.
func TestLeaseLapsesDuringAShift(t *testing.T) {
	w := newWorld(t)
	id, release := w.shiftUnderWay(lambdatest.Failure{})
	old := w.owner(id)
	w.query(`UPDATE nodes SET lease_until = 0 RETURNING id`)
	w.eventually("the deployment is taken over", func() bool { return w.owner(id) != old })
	release()
	w.settle()
	w.want(id).status("Succeeded").events("S/S/S").on("Succeeded", 1).noRollback()
	w.wantUpdates("2 {}")
}

// The same when the answer comes after the lapse and before the node has noticed.
func TestLeaseLapsesBeforeTheAnswer(t *testing.T) {
	w := newWorld(t)
	id, release := w.shiftUnderWay(lambdatest.Failure{})
	w.query(`UPDATE nodes SET lease_until = 0 RETURNING id`)
	release()
	w.eventually("the deployment ends", func() bool { return w.status(id) == "Succeeded" })
	w.want(id).events("S/S/S").on("Succeeded", 1).noRollback()
	w.wantGranted("2 {}")
}

func (w *world) owner(id string) string {
	w.Helper()
	return w.query(`SELECT owner FROM deployments WHERE id = $1`, id)
}

// query looks into the controller's database, or changes it behind its back, and
// returns one value.
func (w *world) query(text string, args ...any) (value string) {
	w.Helper()
	db, err := sql.Open("sqlite", w.path+"?_pragma=busy_timeout(5000)")
	w.must(err)
	defer db.Close()
	w.must(db.QueryRow(text, args...).Scan(&value))
	return value
}

// deployments.md 14: a running deployment is finished, and can be read by its id,
// when its application is gone. So does its rollback, though it begins after.
func TestApplicationDeletedDuringAShift(t *testing.T) {
	deletion := func(t *testing.T, failure lambdatest.Failure) (*world, string) {
		w := newWorld(t)
		id, release := w.shiftUnderWay(failure)
		w.deleteApplication()
		release()
		w.settle()
		return w, id
	}
	t.Run("granted", func(t *testing.T) {
		w, id := deletion(t, lambdatest.Failure{})
		w.want(id).status("Succeeded").events("S/S/S").on("Succeeded", 1)
		w.wantUpdates("2 {}")
	})
	t.Run("denied", func(t *testing.T) {
		w, id := deletion(t, lambdatest.AccessDenied)
		s := w.want(id).status("Failed").failure("IAM_ROLE_PERMISSIONS", lambdaDenied).events("S/F/K").on("Failed", 0)
		r := s.info.RollbackInfo
		if r == nil || r.RollbackDeploymentId == nil {
			t.Fatalf("rollbackInfo is %+v", r)
		}
		w.want(*r.RollbackDeploymentId).undone()
		w.advance(time.Hour)
		w.wantUpdates("1 {}")
		w.wantAlias("1")
		w.application(app, "Lambda") // and its name is free
	})
}
