package api

import "greenlight/internal/codedeploy"

// The table of members: which exception tells that a member is missing, too
// long a batch, or malformed, and what it must be. operations.go says which
// operation has which of them, in the order of its error chain. Limits that the
// model has are taken from it by the name of their shape; a limit in numbers or
// as a form is one that api.md has beyond the model. What neither can say, judge
// says. An unknown value of an enumeration is malformed at any depth; a wrong
// JSON type is a SerializationException before anything is judged.

// The forms of api.md 2.
var (
	name             = form{codedeploy.IsName, "1 to 100 characters out of A-Z a-z 0-9 + = , . @ _ -"}
	customName       = form{isCustomName, "without the prefix " + codedeploy.PredefinedPrefix + ", which is reserved"}
	onPremisesName   = form{codedeploy.IsOnPremisesName, "1 to 100 characters out of A-Z a-z 0-9 + = , . @ _ -, and not begin with i-"}
	deploymentIDForm = form{codedeploy.IsDeploymentID, "d- followed by nine characters out of A-Z 0-9"}
	instanceIDForm   = form{isInstanceID, "the name, ID or ARN of an instance or of a function"}
	roleARN          = form{codedeploy.IsServiceRoleARN, "the ARN of an IAM role"}
	userARN          = form{codedeploy.IsIAMUserARN, "of the form arn:aws:iam::123456789012:user/name"}
	sessionARN       = form{codedeploy.IsIAMSessionARN, "of the form arn:aws:sts::123456789012:assumed-role/role/session"}
	printable        = form{isPrintable, "printable characters"}
	bucket           = form{isBucketName, "the name of a bucket: 3 to 63 characters out of a-z 0-9 . -, beginning and ending with a letter or digit"}
	balancerName     = form{isVisible, "printable and more than spaces"}
	targetGroupName  = form{isTargetGroupName, "a name of 1 to 32 characters, not an ARN"}
)

// Applications and what is named after them.
var (
	applicationName = &member{name: "applicationName", noun: "application name",
		missing: codedeploy.ApplicationNameRequiredException, malformed: codedeploy.InvalidApplicationNameException,
		limits: limits{"": {shape: "ApplicationName", like: name}}}
	newApplicationName = &member{name: "newApplicationName", noun: "new application name",
		missing: codedeploy.ApplicationNameRequiredException, malformed: codedeploy.InvalidApplicationNameException,
		limits: limits{"": {shape: "ApplicationName", like: name}}}
	applicationNames = &member{name: "applicationNames", noun: "application names",
		missing: codedeploy.ApplicationNameRequiredException, malformed: codedeploy.InvalidApplicationNameException,
		tooMany: codedeploy.BatchLimitExceededException, most: func(q Quotas) int { return q.BatchApplications },
		limits: limits{"[]": {shape: "ApplicationName", like: name}}}
	computePlatform = &member{name: "computePlatform", malformed: codedeploy.InvalidComputePlatformException}
)

// Deployment groups by name.
var (
	groupName = &member{name: "deploymentGroupName", noun: "deployment group name",
		missing: codedeploy.DeploymentGroupNameRequiredException, malformed: codedeploy.InvalidDeploymentGroupNameException,
		limits: limits{"": {shape: "DeploymentGroupName", like: name}}}
	currentGroupName = &member{name: "currentDeploymentGroupName", noun: "current deployment group name",
		missing: codedeploy.DeploymentGroupNameRequiredException, malformed: codedeploy.InvalidDeploymentGroupNameException,
		limits: limits{"": {shape: "DeploymentGroupName", like: name}}}
	newGroupName = &member{name: "newDeploymentGroupName", noun: "new deployment group name",
		malformed: codedeploy.InvalidDeploymentGroupNameException,
		limits:    limits{"": {shape: "DeploymentGroupName", like: name}}}
	groupNames = &member{name: "deploymentGroupNames", noun: "deployment group names",
		missing: codedeploy.DeploymentGroupNameRequiredException, malformed: codedeploy.InvalidDeploymentGroupNameException,
		tooMany: codedeploy.BatchLimitExceededException, most: func(q Quotas) int { return q.BatchGroups },
		limits: limits{"[]": {shape: "DeploymentGroupName", like: name}}}
)

