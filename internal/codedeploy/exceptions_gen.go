// Code generated from the service model by generate. DO NOT EDIT.

package codedeploy

// The exceptions of the service model.
const (
	AlarmsLimitExceededException              ExceptionCode = "AlarmsLimitExceededException"
	ApplicationAlreadyExistsException         ExceptionCode = "ApplicationAlreadyExistsException"
	ApplicationDoesNotExistException          ExceptionCode = "ApplicationDoesNotExistException"
	ApplicationLimitExceededException         ExceptionCode = "ApplicationLimitExceededException"
	ApplicationNameRequiredException          ExceptionCode = "ApplicationNameRequiredException"
	ArnNotSupportedException                  ExceptionCode = "ArnNotSupportedException"
	BatchLimitExceededException               ExceptionCode = "BatchLimitExceededException"
	BucketNameFilterRequiredException         ExceptionCode = "BucketNameFilterRequiredException"
	DeploymentAlreadyCompletedException       ExceptionCode = "DeploymentAlreadyCompletedException"
	DeploymentAlreadyStartedException         ExceptionCode = "DeploymentAlreadyStartedException"
	DeploymentConfigAlreadyExistsException    ExceptionCode = "DeploymentConfigAlreadyExistsException"
	DeploymentConfigDoesNotExistException     ExceptionCode = "DeploymentConfigDoesNotExistException"
	DeploymentConfigInUseException            ExceptionCode = "DeploymentConfigInUseException"
	DeploymentConfigLimitExceededException    ExceptionCode = "DeploymentConfigLimitExceededException"
	DeploymentConfigNameRequiredException     ExceptionCode = "DeploymentConfigNameRequiredException"
	DeploymentDoesNotExistException           ExceptionCode = "DeploymentDoesNotExistException"
	DeploymentGroupAlreadyExistsException     ExceptionCode = "DeploymentGroupAlreadyExistsException"
	DeploymentGroupDoesNotExistException      ExceptionCode = "DeploymentGroupDoesNotExistException"
	DeploymentGroupLimitExceededException     ExceptionCode = "DeploymentGroupLimitExceededException"
	DeploymentGroupNameRequiredException      ExceptionCode = "DeploymentGroupNameRequiredException"
	DeploymentIdRequiredException             ExceptionCode = "DeploymentIdRequiredException"
	DeploymentIsNotInReadyStateException      ExceptionCode = "DeploymentIsNotInReadyStateException"
	DeploymentLimitExceededException          ExceptionCode = "DeploymentLimitExceededException"
	DeploymentNotStartedException             ExceptionCode = "DeploymentNotStartedException"
	DeploymentTargetDoesNotExistException     ExceptionCode = "DeploymentTargetDoesNotExistException"
	DeploymentTargetIdRequiredException       ExceptionCode = "DeploymentTargetIdRequiredException"
	DeploymentTargetListSizeExceededException ExceptionCode = "DeploymentTargetListSizeExceededException"
	DescriptionTooLongException               ExceptionCode = "DescriptionTooLongException"
	ECSServiceMappingLimitExceededException   ExceptionCode = "ECSServiceMappingLimitExceededException"
	GitHubAccountTokenDoesNotExistException   ExceptionCode = "GitHubAccountTokenDoesNotExistException"
	GitHubAccountTokenNameRequiredException   ExceptionCode = "GitHubAccountTokenNameRequiredException"
	IamArnRequiredException                   ExceptionCode = "IamArnRequiredException"
	IamSessionArnAlreadyRegisteredException   ExceptionCode = "IamSessionArnAlreadyRegisteredException"
	IamUserArnAlreadyRegisteredException      ExceptionCode = "IamUserArnAlreadyRegisteredException"
	IamUserArnRequiredException               ExceptionCode = "IamUserArnRequiredException"
	// AWS says: This exception is deprecated, use DeploymentTargetDoesNotExistException instead.
	InstanceDoesNotExistException ExceptionCode = "InstanceDoesNotExistException"
	// AWS says: This exception is deprecated, use DeploymentTargetIdRequiredException instead.
	InstanceIdRequiredException                        ExceptionCode = "InstanceIdRequiredException"
	InstanceLimitExceededException                     ExceptionCode = "InstanceLimitExceededException"
	InstanceNameAlreadyRegisteredException             ExceptionCode = "InstanceNameAlreadyRegisteredException"
	InstanceNameRequiredException                      ExceptionCode = "InstanceNameRequiredException"
	InstanceNotRegisteredException                     ExceptionCode = "InstanceNotRegisteredException"
	InvalidAlarmConfigException                        ExceptionCode = "InvalidAlarmConfigException"
	InvalidApplicationNameException                    ExceptionCode = "InvalidApplicationNameException"
	InvalidArnException                                ExceptionCode = "InvalidArnException"
	InvalidAutoRollbackConfigException                 ExceptionCode = "InvalidAutoRollbackConfigException"
	InvalidAutoScalingGroupException                   ExceptionCode = "InvalidAutoScalingGroupException"
	InvalidBlueGreenDeploymentConfigurationException   ExceptionCode = "InvalidBlueGreenDeploymentConfigurationException"
	InvalidBucketNameFilterException                   ExceptionCode = "InvalidBucketNameFilterException"
	InvalidComputePlatformException                    ExceptionCode = "InvalidComputePlatformException"
	InvalidDeployedStateFilterException                ExceptionCode = "InvalidDeployedStateFilterException"
	InvalidDeploymentConfigNameException               ExceptionCode = "InvalidDeploymentConfigNameException"
	InvalidDeploymentGroupNameException                ExceptionCode = "InvalidDeploymentGroupNameException"
	InvalidDeploymentIdException                       ExceptionCode = "InvalidDeploymentIdException"
	InvalidDeploymentInstanceTypeException             ExceptionCode = "InvalidDeploymentInstanceTypeException"
	InvalidDeploymentStatusException                   ExceptionCode = "InvalidDeploymentStatusException"
	InvalidDeploymentStyleException                    ExceptionCode = "InvalidDeploymentStyleException"
	InvalidDeploymentTargetIdException                 ExceptionCode = "InvalidDeploymentTargetIdException"
	InvalidDeploymentWaitTypeException                 ExceptionCode = "InvalidDeploymentWaitTypeException"
	InvalidEC2TagCombinationException                  ExceptionCode = "InvalidEC2TagCombinationException"
	InvalidEC2TagException                             ExceptionCode = "InvalidEC2TagException"
	InvalidECSServiceException                         ExceptionCode = "InvalidECSServiceException"
	InvalidExternalIdException                         ExceptionCode = "InvalidExternalIdException"
	InvalidFileExistsBehaviorException                 ExceptionCode = "InvalidFileExistsBehaviorException"
	InvalidGitHubAccountTokenException                 ExceptionCode = "InvalidGitHubAccountTokenException"
	InvalidGitHubAccountTokenNameException             ExceptionCode = "InvalidGitHubAccountTokenNameException"
	InvalidIamSessionArnException                      ExceptionCode = "InvalidIamSessionArnException"
	InvalidIamUserArnException                         ExceptionCode = "InvalidIamUserArnException"
	InvalidIgnoreApplicationStopFailuresValueException ExceptionCode = "InvalidIgnoreApplicationStopFailuresValueException"
	InvalidInputException                              ExceptionCode = "InvalidInputException"
	InvalidInstanceIdException                         ExceptionCode = "InvalidInstanceIdException"
	InvalidInstanceNameException                       ExceptionCode = "InvalidInstanceNameException"
	InvalidInstanceStatusException                     ExceptionCode = "InvalidInstanceStatusException"
	InvalidInstanceTypeException                       ExceptionCode = "InvalidInstanceTypeException"
	InvalidKeyPrefixFilterException                    ExceptionCode = "InvalidKeyPrefixFilterException"
	InvalidLifecycleEventHookExecutionIdException      ExceptionCode = "InvalidLifecycleEventHookExecutionIdException"
	InvalidLifecycleEventHookExecutionStatusException  ExceptionCode = "InvalidLifecycleEventHookExecutionStatusException"
	InvalidLoadBalancerInfoException                   ExceptionCode = "InvalidLoadBalancerInfoException"
	InvalidMinimumHealthyHostValueException            ExceptionCode = "InvalidMinimumHealthyHostValueException"
	InvalidNextTokenException                          ExceptionCode = "InvalidNextTokenException"
	InvalidOnPremisesTagCombinationException           ExceptionCode = "InvalidOnPremisesTagCombinationException"
	InvalidOperationException                          ExceptionCode = "InvalidOperationException"
	InvalidRegistrationStatusException                 ExceptionCode = "InvalidRegistrationStatusException"
	InvalidRevisionException                           ExceptionCode = "InvalidRevisionException"
	InvalidRoleException                               ExceptionCode = "InvalidRoleException"
	InvalidSortByException                             ExceptionCode = "InvalidSortByException"
	InvalidSortOrderException                          ExceptionCode = "InvalidSortOrderException"
	InvalidTagException                                ExceptionCode = "InvalidTagException"
	InvalidTagFilterException                          ExceptionCode = "InvalidTagFilterException"
	InvalidTagsToAddException                          ExceptionCode = "InvalidTagsToAddException"
	InvalidTargetException                             ExceptionCode = "InvalidTargetException"
	InvalidTargetFilterNameException                   ExceptionCode = "InvalidTargetFilterNameException"
	InvalidTargetGroupPairException                    ExceptionCode = "InvalidTargetGroupPairException"
	InvalidTargetInstancesException                    ExceptionCode = "InvalidTargetInstancesException"
	InvalidTimeRangeException                          ExceptionCode = "InvalidTimeRangeException"
	InvalidTrafficRoutingConfigurationException        ExceptionCode = "InvalidTrafficRoutingConfigurationException"
	InvalidTriggerConfigException                      ExceptionCode = "InvalidTriggerConfigException"
	InvalidUpdateOutdatedInstancesOnlyValueException   ExceptionCode = "InvalidUpdateOutdatedInstancesOnlyValueException"
	InvalidZonalDeploymentConfigurationException       ExceptionCode = "InvalidZonalDeploymentConfigurationException"
	LifecycleEventAlreadyCompletedException            ExceptionCode = "LifecycleEventAlreadyCompletedException"
	LifecycleHookLimitExceededException                ExceptionCode = "LifecycleHookLimitExceededException"
	MultipleIamArnsProvidedException                   ExceptionCode = "MultipleIamArnsProvidedException"
	OperationNotSupportedException                     ExceptionCode = "OperationNotSupportedException"
	ResourceArnRequiredException                       ExceptionCode = "ResourceArnRequiredException"
	ResourceValidationException                        ExceptionCode = "ResourceValidationException"
	RevisionDoesNotExistException                      ExceptionCode = "RevisionDoesNotExistException"
	RevisionRequiredException                          ExceptionCode = "RevisionRequiredException"
	RoleRequiredException                              ExceptionCode = "RoleRequiredException"
	TagLimitExceededException                          ExceptionCode = "TagLimitExceededException"
	TagRequiredException                               ExceptionCode = "TagRequiredException"
	TagSetListLimitExceededException                   ExceptionCode = "TagSetListLimitExceededException"
	ThrottlingException                                ExceptionCode = "ThrottlingException"
	TriggerTargetsLimitExceededException               ExceptionCode = "TriggerTargetsLimitExceededException"
	UnsupportedActionForDeploymentTypeException        ExceptionCode = "UnsupportedActionForDeploymentTypeException"
)

