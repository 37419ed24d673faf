package api_test

import (
	"regexp"

	"greenlight/internal/codedeploy"
)

// special is an answer that the table of members leaves to a judgement: about a
// member beside others, or on a platform.
type special struct {
	about  string // a pattern of "operation path kind"; a revision in a list is written as one alone
	expect codedeploy.ExceptionCode
	says   string // in the message; by default the member's name
}

// malformed stands for the exception of the member's row.
const malformed codedeploy.ExceptionCode = "the exception of the row"

// What several specials are about.
const (
	anyGone  = ` (null|missing|empty)`
	nothing  = ` (null|empty)`
	anyGroup = `(Create|Update)DeploymentGroup `
	odd      = ` (too long|out of pattern)`
)

// specials are tried in their order.
var specials = []special{
	// A token that is not there is the first page; of ListTagsForResource, the only one.
	{`.* (nextToken|NextToken)` + anyGone, ok200, ""},
	{`ListTagsForResource ResourceArn out of pattern`, codedeploy.InvalidArnException, "ARN"},
	{`(Tag|Untag)Resource ResourceArn out of pattern`, codedeploy.InvalidArnException, "ARN"},

	// Alarms and rollback are enabled by the baseline, so they must name something.
	{`.* (alarmConfiguration|overrideAlarmConfiguration)\.alarms` + anyGone, malformed, ""},
	{`.* autoRollbackConfiguration\.events` + anyGone, malformed, ""},

	// A filter compares something, and what its type says.
	{`.* (ec2TagSet\.ec2TagSetList|onPremisesTagSet\.onPremisesTagSetList|targetInstances\.ec2TagSet\.ec2TagSetList)\[\]` + nothing, malformed, ""},
	{`.* \S*(agFilters|agSetList\[\])\[\]` + nothing, malformed, ""},
	{`.* \S*(agFilters|agSetList\[\])\[\]\.(Key|Value)` + anyGone, malformed, ""},
	{`ListDeploymentTargets targetFilters\.ServerInstanceLabel\[\] .*`, codedeploy.InvalidInstanceTypeException, "ServerInstanceLabel"},
	{`ListDeploymentTargets targetFilters\.TargetStatus\[\] .*`, codedeploy.InvalidInstanceStatusException, "TargetStatus"},
	{`ListApplicationRevisions s3Bucket` + anyGone, codedeploy.BucketNameFilterRequiredException, "s3Bucket"},
	{`ListApplicationRevisions s3KeyPrefix too long`, malformed, ""},
	{`ListDeployments applicationName` + anyGone, codedeploy.ApplicationNameRequiredException, ""},
	{`ListDeployments deploymentGroupName` + anyGone, codedeploy.DeploymentGroupNameRequiredException, ""},

	// A revision has the location of its type and no other, and its content the given hash. A hash alone is that of a registered one.
	{`.* revision (null|missing)`, codedeploy.RevisionRequiredException, "RevisionLocation must be specified"},
	{`.* revision\.(s3Location|gitHubLocation|appSpecContent|string) (null|missing)`, malformed, "location"},
	{`.* revision\.(appSpecContent|string) empty`, malformed, "content"},
	{`.* revision\.(appSpecContent|string)\.(content|sha256)` + odd, malformed, ""},
	{`CreateDeployment revision\.(appSpecContent|string)\.content` + anyGone, codedeploy.RevisionDoesNotExistException, "revision"},

	// What a configuration needs on its platform.
	{`CreateDeploymentConfig (minimumHealthyHosts|trafficRoutingConfig|trafficRoutingConfig\.timeBasedCanary|trafficRoutingConfig\.timeBasedLinear) (null|missing)`, malformed, ""},

	// What a group needs on its platform. An update keeps what is absent.
	{`UpdateDeploymentGroup newDeploymentGroupName` + anyGone, ok200, ""},
	{`UpdateDeploymentGroup (autoScalingGroups|blueGreenDeploymentConfiguration|ecsServices|loadBalancerInfo|deploymentStyle) (null|missing)`, unchanged, ""},
	{anyGroup + `(autoScalingGroups|ecsServices)` + anyGone, malformed, "exactly one"},
	{anyGroup + `autoScalingGroups\[\] .*(null|empty|too long|pattern)`, malformed, "Auto Scaling group"},
	{anyGroup + `blueGreenDeploymentConfiguration empty`, malformed, "deploymentReadyOption"},
	{anyGroup + `blueGreenDeploymentConfiguration\.(deploymentReadyOption|terminateBlueInstancesOnDeploymentSuccess) (null|missing)`, malformed, ""},
	{anyGroup + `blueGreenDeploymentConfiguration\.deploymentReadyOption\.actionOnTimeout` + anyGone, malformed, ""},
	{anyGroup + `blueGreenDeploymentConfiguration\.deploymentReadyOption\.waitTimeInMinutes (null|missing)`, malformed, ""},
	{anyGroup + `blueGreenDeploymentConfiguration\.deploymentReadyOption empty`, unchanged, ""},
	{anyGroup + `loadBalancerInfo` + anyGone, malformed, "elbInfoList"},
	{anyGroup + `loadBalancerInfo\.targetGroupPairInfoList (null|missing)`, codedeploy.InvalidLoadBalancerInfoException, "loadBalancerInfo"},
	{anyGroup + `loadBalancerInfo\.targetGroupPairInfoList empty`, codedeploy.InvalidTargetGroupPairException, "target group pair"},
	{anyGroup + `loadBalancerInfo\.targetGroupPairInfoList\[\]` + nothing, codedeploy.InvalidTargetGroupPairException, "target group pair"},
	{anyGroup + `loadBalancerInfo\.targetGroupPairInfoList\[\]\.targetGroups` + anyGone, codedeploy.InvalidTargetGroupPairException, "target groups"},
	{anyGroup + `loadBalancerInfo\.targetGroupPairInfoList\[\]\.targetGroups\[\]` + nothing, codedeploy.InvalidTargetGroupPairException, "targetGroups"},
	{anyGroup + `loadBalancerInfo\.targetGroupPairInfoList\[\]\.testTrafficRoute (null|missing)`, unchanged, ""},
	{anyGroup + `loadBalancerInfo\.targetGroupPairInfoList\[\]\.(prod|test)TrafficRoute` + anyGone, codedeploy.InvalidTargetGroupPairException, "TrafficRoute"},
	{anyGroup + `loadBalancerInfo\.targetGroupPairInfoList\[\]\.(prod|test)TrafficRoute\.listenerArns(\[\])?` + anyGone, codedeploy.InvalidTargetGroupPairException, "listener"},
	{anyGroup + `triggerConfigurations\[\]\.triggerTargetArn` + odd, malformed, ""},

	// The platform of the deployment decides about the form of a target's id.
	{`GetDeploymentTarget targetId` + odd, malformed, ""},
	{`BatchGetDeploymentTargets targetIds\[\]` + odd, malformed, "target ID"},

	{`PutLifecycleEventHookExecutionStatus status` + anyGone, malformed, ""},
	{`RegisterOnPremisesInstance iamUserArn` + anyGone, codedeploy.IamArnRequiredException, "iamUserArn"},
	{`RegisterOnPremisesInstance iamSessionArn` + anyGone, codedeploy.IamArnRequiredException, "iamSessionArn"},
}

// ok200 stands for a good answer where the baseline has none.
const ok200 codedeploy.ExceptionCode = "200"

// specialOf finds the special about a change.
func specialOf(about string) (special, bool) {
	for i, pattern := range specialPatterns {
		if pattern.MatchString(about) {
			return specials[i], true
		}
	}
	return special{}, false
}

var specialPatterns = func() (patterns []*regexp.Regexp) {
	for _, s := range specials {
		patterns = append(patterns, regexp.MustCompile(`^(?:`+s.about+`)$`))
	}
	return patterns
}()
