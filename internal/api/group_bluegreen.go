package api

import (
	"greenlight/internal/codedeploy"
)

// The blue/green settings of a group, by platform (api.md 4, ecs.md 3.2).

// Bounds of the waits, in minutes (api.md 2).
const (
	maxReadyWait       = 2880
	maxECSReadyWait    = 7200 // 120 hours
	maxTerminationWait = 2880
)

// noBlueGreen refuses the settings on Lambda, where every deployment is
// blue/green and none waits.
func noBlueGreen(info *codedeploy.DeploymentGroupInfo) error {
	if info.BlueGreenDeploymentConfiguration != nil {
		return blueGreen.bad("For %s deployment group, blueGreenDeploymentConfiguration can not be specified", info.ComputePlatform)
	}
	return nil
}

// ecsBlueGreen judges what only ECS demands.
func ecsBlueGreen(info *codedeploy.DeploymentGroupInfo) error {
	config := info.BlueGreenDeploymentConfiguration
	if config == nil {
		return blueGreen.bad("For ECS deployment group, blueGreenDeploymentConfiguration must be specified")
	}
	if config.GreenFleetProvisioningOption != nil {
		return blueGreen.bad("For ECS deployment group, greenFleetProvisioningOption can not be specified")
	}
	if end := config.TerminateBlueInstancesOnDeploymentSuccess; end != nil && end.Action == codedeploy.InstanceActionKeepAlive {
		return blueGreen.bad("For ECS deployment group, the action on blue instances must be TERMINATE; KEEP_ALIVE is not supported")
	}
	return nil
}

// blueGreenFormat judges settings that are given: both options must be there,
// whatever the style is (observed).
func blueGreenFormat(info *codedeploy.DeploymentGroupInfo) error {
	config := info.BlueGreenDeploymentConfiguration
	switch {
	case config == nil:
		return nil
	case config.DeploymentReadyOption == nil:
		return blueGreen.bad("Deployment ready option cannot be null for blue green deployment: deploymentReadyOption must be specified")
	case config.TerminateBlueInstancesOnDeploymentSuccess == nil:
		return blueGreen.bad("Terminate blue instances on deployment success behaviour cannot be set to null for Blue Green deployments: terminateBlueInstancesOnDeploymentSuccess must be specified")
	}
	if err := blueGreen.settle(config); err != nil {
		return err
	}
	longest := int64(maxReadyWait)
	if info.ComputePlatform == codedeploy.ComputePlatformECS {
		longest = maxECSReadyWait
	}
	if err := readyOption(config.DeploymentReadyOption, longest); err != nil {
		return err
	}
	return terminationOption(config.TerminateBlueInstancesOnDeploymentSuccess)
}

// readyOption takes an absent action for CONTINUE_DEPLOYMENT and an absent
// wait for none.
func readyOption(option *codedeploy.DeploymentReadyOption, longest int64) error {
	stops, wait := option.ActionOnTimeout == codedeploy.DeploymentReadyActionStopDeployment, *orElse(option.WaitTimeInMinutes, 0)
	switch {
	case wait < 0 || wait > longest:
		return blueGreen.bad("The waitTimeInMinutes %d is not from 0 to %d.", wait, longest)
	case stops && wait == 0:
		return blueGreen.bad("Deployment ready action cannot be set to 'STOP_DEPLOYMENT' when no timeout is specified: waitTimeInMinutes must be above 0")
	case !stops && wait > 0:
		return blueGreen.bad("Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified: actionOnTimeout and waitTimeInMinutes do not go together")
	}
	return nil
}

func terminationOption(option *codedeploy.BlueInstanceTerminationOption) error {
	if wait := *orElse(option.TerminationWaitTimeInMinutes, 0); wait < 0 || wait > maxTerminationWait {
		return blueGreen.bad("The terminationWaitTimeInMinutes %d is not from 0 to %d.", wait, maxTerminationWait)
	}
	return nil
}
