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

func badBlueGreen(format string, args ...any) error {
	return codedeploy.InvalidBlueGreenDeploymentConfigurationException.Errorf(format, args...)
}

// noBlueGreen refuses the settings on Lambda, where every deployment is
// blue/green and none waits.
func noBlueGreen(info *codedeploy.DeploymentGroupInfo) error {
	if info.BlueGreenDeploymentConfiguration != nil {
		return badBlueGreen("For %s deployment group, blueGreenDeploymentConfiguration can not be specified", info.ComputePlatform)
	}
	return nil
}

// ecsBlueGreen judges what only ECS demands.
func ecsBlueGreen(info *codedeploy.DeploymentGroupInfo) error {
	config := info.BlueGreenDeploymentConfiguration
	if config == nil {
		return badBlueGreen("For ECS deployment group, blueGreenDeploymentConfiguration must be specified")
	}
	if config.GreenFleetProvisioningOption != nil {
		return badBlueGreen("For ECS deployment group, greenFleetProvisioningOption can not be specified")
	}
	if end := config.TerminateBlueInstancesOnDeploymentSuccess; end != nil && end.Action == codedeploy.InstanceActionKeepAlive {
		return badBlueGreen("For ECS deployment group, the action on blue instances must be TERMINATE; KEEP_ALIVE is not supported")
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
		return badBlueGreen("Deployment ready option cannot be null for blue green deployment")
	case config.TerminateBlueInstancesOnDeploymentSuccess == nil:
		return badBlueGreen("Terminate blue instances on deployment success behaviour cannot be set to null for Blue Green deployments")
	}
	longest := int64(maxReadyWait)
	if info.ComputePlatform == codedeploy.ComputePlatformECS {
		longest = maxECSReadyWait
	}
	if err := readyOption(config.DeploymentReadyOption, longest); err != nil {
		return err
	}
	if err := terminationOption(config.TerminateBlueInstancesOnDeploymentSuccess); err != nil {
		return err
	}
	return provisioningOption(config.GreenFleetProvisioningOption)
}

// readyOption takes an absent action for CONTINUE_DEPLOYMENT and an absent
// wait for none.
func readyOption(option *codedeploy.DeploymentReadyOption, longest int64) error {
	action, wait := option.ActionOnTimeout, *orElse(option.WaitTimeInMinutes, 0)
	switch {
	case action != "" && !codedeploy.IsKnown(action):
		return badBlueGreen("The actionOnTimeout %q is not one of %v.", excerpt(string(action)), action.Values())
	case wait < 0 || wait > longest:
		return badBlueGreen("The waitTimeInMinutes %d is not from 0 to %d.", wait, longest)
	case action == codedeploy.DeploymentReadyActionStopDeployment && wait == 0:
		return badBlueGreen("Deployment ready action cannot be set to 'STOP_DEPLOYMENT' when no timeout is specified")
	case action != codedeploy.DeploymentReadyActionStopDeployment && wait > 0:
		return badBlueGreen("Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified")
	}
	return nil
}

func terminationOption(option *codedeploy.BlueInstanceTerminationOption) error {
	action, wait := option.Action, *orElse(option.TerminationWaitTimeInMinutes, 0)
	switch {
	case action != "" && !codedeploy.IsKnown(action):
		return badBlueGreen("The action %q on blue instances is not one of %v.", excerpt(string(action)), action.Values())
	case wait < 0 || wait > maxTerminationWait:
		return badBlueGreen("The terminationWaitTimeInMinutes %d is not from 0 to %d.", wait, maxTerminationWait)
	}
	return nil
}

func provisioningOption(option *codedeploy.GreenFleetProvisioningOption) error {
	if option != nil && option.Action != "" && !codedeploy.IsKnown(option.Action) {
		return badBlueGreen("The green fleet provisioning action %q is not one of %v.", excerpt(string(option.Action)), option.Action.Values())
	}
	return nil
}
