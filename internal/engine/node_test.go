package engine

import (
	"testing"
	"time"
)

// A node that is late to renew its lease holds its acts back: that is no failed
// attempt of theirs, nor a failed poll of alarms, and no call is made meanwhile.
func TestActsWaitForTheLease(t *testing.T) {
	b := newBench(t)
	close(b.driver.first)
	late := time.Now()
	b.node.set(b.node.name(), late)
	id := b.deploy()
	<-b.driver.called
	if b.node.mu.Lock(); !b.node.until.After(late.Add(leaseMargin)) {
		t.Error("the alias was set without a lease")
	}
	b.node.mu.Unlock()
	if act := b.read(id).Progress.Act; act != nil && act.Tries > 0 {
		t.Errorf("%d attempts have failed", act.Tries)
	}
}

// What a node held back when it lost its name is not its to do any more.
func TestActsOfALostLeaseAreLeft(t *testing.T) {
	n := &node{renewed: make(chan struct{})}
	n.set("old", time.Now())
	ours := make(chan bool)
	go func() { ours <- n.awaitLease(t.Context(), "old") }()
	n.set("new", time.Now().Add(time.Hour))
	if <-ours {
		t.Error("acts under the name that it had")
	}
	if !n.awaitLease(t.Context(), "new") {
		t.Error("does not act under its new name")
	}
}