// Deployment configurations.
var (
	configName = &member{name: "deploymentConfigName", noun: "deployment configuration name",
		missing: codedeploy.DeploymentConfigNameRequiredException, malformed: codedeploy.InvalidDeploymentConfigNameException,
		limits: limits{"": {shape: "DeploymentConfigName", like: name}}}
	customConfigName = &member{name: "deploymentConfigName", noun: "deployment configuration name",
		malformed: codedeploy.InvalidDeploymentConfigNameException,
		limits:    limits{"": {like: customName}}}
	usedConfigName = &member{name: "deploymentConfigName", noun: "deployment configuration name",
		malformed: codedeploy.InvalidDeploymentConfigNameException,
		limits:    limits{"": {shape: "DeploymentConfigName", like: name}}}
	minimumHealthyHosts = &member{name: "minimumHealthyHosts",
		malformed: codedeploy.InvalidMinimumHealthyHostValueException, judge: judging(healthyHosts),
		limits: limits{"type": {needed: true}, "value": {needed: true}}}
	trafficRouting = &member{name: "trafficRoutingConfig",
		malformed: codedeploy.InvalidTrafficRoutingConfigurationException, judge: judging(routing),
		limits: limits{"type": {needed: true},
			"timeBasedCanary.canaryPercentage": {needed: true}, "timeBasedCanary.canaryInterval": {needed: true},
			"timeBasedLinear.linearPercentage": {needed: true}, "timeBasedLinear.linearInterval": {needed: true}}}
	zonal = &member{name: "zonalConfig",
		malformed: codedeploy.InvalidZonalDeploymentConfigurationException, judge: judging(zones),
		limits: limits{"minimumHealthyHostsPerZone.type": {needed: true}, "minimumHealthyHostsPerZone.value": {needed: true}}}
)

// What groups and single deployments have in common.
var (
	alarmConfiguration = &member{name: "alarmConfiguration",
		malformed: codedeploy.InvalidAlarmConfigException, tooMany: codedeploy.AlarmsLimitExceededException, judge: judging(alarms),
		limits: limits{"alarms[].name": {needed: true, most: 255}}}
	overrideAlarms = &member{name: "overrideAlarmConfiguration",
		malformed: codedeploy.InvalidAlarmConfigException, tooMany: codedeploy.AlarmsLimitExceededException, judge: judging(alarms),
		limits: limits{"alarms[].name": {needed: true, most: 255}}}
	autoRollback = &member{name: "autoRollbackConfiguration",
		malformed: codedeploy.InvalidAutoRollbackConfigException, judge: judging(rollback)}
)

// The settings of a deployment group.
var (
	roleGiven = &member{name: "serviceRoleArn", noun: "service role ARN", missing: codedeploy.RoleRequiredException}
	// Whether the role can be assumed shows when a deployment needs it.
	serviceRole = &member{name: "serviceRoleArn", noun: "service role", malformed: codedeploy.InvalidRoleException,
		limits: limits{"": {like: roleARN}}}
	outdatedStrategy = &member{name: "outdatedInstancesStrategy", malformed: codedeploy.InvalidInputException}
	terminationHook  = &member{name: "terminationHookEnabled"}

	ec2Filters = &member{name: "ec2TagFilters", malformed: codedeploy.InvalidEC2TagException, judge: judging(filterList(ec2Filter)),
		limits: limits{"[].Key": tagKey, "[].Value": tagValue}}
	ec2Set = &member{name: "ec2TagSet", malformed: codedeploy.InvalidEC2TagException, judge: judging(ec2SetOfLists),
		limits: limits{"ec2TagSetList[][].Key": tagKey, "ec2TagSetList[][].Value": tagValue}}
	onPremisesFilters = &member{name: "onPremisesInstanceTagFilters", malformed: codedeploy.InvalidTagException, judge: judging(filterList(onPremisesFilter)),
		limits: limits{"[].Key": tagKey, "[].Value": tagValue}}
	onPremisesSet = &member{name: "onPremisesTagSet", malformed: codedeploy.InvalidTagException, judge: judging(onPremisesSetOfLists),
		limits: limits{"onPremisesTagSetList[][].Key": tagKey, "onPremisesTagSetList[][].Value": tagValue}}
	// The chain has these combinations and sizes among the forms.
	ec2Combination        = &member{name: "ec2TagSet", malformed: codedeploy.InvalidEC2TagCombinationException, judge: judging(notBesideEC2Filters)}
	onPremisesCombination = &member{name: "onPremisesTagSet", malformed: codedeploy.InvalidOnPremisesTagCombinationException, judge: judging(notBesideOnPremisesFilters)}
	ec2SetSize            = &member{name: "ec2TagSet", tooMany: codedeploy.TagSetListLimitExceededException, judge: judging(fewEC2Lists)}
	onPremisesSetSize     = &member{name: "onPremisesTagSet", tooMany: codedeploy.TagSetListLimitExceededException, judge: judging(fewOnPremisesLists)}

	triggers = &member{name: "triggerConfigurations",
		malformed: codedeploy.InvalidTriggerConfigException, tooMany: codedeploy.TriggerTargetsLimitExceededException, judge: judging(triggerList),
		limits: limits{"[].triggerName": {needed: true, most: 100}, "[].triggerTargetArn": {needed: true}, "[].triggerEvents": {needed: true}}}
	deploymentStyle = &member{name: "deploymentStyle", malformed: codedeploy.InvalidDeploymentStyleException,
		limits: limits{"deploymentType": {needed: true}, "deploymentOption": {needed: true}}}

	autoScalingGroupNames = &member{name: "autoScalingGroups", malformed: codedeploy.InvalidAutoScalingGroupException, settled: true}
	loadBalancers         = &member{name: "loadBalancerInfo", malformed: codedeploy.InvalidLoadBalancerInfoException, settled: true,
		limits: limits{"elbInfoList[].name": {needed: true, most: 255, like: balancerName}, "targetGroupInfoList[].name": {needed: true, like: targetGroupName}}}
	targetGroupPair = &member{name: "loadBalancerInfo", malformed: codedeploy.InvalidTargetGroupPairException, settled: true,
		limits: limits{"targetGroupPairInfoList[].targetGroups[].name": {needed: true, like: targetGroupName},
			"targetGroupPairInfoList[].prodTrafficRoute.listenerArns[]": listenerARN, "targetGroupPairInfoList[].testTrafficRoute.listenerArns[]": listenerARN}}
	blueGreen   = &member{name: "blueGreenDeploymentConfiguration", malformed: codedeploy.InvalidBlueGreenDeploymentConfigurationException, settled: true}
	ecsServices = &member{name: "ecsServices", malformed: codedeploy.InvalidECSServiceException, settled: true,
		limits: limits{"[].serviceName": {needed: true}}}
)

