package codedeploy

import "slices"

// LifecycleEventName names a lifecycle event (deployments.md section 2). The
// type is open, as in the model.
type LifecycleEventName string

// The lifecycle events of all platforms.
const (
	EventApplicationStop  LifecycleEventName = "ApplicationStop"
	EventDownloadBundle   LifecycleEventName = "DownloadBundle"
	EventBeforeInstall    LifecycleEventName = "BeforeInstall"
	EventInstall          LifecycleEventName = "Install"
	EventAfterInstall     LifecycleEventName = "AfterInstall"
	EventApplicationStart LifecycleEventName = "ApplicationStart"
	EventValidateService  LifecycleEventName = "ValidateService"

	EventBeforeBlockTraffic LifecycleEventName = "BeforeBlockTraffic"
	EventBlockTraffic       LifecycleEventName = "BlockTraffic"
	EventAfterBlockTraffic  LifecycleEventName = "AfterBlockTraffic"

	EventAllowTestTraffic      LifecycleEventName = "AllowTestTraffic"
	EventAfterAllowTestTraffic LifecycleEventName = "AfterAllowTestTraffic"

	EventBeforeAllowTraffic LifecycleEventName = "BeforeAllowTraffic"
	EventAllowTraffic       LifecycleEventName = "AllowTraffic"
	EventAfterAllowTraffic  LifecycleEventName = "AfterAllowTraffic"
)

// The runs of events that the lists are made of.
var (
	installEvents = []LifecycleEventName{EventApplicationStop, EventDownloadBundle, EventBeforeInstall,
		EventInstall, EventAfterInstall, EventApplicationStart, EventValidateService}
	blockEvents    = []LifecycleEventName{EventBeforeBlockTraffic, EventBlockTraffic, EventAfterBlockTraffic}
	allowEvents    = []LifecycleEventName{EventBeforeAllowTraffic, EventAllowTraffic, EventAfterAllowTraffic}
	taskSetEvents  = []LifecycleEventName{EventBeforeInstall, EventInstall, EventAfterInstall}
	testEvents     = []LifecycleEventName{EventAllowTestTraffic, EventAfterAllowTestTraffic}
	shutdownEvents = []LifecycleEventName{EventApplicationStop}
)

// LambdaEvents lists the events of a Lambda target, with or without hooks.
func LambdaEvents() []LifecycleEventName { return slices.Clone(allowEvents) }

// ECSEvents lists the events of an ECS target: eight with a test traffic route,
// six without one.
func ECSEvents(testRoute bool) []LifecycleEventName {
	if testRoute {
		return slices.Concat(taskSetEvents, testEvents, allowEvents)
	}
	return slices.Concat(taskSetEvents, allowEvents)
}

// InPlaceEvents lists the events of an instance of an in-place deployment.
func InPlaceEvents(loadBalancer bool) []LifecycleEventName {
	if loadBalancer {
		return slices.Concat(blockEvents, installEvents, allowEvents)
	}
	return slices.Clone(installEvents)
}

// GreenEvents lists the events of a replacement instance of a blue/green
// deployment; a rollback gives it RollbackGreenEvents.
func GreenEvents() []LifecycleEventName { return slices.Concat(installEvents, allowEvents) }

// BlueEvents lists the events of an original instance of a blue/green
// deployment; a rollback gives it RollbackBlueEvents.
func BlueEvents() []LifecycleEventName { return slices.Clone(blockEvents) }

// RollbackGreenEvents lists the events of a replacement instance when a
// blue/green deployment is rolled back.
func RollbackGreenEvents() []LifecycleEventName { return slices.Clone(blockEvents) }

// RollbackBlueEvents lists the events of an original instance when a blue/green
// deployment is rolled back.
func RollbackBlueEvents() []LifecycleEventName { return slices.Clone(allowEvents) }

// LaunchEvents lists the events of an instance that Auto Scaling launched.
func LaunchEvents(loadBalancer bool) []LifecycleEventName {
	if loadBalancer {
		return slices.Concat(installEvents, allowEvents)
	}
	return slices.Clone(installEvents)
}

// TerminationEvents lists the events of an instance that Auto Scaling is about
// to terminate, in a group with terminationHookEnabled.
func TerminationEvents() []LifecycleEventName { return slices.Concat(blockEvents, shutdownEvents) }
