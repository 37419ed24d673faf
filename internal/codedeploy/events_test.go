package codedeploy

import (
	"slices"
	"strings"
	"testing"
)

// TestLifecycleEventOrder holds the table of deployments.md section 2.
func TestLifecycleEventOrder(t *testing.T) {
	const (
		seven = "ApplicationStop DownloadBundle BeforeInstall Install AfterInstall ApplicationStart ValidateService"
		block = "BeforeBlockTraffic BlockTraffic AfterBlockTraffic"
		allow = "BeforeAllowTraffic AllowTraffic AfterAllowTraffic"
	)
	for _, test := range []struct {
		name string
		got  []LifecycleEventName
		want string
	}{
		{"Server in-place, no load balancer", InPlaceEvents(false), seven},
		{"Server in-place, with load balancer", InPlaceEvents(true), block + " " + seven + " " + allow},
		{"Server blue/green, Green", GreenEvents(), seven + " " + allow},
		{"Server blue/green, Blue", BlueEvents(), block},
		{"Server blue/green rollback, Blue", RollbackBlueEvents(), allow},
		{"Server blue/green rollback, Green", RollbackGreenEvents(), block},
		{"Auto Scaling launch", LaunchEvents(false), seven},
		{"Auto Scaling launch, with load balancer", LaunchEvents(true), seven + " " + allow},
		{"Auto Scaling termination", TerminationEvents(), block + " ApplicationStop"},
		{"ECS with a test listener", ECSEvents(true), "BeforeInstall Install AfterInstall AllowTestTraffic AfterAllowTestTraffic " + allow},
		{"ECS without a test listener", ECSEvents(false), "BeforeInstall Install AfterInstall " + allow},
		{"Lambda", LambdaEvents(), allow},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(texts(test.got), " "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestEventListsAreTheCallersOwn(t *testing.T) {
	for _, list := range []func() []LifecycleEventName{LambdaEvents, BlueEvents, RollbackBlueEvents, RollbackGreenEvents,
		func() []LifecycleEventName { return InPlaceEvents(false) }, func() []LifecycleEventName { return LaunchEvents(false) }} {
		before := list()
		changed := list()
		changed[0] = "changed"
		if !slices.Equal(list(), before) {
			t.Errorf("a caller changed the list to %v", list())
		}
	}
}