// Revisions.
var (
	revision = &member{name: "revision", absent: "RevisionLocation must be specified",
		missing: codedeploy.RevisionRequiredException, malformed: codedeploy.InvalidRevisionException, judge: judging(oneRevision),
		limits: revisionLimits("")}
	revisions = &member{name: "revisions",
		missing: codedeploy.RevisionRequiredException, malformed: codedeploy.InvalidRevisionException, judge: judging(everyRevision),
		tooMany: codedeploy.BatchLimitExceededException, most: func(q Quotas) int { return q.BatchRevisions },
		limits: revisionLimits("[].")}
	description = &member{name: "description", malformed: codedeploy.DescriptionTooLongException, limits: limits{"": {most: 256}}}
	sortBy      = &member{name: "sortBy", malformed: codedeploy.InvalidSortByException}
	sortOrder   = &member{name: "sortOrder", malformed: codedeploy.InvalidSortOrderException}
	deployed    = &member{name: "deployed", malformed: codedeploy.InvalidDeployedStateFilterException}
	s3Bucket    = &member{name: "s3Bucket", malformed: codedeploy.InvalidBucketNameFilterException, limits: limits{"": {like: bucket}}}
	s3KeyPrefix = &member{name: "s3KeyPrefix", malformed: codedeploy.InvalidKeyPrefixFilterException, judge: judging(keyPrefix)}
	// A prefix alone would have to look into every bucket.
	bucketForPrefix = &member{name: "s3Bucket", malformed: codedeploy.BucketNameFilterRequiredException, judge: judging(besidePrefix), when: asCombination}
)