// ExceptionCodes lists every exception in the model's order.
var ExceptionCodes = []ExceptionCode{
	AlarmsLimitExceededException,
	ApplicationAlreadyExistsException,
	ApplicationDoesNotExistException,
	ApplicationLimitExceededException,
	ApplicationNameRequiredException,
	ArnNotSupportedException,
	BatchLimitExceededException,
	BucketNameFilterRequiredException,
	DeploymentAlreadyCompletedException,
	DeploymentAlreadyStartedException,
	DeploymentConfigAlreadyExistsException,
	DeploymentConfigDoesNotExistException,
	DeploymentConfigInUseException,
	DeploymentConfigLimitExceededException,
	DeploymentConfigNameRequiredException,
	DeploymentDoesNotExistException,
	DeploymentGroupAlreadyExistsException,
	DeploymentGroupDoesNotExistException,
	DeploymentGroupLimitExceededException,
	DeploymentGroupNameRequiredException,
	DeploymentIdRequiredException,
	DeploymentIsNotInReadyStateException,
	DeploymentLimitExceededException,
	DeploymentNotStartedException,
	DeploymentTargetDoesNotExistException,
	DeploymentTargetIdRequiredException,
	DeploymentTargetListSizeExceededException,
	DescriptionTooLongException,
	ECSServiceMappingLimitExceededException,
	GitHubAccountTokenDoesNotExistException,
	GitHubAccountTokenNameRequiredException,
	IamArnRequiredException,
	IamSessionArnAlreadyRegisteredException,
	IamUserArnAlreadyRegisteredException,
	IamUserArnRequiredException,
	InstanceDoesNotExistException,
	InstanceIdRequiredException,
	InstanceLimitExceededException,
	InstanceNameAlreadyRegisteredException,
	InstanceNameRequiredException,
	InstanceNotRegisteredException,
	InvalidAlarmConfigException,
	InvalidApplicationNameException,
	InvalidArnException,
	InvalidAutoRollbackConfigException,
	InvalidAutoScalingGroupException,
	InvalidBlueGreenDeploymentConfigurationException,
	InvalidBucketNameFilterException,
	InvalidComputePlatformException,
	InvalidDeployedStateFilterException,
	InvalidDeploymentConfigNameException,
	InvalidDeploymentGroupNameException,
	InvalidDeploymentIdException,
	InvalidDeploymentInstanceTypeException,
	InvalidDeploymentStatusException,
	InvalidDeploymentStyleException,
	InvalidDeploymentTargetIdException,
	InvalidDeploymentWaitTypeException,
	InvalidEC2TagCombinationException,
	InvalidEC2TagException,
	InvalidECSServiceException,
	InvalidExternalIdException,
	InvalidFileExistsBehaviorException,
	InvalidGitHubAccountTokenException,
	InvalidGitHubAccountTokenNameException,
	InvalidIamSessionArnException,
	InvalidIamUserArnException,
	InvalidIgnoreApplicationStopFailuresValueException,
	InvalidInputException,
	InvalidInstanceIdException,
	InvalidInstanceNameException,
	InvalidInstanceStatusException,
	InvalidInstanceTypeException,
	InvalidKeyPrefixFilterException,
	InvalidLifecycleEventHookExecutionIdException,
	InvalidLifecycleEventHookExecutionStatusException,
	InvalidLoadBalancerInfoException,
	InvalidMinimumHealthyHostValueException,
	InvalidNextTokenException,
	InvalidOnPremisesTagCombinationException,
	InvalidOperationException,
	InvalidRegistrationStatusException,
	InvalidRevisionException,
	InvalidRoleException,
	InvalidSortByException,
	InvalidSortOrderException,
	InvalidTagException,
	InvalidTagFilterException,
	InvalidTagsToAddException,
	InvalidTargetException,
	InvalidTargetFilterNameException,
	InvalidTargetGroupPairException,
	InvalidTargetInstancesException,
	InvalidTimeRangeException,
	InvalidTrafficRoutingConfigurationException,
	InvalidTriggerConfigException,
	InvalidUpdateOutdatedInstancesOnlyValueException,
	InvalidZonalDeploymentConfigurationException,
	LifecycleEventAlreadyCompletedException,
	LifecycleHookLimitExceededException,
	MultipleIamArnsProvidedException,
	OperationNotSupportedException,
	ResourceArnRequiredException,
	ResourceValidationException,
	RevisionDoesNotExistException,
	RevisionRequiredException,
	RoleRequiredException,
	TagLimitExceededException,
	TagRequiredException,
	TagSetListLimitExceededException,
	ThrottlingException,
	TriggerTargetsLimitExceededException,
	UnsupportedActionForDeploymentTypeException,
}
