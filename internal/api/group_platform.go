package api

import (
	"strings"

	"greenlight/internal/codedeploy"
)

// What a deployment group may be on its application's platform (api.md 4;
// lambda.md 1; ecs.md 3.2). A group is judged as it would be afterwards, so
// creating and updating obey the same rules. What needs a call to AWS is in
// group_network.go.

// groupCheck judges one side of a whole group.
type groupCheck func(*codedeploy.DeploymentGroupInfo) error

// platformChecks stand in the order of the error chain.
var platformChecks = map[codedeploy.ComputePlatform][]groupCheck{
	codedeploy.ComputePlatformServer: {
		serverStyle, autoScalingFormat, serverBalancers, blueGreenFormat, noECSService, serverPair,
	},
	codedeploy.ComputePlatformLambda: {
		noTagFilters, onlyBlueGreen, noAutoScaling, noBalancer, noBlueGreen, noECSService,
	},
	codedeploy.ComputePlatformECS: {
		noTagFilters, onlyBlueGreen, noAutoScaling, ecsBalancers, ecsBlueGreen, blueGreenFormat, oneECSService, ecsPair,
	},
}

// suitsGroupPlatform judges the group as it would be.
func suitsGroupPlatform(info *codedeploy.DeploymentGroupInfo) error {
	for _, judge := range platformChecks[info.ComputePlatform] {
		if err := judge(info); err != nil {
			return err
		}
	}
	return nil
}

// capitals is how AWS writes a platform in its refusals about deployments; in
// those about groups it writes the platform's own name.
func capitals(platform codedeploy.ComputePlatform) string {
	return strings.ToUpper(string(platform))
}

// notOn is the observed text that refuses a member on a platform.
func notOn(info *codedeploy.DeploymentGroupInfo, m *member) error {
	return m.bad("For %s deployment group, %s can not be specified", info.ComputePlatform, m.called())
}

func noTagFilters(info *codedeploy.DeploymentGroupInfo) error {
	switch {
	case len(info.EC2TagFilters) > 0:
		return notOn(info, ec2Filters)
	case len(ec2Lists(info.EC2TagSet)) > 0:
		return notOn(info, ec2Set)
	case len(info.OnPremisesInstanceTagFilters) > 0:
		return notOn(info, onPremisesFilters)
	case len(onPremisesLists(info.OnPremisesTagSet)) > 0:
		return notOn(info, onPremisesSet)
	}
	return nil
}

// onlyBlueGreen is the style of Lambda and ECS: no other, and none is not it
// either.
func onlyBlueGreen(info *codedeploy.DeploymentGroupInfo) error {
	if info.DeploymentStyle != nil && *info.DeploymentStyle == blueGreenStyle {
		return nil
	}
	return deploymentStyle.bad(
		"For %s deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL.", capitals(info.ComputePlatform))
}

func serverStyle(info *codedeploy.DeploymentGroupInfo) error {
	style := info.DeploymentStyle
	if style.DeploymentType == codedeploy.DeploymentTypeBlueGreen && !controlsTraffic(style) {
		return deploymentStyle.bad(
			"The deployment type BLUE_GREEN goes only with the deployment option WITH_TRAFFIC_CONTROL.")
	}
	return nil
}

func controlsTraffic(style *codedeploy.DeploymentStyle) bool {
	return style.DeploymentOption == codedeploy.DeploymentOptionWithTrafficControl
}

func noAutoScaling(info *codedeploy.DeploymentGroupInfo) error {
	if len(info.AutoScalingGroups) > 0 {
		return notOn(info, autoScalingGroupNames)
	}
	return nil
}

const (
	maxAutoScalingGroups    = 10
	maxAutoScalingGroupName = 255
)

func autoScalingFormat(info *codedeploy.DeploymentGroupInfo) error {
	for _, group := range info.AutoScalingGroups {
		if !isVisible(group.Name) || len(group.Name) > maxAutoScalingGroupName {
			return autoScalingGroupNames.bad("The Auto Scaling group name %q is not valid: it must be 1 to %d characters.", excerpt(group.Name), maxAutoScalingGroupName)
		}
	}
	groups := len(info.AutoScalingGroups)
	if groups > maxAutoScalingGroups {
		return autoScalingGroupNames.bad("%d Auto Scaling groups were given; at most %d are allowed.", groups, maxAutoScalingGroups)
	}
	if copiesAutoScaling(info.BlueGreenDeploymentConfiguration) && groups != 1 {
		return autoScalingGroupNames.bad("The green fleet provisioning option COPY_AUTO_SCALING_GROUP needs exactly one Auto Scaling group; the group has %d.", groups)
	}
	return nil
}

func copiesAutoScaling(config *codedeploy.BlueGreenDeploymentConfiguration) bool {
	return config != nil && config.GreenFleetProvisioningOption != nil &&
		config.GreenFleetProvisioningOption.Action == codedeploy.GreenFleetProvisioningActionCopyAutoScalingGroup
}

func noECSService(info *codedeploy.DeploymentGroupInfo) error {
	if len(info.ECSServices) > 0 {
		return ecsServices.bad(
			"%s Deployment Groups should not define a value for ecsServices, which belongs to the ECS compute platform.", info.ComputePlatform)
	}
	return nil
}

func oneECSService(info *codedeploy.DeploymentGroupInfo) error {
	if len(info.ECSServices) != 1 {
		return ecsServices.bad("For ECS deployment group, exactly one ECS service must be specified")
	}
	return ecsServices.settle(info.ECSServices)
}
