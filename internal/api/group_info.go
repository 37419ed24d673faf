package api

import (
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// A group's settings: what a new group has by default, how given members
// change them, and how they are shown (api.md 4, 8.2).

// blueGreenStyle is what every Lambda and ECS group has.
var blueGreenStyle = codedeploy.DeploymentStyle{
	DeploymentType:   codedeploy.DeploymentTypeBlueGreen,
	DeploymentOption: codedeploy.DeploymentOptionWithTrafficControl,
}

// newGroupInfo is a group before anything was given. On Lambda and ECS a style
// must be given: no default saves a group without (observed on Lambda, 2026).
func newGroupInfo(platform codedeploy.ComputePlatform) codedeploy.DeploymentGroupInfo {
	info := codedeploy.DeploymentGroupInfo{
		ComputePlatform:           platform,
		DeploymentConfigName:      codedeploy.DefaultConfig(platform),
		OutdatedInstancesStrategy: codedeploy.OutdatedInstancesStrategyUpdate,
		TerminationHookEnabled:    new(false),
	}
	if platform == codedeploy.ComputePlatformServer {
		info.DeploymentStyle = &codedeploy.DeploymentStyle{
			DeploymentType:   codedeploy.DeploymentTypeInPlace,
			DeploymentOption: codedeploy.DeploymentOptionWithoutTrafficControl,
		}
	}
	return info
}

// applySettings changes a group as UpdateDeploymentGroup does: an absent
// member keeps what is there, a given one replaces it as a whole, an empty
// list clears it.
func applySettings(info *codedeploy.DeploymentGroupInfo, in *groupSettings) {
	replaceText(&info.DeploymentConfigName, in.DeploymentConfigName)
	replaceText(&info.ServiceRoleARN, in.ServiceRoleARN)
	replaceText(&info.OutdatedInstancesStrategy, in.OutdatedInstancesStrategy)
	replace(&info.TerminationHookEnabled, in.TerminationHookEnabled)
	replace(&info.DeploymentStyle, in.DeploymentStyle)
	replace(&info.AlarmConfiguration, completeAlarms(in.AlarmConfiguration))
	replace(&info.AutoRollbackConfiguration, completeRollback(in.AutoRollbackConfiguration))
	replace(&info.BlueGreenDeploymentConfiguration, completeBlueGreen(in.BlueGreenDeploymentConfiguration))
	replaceList(&info.TriggerConfigurations, in.TriggerConfigurations)
	replaceList(&info.ECSServices, in.ECSServices)
	replaceList(&info.AutoScalingGroups, autoScalingGroups(in.AutoScalingGroups))
	replace(&info.LoadBalancerInfo, in.LoadBalancerInfo)
	if lb := in.LoadBalancerInfo; lb != nil && lb.ELBInfoList == nil && lb.TargetGroupInfoList == nil && lb.TargetGroupPairInfoList == nil {
		info.LoadBalancerInfo = nil // {} clears
	}
	applyTags(info, in)
}

// applyTags lets one form of tags take the place of the other.
func applyTags(info *codedeploy.DeploymentGroupInfo, in *groupSettings) {
	replaceList(&info.EC2TagFilters, in.EC2TagFilters)
	replace(&info.EC2TagSet, in.EC2TagSet)
	replaceList(&info.OnPremisesInstanceTagFilters, in.OnPremisesInstanceTagFilters)
	replace(&info.OnPremisesTagSet, in.OnPremisesTagSet)
	if len(in.EC2TagFilters) > 0 {
		info.EC2TagSet = nil
	}
	if len(ec2Lists(in.EC2TagSet)) > 0 {
		info.EC2TagFilters = nil
	}
	if len(in.OnPremisesInstanceTagFilters) > 0 {
		info.OnPremisesTagSet = nil
	}
	if len(onPremisesLists(in.OnPremisesTagSet)) > 0 {
		info.OnPremisesInstanceTagFilters = nil
	}
}

func replace[T any](member **T, given *T) {
	if given != nil {
		*member = given
	}
}

func replaceList[T any](member *[]T, given []T) {
	if given != nil {
		*member = given
	}
}

func replaceText[T ~string](member *T, given T) {
	if given != "" {
		*member = given
	}
}

func autoScalingGroups(names []string) []codedeploy.AutoScalingGroup {
	if names == nil {
		return nil
	}
	groups := make([]codedeploy.AutoScalingGroup, len(names))
	for i, name := range names {
		groups[i].Name = name
	}
	return groups
}

// completeBlueGreen gives both waits a number: clients add them up without
// looking whether they are there (api.md 11.2). It copies; nil stays nil.
func completeBlueGreen(config *codedeploy.BlueGreenDeploymentConfiguration) *codedeploy.BlueGreenDeploymentConfiguration {
	if config == nil {
		return nil
	}
	complete := *config
	if ready := config.DeploymentReadyOption; ready != nil {
		complete.DeploymentReadyOption = &codedeploy.DeploymentReadyOption{
			ActionOnTimeout: ready.ActionOnTimeout, WaitTimeInMinutes: orElse(ready.WaitTimeInMinutes, 0),
		}
	}
	if end := config.TerminateBlueInstancesOnDeploymentSuccess; end != nil {
		complete.TerminateBlueInstancesOnDeploymentSuccess = &codedeploy.BlueInstanceTerminationOption{
			Action: end.Action, TerminationWaitTimeInMinutes: orElse(end.TerminationWaitTimeInMinutes, 0),
		}
	}
	return &complete
}

// shown is a stored group as it is answered: what is always there is there,
// and of the two forms of tags only the one in use (api.md 8.2).
func shown(group store.Group) codedeploy.DeploymentGroupInfo {
	info := group.Info
	orEmpty(&info.AutoScalingGroups)
	orEmpty(&info.TriggerConfigurations)
	if info.AutoRollbackConfiguration == nil {
		info.AutoRollbackConfiguration = &codedeploy.AutoRollbackConfiguration{Enabled: new(false)}
	}
	orAbsent(&info.ECSServices) // only ECS groups have one
	showTags(&info)
	return info
}

// showTags shows lists of filters, or both sets where a set is in use; never
// does it leave out a filter that counts.
func showTags(info *codedeploy.DeploymentGroupInfo) {
	if len(ec2Lists(info.EC2TagSet)) == 0 && len(onPremisesLists(info.OnPremisesTagSet)) == 0 {
		info.EC2TagSet, info.OnPremisesTagSet = nil, nil
		orEmpty(&info.EC2TagFilters)
		orEmpty(&info.OnPremisesInstanceTagFilters)
		return
	}
	ec2 := codedeploy.EC2TagSet{EC2TagSetList: ec2Lists(info.EC2TagSet)}
	onPremises := codedeploy.OnPremisesTagSet{OnPremisesTagSetList: onPremisesLists(info.OnPremisesTagSet)}
	orEmpty(&ec2.EC2TagSetList)
	orEmpty(&onPremises.OnPremisesTagSetList)
	info.EC2TagSet, info.OnPremisesTagSet = &ec2, &onPremises
	orAbsent(&info.EC2TagFilters)
	orAbsent(&info.OnPremisesInstanceTagFilters)
}

func orEmpty[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

func orAbsent[T any](list *[]T) {
	if len(*list) == 0 {
		*list = nil
	}
}