// Deployments and their targets.
var (
	deploymentID = &member{name: "deploymentId", noun: "deployment ID",
		missing: codedeploy.DeploymentIdRequiredException, malformed: codedeploy.InvalidDeploymentIdException,
		limits: limits{"": {like: deploymentIDForm}}}
	deploymentIDs = &member{name: "deploymentIds", noun: "deployment IDs",
		missing: codedeploy.DeploymentIdRequiredException, malformed: codedeploy.InvalidDeploymentIdException,
		tooMany: codedeploy.BatchLimitExceededException, most: func(q Quotas) int { return q.BatchDeployments },
		limits: limits{"[]": {like: deploymentIDForm}}}
	fileExistsBehavior = &member{name: "fileExistsBehavior", malformed: codedeploy.InvalidFileExistsBehaviorException}
	// On Lambda and ECS these two must not be true.
	ignoreStopFailures = &member{name: "ignoreApplicationStopFailures", malformed: codedeploy.InvalidIgnoreApplicationStopFailuresValueException, settled: true}
	outdatedOnly       = &member{name: "updateOutdatedInstancesOnly", malformed: codedeploy.InvalidUpdateOutdatedInstancesOnlyValueException, settled: true}
	targetInstances    = &member{name: "targetInstances", malformed: codedeploy.InvalidTargetInstancesException, judge: judging(greenInstances),
		limits: limits{"autoScalingGroups[]": {least: 1, most: maxAutoScalingGroupName},
			"tagFilters[].Key": tagKey, "tagFilters[].Value": tagValue,
			"ec2TagSet.ec2TagSetList[][].Key": tagKey, "ec2TagSet.ec2TagSetList[][].Value": tagValue}}

	// The form of a target's id depends on the deployment's platform.
	targetID = &member{name: "targetId", noun: "target ID",
		missing: codedeploy.DeploymentTargetIdRequiredException, malformed: codedeploy.InvalidDeploymentTargetIdException, settled: true}
	targetIDs = &member{name: "targetIds", noun: "target IDs",
		missing: codedeploy.DeploymentTargetIdRequiredException, malformed: codedeploy.InvalidDeploymentTargetIdException}
	targetFilters = &member{name: "targetFilters", malformed: codedeploy.InvalidTargetFilterNameException, judge: judging(targetFilterMap)}
	instanceID    = &member{name: "instanceId", noun: "instance ID",
		missing: codedeploy.InstanceIdRequiredException, malformed: codedeploy.InvalidInstanceNameException,
		limits: limits{"": {like: instanceIDForm}}}
	instanceIDs = &member{name: "instanceIds", noun: "instance IDs",
		missing: codedeploy.InstanceIdRequiredException, malformed: codedeploy.InvalidInstanceNameException,
		tooMany: codedeploy.BatchLimitExceededException, most: func(q Quotas) int { return q.BatchInstances },
		limits: limits{"[]": {like: instanceIDForm}}}
	instanceStatusFilter = &member{name: "instanceStatusFilter", malformed: codedeploy.InvalidInstanceStatusException}
	instanceTypeFilter   = &member{name: "instanceTypeFilter", malformed: codedeploy.InvalidInstanceTypeException}

	includeOnlyStatuses = &member{name: "includeOnlyStatuses", malformed: codedeploy.InvalidDeploymentStatusException}
	createTimeRange     = &member{name: "createTimeRange", malformed: codedeploy.InvalidTimeRangeException, judge: judging(timeRange)}
	// The two names of ListDeployments go together, and not with an external id.
	filterApplication = &member{name: "applicationName", noun: "application name",
		missing: codedeploy.ApplicationNameRequiredException, judge: judging(besideGroupName), when: asRequired}
	filterGroup = &member{name: "deploymentGroupName", noun: "deployment group name",
		missing: codedeploy.DeploymentGroupNameRequiredException, judge: judging(besideApplicationName), when: asRequired}
	optionalApplicationName = &member{name: "applicationName", noun: "application name",
		malformed: codedeploy.InvalidApplicationNameException, limits: applicationName.limits}
	optionalGroupName = &member{name: "deploymentGroupName", noun: "deployment group name",
		malformed: codedeploy.InvalidDeploymentGroupNameException, limits: groupName.limits}
	externalID            = &member{name: "externalId", malformed: codedeploy.InvalidExternalIdException, limits: limits{"": {most: 1011, like: printable}}}
	externalIDCombination = &member{name: "externalId", malformed: codedeploy.InvalidInputException, judge: judging(notBesideNames), when: asCombination}
	anyExternalID         = &member{name: "externalId"}

	rollbackOnStop = &member{name: "autoRollbackEnabled"}
	waitType       = &member{name: "deploymentWaitType", malformed: codedeploy.InvalidDeploymentWaitTypeException}
	// The engine judges whether it issued the id.
	executionID = &member{name: "lifecycleEventHookExecutionId", malformed: codedeploy.InvalidLifecycleEventHookExecutionIdException, settled: true}
	hookStatus  = &member{name: "status", noun: "lifecycle event hook execution status",
		malformed: codedeploy.InvalidLifecycleEventHookExecutionStatusException, judge: judging(verdict)}
)

// On-premises instances.
var (
	instanceName = &member{name: "instanceName", noun: "instance name",
		missing: codedeploy.InstanceNameRequiredException, malformed: codedeploy.InvalidInstanceNameException,
		limits: limits{"": {like: onPremisesName}}}
	batchInstanceNames = &member{name: "instanceNames", noun: "instance names",
		missing: codedeploy.InstanceNameRequiredException, malformed: codedeploy.InvalidInstanceNameException,
		tooMany: codedeploy.BatchLimitExceededException, most: func(q Quotas) int { return q.BatchOnPremises },
		limits: limits{"[]": {like: onPremisesName}}}
	taggedInstanceNames = &member{name: "instanceNames", noun: "instance names",
		missing: codedeploy.InstanceNameRequiredException, malformed: codedeploy.InvalidInstanceNameException,
		limits: limits{"[]": {like: onPremisesName}}}
	taggedInstanceCount = &member{name: "instanceNames", noun: "instance names",
		tooMany: codedeploy.InstanceLimitExceededException, judge: judging(fewInstances)}
	// Unlike a tag of an application, an on-premises instance's has a value.
	instanceTags = &member{name: "tags", missing: codedeploy.TagRequiredException, malformed: codedeploy.InvalidTagException,
		limits: limits{"[].Key": {needed: true, most: maxTagKey}, "[].Value": {needed: true, most: maxTagValue}}}
	distinctInstanceTags = &member{name: "tags", malformed: codedeploy.InvalidTagException, judge: judging(distinctKeys)}
	instanceTagCount     = &member{name: "tags", tooMany: codedeploy.TagLimitExceededException, judge: judging(fewInstanceTags)}

	// Exactly one of the two ARNs is given. That both are is told among the
	// required members, as the error chain has it.
	iamARN             = &member{name: "iamUserArn", missing: codedeploy.IamArnRequiredException, judge: judging(oneIdentity), when: asRequired}
	onlyIAMARN         = &member{name: "iamUserArn", malformed: codedeploy.MultipleIamArnsProvidedException, judge: judging(notTwoIdentities), when: asRequired}
	iamUserARN         = &member{name: "iamUserArn", malformed: codedeploy.InvalidIamUserArnException, limits: limits{"": {like: userARN}}}
	iamSessionARN      = &member{name: "iamSessionArn", malformed: codedeploy.InvalidIamSessionArnException, limits: limits{"": {like: sessionARN}}}
	registrationStatus = &member{name: "registrationStatus", malformed: codedeploy.InvalidRegistrationStatusException}
	instanceTagFilters = &member{name: "tagFilters", malformed: codedeploy.InvalidTagFilterException, judge: judging(filterList(onPremisesFilter)),
		limits: limits{"[].Key": tagKey, "[].Value": tagValue}}
)

// Tags of resources, tokens.
var (
	tagKey   = limit{most: maxTagKey}
	tagValue = limit{most: maxTagValue}

	listenerARN = limit{least: 1, most: 1011, like: balancerName}

	newTags = &member{name: "tags", malformed: codedeploy.InvalidTagsToAddException, judge: judging(tagList),
		limits: limits{"[].Key": {needed: true, most: maxTagKey}, "[].Value": tagValue}}
	resourceTags = &member{name: "Tags", missing: codedeploy.TagRequiredException,
		malformed: codedeploy.InvalidTagsToAddException, judge: judging(tagList), limits: newTags.limits}
	resourceTagKeys = &member{name: "TagKeys", missing: codedeploy.TagRequiredException,
		malformed: codedeploy.InvalidTagsToAddException, judge: judging(tagKeyList), limits: limits{"[]": {least: 1, most: maxTagKey}}}
	resourceARN = &member{name: "ResourceArn", missing: codedeploy.ResourceArnRequiredException,
		malformed: codedeploy.InvalidArnException, judge: judging(taggableARN), limits: limits{"": {shape: "Arn"}}}

	gitHubTokenName = &member{name: "tokenName", noun: "GitHub account token name",
		missing: codedeploy.GitHubAccountTokenNameRequiredException, malformed: codedeploy.InvalidGitHubAccountTokenNameException,
		limits: limits{"": {most: 100, like: printable}}}

	// The operation knows which list a token must be of.
	nextToken = &member{name: "nextToken", malformed: codedeploy.InvalidNextTokenException, settled: true}
	// Tags are one page, so there is no token to give back; for that, no exception
	// is modelled.
	noNextToken = &member{name: "NextToken", malformed: validationException, judge: judging(noToken)}
)
