// Code generated from the service model by generate. DO NOT EDIT.

package codedeploy

// ApplicationRevisionSortBy is the enumeration of that name in the service model.
type ApplicationRevisionSortBy string

// The values of ApplicationRevisionSortBy.
const (
	ApplicationRevisionSortByRegisterTime  ApplicationRevisionSortBy = "registerTime"
	ApplicationRevisionSortByFirstUsedTime ApplicationRevisionSortBy = "firstUsedTime"
	ApplicationRevisionSortByLastUsedTime  ApplicationRevisionSortBy = "lastUsedTime"
)

// Values returns the values that the model lists, in its order.
func (ApplicationRevisionSortBy) Values() []ApplicationRevisionSortBy {
	return []ApplicationRevisionSortBy{
		ApplicationRevisionSortByRegisterTime,
		ApplicationRevisionSortByFirstUsedTime,
		ApplicationRevisionSortByLastUsedTime,
	}
}

// AutoRollbackEvent is the enumeration of that name in the service model.
type AutoRollbackEvent string

// The values of AutoRollbackEvent.
const (
	AutoRollbackEventDeploymentFailure       AutoRollbackEvent = "DEPLOYMENT_FAILURE"
	AutoRollbackEventDeploymentStopOnAlarm   AutoRollbackEvent = "DEPLOYMENT_STOP_ON_ALARM"
	AutoRollbackEventDeploymentStopOnRequest AutoRollbackEvent = "DEPLOYMENT_STOP_ON_REQUEST"
)

// Values returns the values that the model lists, in its order.
func (AutoRollbackEvent) Values() []AutoRollbackEvent {
	return []AutoRollbackEvent{
		AutoRollbackEventDeploymentFailure,
		AutoRollbackEventDeploymentStopOnAlarm,
		AutoRollbackEventDeploymentStopOnRequest,
	}
}

// BundleType is the enumeration of that name in the service model.
type BundleType string

// The values of BundleType.
const (
	BundleTypeTar  BundleType = "tar"
	BundleTypeTgz  BundleType = "tgz"
	BundleTypeZip  BundleType = "zip"
	BundleTypeYAML BundleType = "YAML"
	BundleTypeJSON BundleType = "JSON"
)

// Values returns the values that the model lists, in its order.
func (BundleType) Values() []BundleType {
	return []BundleType{
		BundleTypeTar,
		BundleTypeTgz,
		BundleTypeZip,
		BundleTypeYAML,
		BundleTypeJSON,
	}
}

// ComputePlatform is the enumeration of that name in the service model.
type ComputePlatform string

// The values of ComputePlatform.
const (
	ComputePlatformServer ComputePlatform = "Server"
	ComputePlatformLambda ComputePlatform = "Lambda"
	ComputePlatformECS    ComputePlatform = "ECS"
)

// Values returns the values that the model lists, in its order.
func (ComputePlatform) Values() []ComputePlatform {
	return []ComputePlatform{
		ComputePlatformServer,
		ComputePlatformLambda,
		ComputePlatformECS,
	}
}

// DeploymentCreator is the enumeration of that name in the service model.
type DeploymentCreator string

// The values of DeploymentCreator.
const (
	DeploymentCreatorUser                   DeploymentCreator = "user"
	DeploymentCreatorAutoScaling            DeploymentCreator = "autoscaling"
	DeploymentCreatorCodeDeployRollback     DeploymentCreator = "codeDeployRollback"
	DeploymentCreatorCodeDeploy             DeploymentCreator = "CodeDeploy"
	DeploymentCreatorCodeDeployAutoUpdate   DeploymentCreator = "CodeDeployAutoUpdate"
	DeploymentCreatorCloudFormation         DeploymentCreator = "CloudFormation"
	DeploymentCreatorCloudFormationRollback DeploymentCreator = "CloudFormationRollback"
	DeploymentCreatorAutoScalingTermination DeploymentCreator = "autoscalingTermination"
)

// Values returns the values that the model lists, in its order.
func (DeploymentCreator) Values() []DeploymentCreator {
	return []DeploymentCreator{
		DeploymentCreatorUser,
		DeploymentCreatorAutoScaling,
		DeploymentCreatorCodeDeployRollback,
		DeploymentCreatorCodeDeploy,
		DeploymentCreatorCodeDeployAutoUpdate,
		DeploymentCreatorCloudFormation,
		DeploymentCreatorCloudFormationRollback,
		DeploymentCreatorAutoScalingTermination,
	}
}

// DeploymentOption is the enumeration of that name in the service model.
type DeploymentOption string

// The values of DeploymentOption.
const (
	DeploymentOptionWithTrafficControl    DeploymentOption = "WITH_TRAFFIC_CONTROL"
	DeploymentOptionWithoutTrafficControl DeploymentOption = "WITHOUT_TRAFFIC_CONTROL"
)

// Values returns the values that the model lists, in its order.
func (DeploymentOption) Values() []DeploymentOption {
	return []DeploymentOption{
		DeploymentOptionWithTrafficControl,
		DeploymentOptionWithoutTrafficControl,
	}
}

// DeploymentReadyAction is the enumeration of that name in the service model.
type DeploymentReadyAction string

// The values of DeploymentReadyAction.
const (
	DeploymentReadyActionContinueDeployment DeploymentReadyAction = "CONTINUE_DEPLOYMENT"
	DeploymentReadyActionStopDeployment     DeploymentReadyAction = "STOP_DEPLOYMENT"
)

// Values returns the values that the model lists, in its order.
func (DeploymentReadyAction) Values() []DeploymentReadyAction {
	return []DeploymentReadyAction{
		DeploymentReadyActionContinueDeployment,
		DeploymentReadyActionStopDeployment,
	}
}

// DeploymentStatus is the enumeration of that name in the service model.
type DeploymentStatus string

// The values of DeploymentStatus.
const (
	DeploymentStatusCreated    DeploymentStatus = "Created"
	DeploymentStatusQueued     DeploymentStatus = "Queued"
	DeploymentStatusInProgress DeploymentStatus = "InProgress"
	DeploymentStatusBaking     DeploymentStatus = "Baking"
	DeploymentStatusSucceeded  DeploymentStatus = "Succeeded"
	DeploymentStatusFailed     DeploymentStatus = "Failed"
	DeploymentStatusStopped    DeploymentStatus = "Stopped"
	DeploymentStatusReady      DeploymentStatus = "Ready"
)

// Values returns the values that the model lists, in its order.
func (DeploymentStatus) Values() []DeploymentStatus {
	return []DeploymentStatus{
		DeploymentStatusCreated,
		DeploymentStatusQueued,
		DeploymentStatusInProgress,
		DeploymentStatusBaking,
		DeploymentStatusSucceeded,
		DeploymentStatusFailed,
		DeploymentStatusStopped,
		DeploymentStatusReady,
	}
}

// DeploymentTargetType is the enumeration of that name in the service model.
type DeploymentTargetType string

// The values of DeploymentTargetType.
const (
	DeploymentTargetTypeInstanceTarget       DeploymentTargetType = "InstanceTarget"
	DeploymentTargetTypeLambdaTarget         DeploymentTargetType = "LambdaTarget"
	DeploymentTargetTypeECSTarget            DeploymentTargetType = "ECSTarget"
	DeploymentTargetTypeCloudFormationTarget DeploymentTargetType = "CloudFormationTarget"
)

// Values returns the values that the model lists, in its order.
func (DeploymentTargetType) Values() []DeploymentTargetType {
	return []DeploymentTargetType{
		DeploymentTargetTypeInstanceTarget,
		DeploymentTargetTypeLambdaTarget,
		DeploymentTargetTypeECSTarget,
		DeploymentTargetTypeCloudFormationTarget,
	}
}

// DeploymentType is the enumeration of that name in the service model.
type DeploymentType string

// The values of DeploymentType.
const (
	DeploymentTypeInPlace   DeploymentType = "IN_PLACE"
	DeploymentTypeBlueGreen DeploymentType = "BLUE_GREEN"
)

// Values returns the values that the model lists, in its order.
func (DeploymentType) Values() []DeploymentType {
	return []DeploymentType{
		DeploymentTypeInPlace,
		DeploymentTypeBlueGreen,
	}
}

// DeploymentWaitType is the enumeration of that name in the service model.
type DeploymentWaitType string

// The values of DeploymentWaitType.
const (
	DeploymentWaitTypeReadyWait       DeploymentWaitType = "READY_WAIT"
	DeploymentWaitTypeTerminationWait DeploymentWaitType = "TERMINATION_WAIT"
)

// Values returns the values that the model lists, in its order.
func (DeploymentWaitType) Values() []DeploymentWaitType {
	return []DeploymentWaitType{
		DeploymentWaitTypeReadyWait,
		DeploymentWaitTypeTerminationWait,
	}
}

// EC2TagFilterType is the enumeration of that name in the service model.
type EC2TagFilterType string

// The values of EC2TagFilterType.
const (
	EC2TagFilterTypeKeyOnly     EC2TagFilterType = "KEY_ONLY"
	EC2TagFilterTypeValueOnly   EC2TagFilterType = "VALUE_ONLY"
	EC2TagFilterTypeKeyAndValue EC2TagFilterType = "KEY_AND_VALUE"
)

// Values returns the values that the model lists, in its order.
func (EC2TagFilterType) Values() []EC2TagFilterType {
	return []EC2TagFilterType{
		EC2TagFilterTypeKeyOnly,
		EC2TagFilterTypeValueOnly,
		EC2TagFilterTypeKeyAndValue,
	}
}

// ErrorCode is the enumeration of that name in the service model.
type ErrorCode string

// The values of ErrorCode.
const (
	ErrorCodeAgentIssue                              ErrorCode = "AGENT_ISSUE"
	ErrorCodeAlarmActive                             ErrorCode = "ALARM_ACTIVE"
	ErrorCodeApplicationMissing                      ErrorCode = "APPLICATION_MISSING"
	ErrorCodeAutoScalingValidationError              ErrorCode = "AUTOSCALING_VALIDATION_ERROR"
	ErrorCodeAutoScalingConfiguration                ErrorCode = "AUTO_SCALING_CONFIGURATION"
	ErrorCodeAutoScalingIAMRolePermissions           ErrorCode = "AUTO_SCALING_IAM_ROLE_PERMISSIONS"
	ErrorCodeCodeDeployResourceCannotBeFound         ErrorCode = "CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND"
	ErrorCodeCustomerApplicationUnhealthy            ErrorCode = "CUSTOMER_APPLICATION_UNHEALTHY"
	ErrorCodeDeploymentGroupMissing                  ErrorCode = "DEPLOYMENT_GROUP_MISSING"
	ErrorCodeECSUpdateError                          ErrorCode = "ECS_UPDATE_ERROR"
	ErrorCodeElasticLoadBalancingInvalid             ErrorCode = "ELASTIC_LOAD_BALANCING_INVALID"
	ErrorCodeELBInvalidInstance                      ErrorCode = "ELB_INVALID_INSTANCE"
	ErrorCodeHealthConstraints                       ErrorCode = "HEALTH_CONSTRAINTS"
	ErrorCodeHealthConstraintsInvalid                ErrorCode = "HEALTH_CONSTRAINTS_INVALID"
	ErrorCodeHookExecutionFailure                    ErrorCode = "HOOK_EXECUTION_FAILURE"
	ErrorCodeIAMRoleMissing                          ErrorCode = "IAM_ROLE_MISSING"
	ErrorCodeIAMRolePermissions                      ErrorCode = "IAM_ROLE_PERMISSIONS"
	ErrorCodeInternalError                           ErrorCode = "INTERNAL_ERROR"
	ErrorCodeInvalidECSService                       ErrorCode = "INVALID_ECS_SERVICE"
	ErrorCodeInvalidLambdaConfiguration              ErrorCode = "INVALID_LAMBDA_CONFIGURATION"
	ErrorCodeInvalidLambdaFunction                   ErrorCode = "INVALID_LAMBDA_FUNCTION"
	ErrorCodeInvalidRevision                         ErrorCode = "INVALID_REVISION"
	ErrorCodeManualStop                              ErrorCode = "MANUAL_STOP"
	ErrorCodeMissingBlueGreenDeploymentConfiguration ErrorCode = "MISSING_BLUE_GREEN_DEPLOYMENT_CONFIGURATION"
	ErrorCodeMissingELBInformation                   ErrorCode = "MISSING_ELB_INFORMATION"
	ErrorCodeMissingGitHubToken                      ErrorCode = "MISSING_GITHUB_TOKEN"
	ErrorCodeNoEC2Subscription                       ErrorCode = "NO_EC2_SUBSCRIPTION"
	ErrorCodeNoInstances                             ErrorCode = "NO_INSTANCES"
	ErrorCodeOverMaxInstances                        ErrorCode = "OVER_MAX_INSTANCES"
	ErrorCodeResourceLimitExceeded                   ErrorCode = "RESOURCE_LIMIT_EXCEEDED"
	ErrorCodeRevisionMissing                         ErrorCode = "REVISION_MISSING"
	ErrorCodeThrottled                               ErrorCode = "THROTTLED"
	ErrorCodeTimeout                                 ErrorCode = "TIMEOUT"
	ErrorCodeCloudFormationStackFailure              ErrorCode = "CLOUDFORMATION_STACK_FAILURE"
)

// Values returns the values that the model lists, in its order.
func (ErrorCode) Values() []ErrorCode {
	return []ErrorCode{
		ErrorCodeAgentIssue,
		ErrorCodeAlarmActive,
		ErrorCodeApplicationMissing,
		ErrorCodeAutoScalingValidationError,
		ErrorCodeAutoScalingConfiguration,
		ErrorCodeAutoScalingIAMRolePermissions,
		ErrorCodeCodeDeployResourceCannotBeFound,
		ErrorCodeCustomerApplicationUnhealthy,
		ErrorCodeDeploymentGroupMissing,
		ErrorCodeECSUpdateError,
		ErrorCodeElasticLoadBalancingInvalid,
		ErrorCodeELBInvalidInstance,
		ErrorCodeHealthConstraints,
		ErrorCodeHealthConstraintsInvalid,
		ErrorCodeHookExecutionFailure,
		ErrorCodeIAMRoleMissing,
		ErrorCodeIAMRolePermissions,
		ErrorCodeInternalError,
		ErrorCodeInvalidECSService,
		ErrorCodeInvalidLambdaConfiguration,
		ErrorCodeInvalidLambdaFunction,
		ErrorCodeInvalidRevision,
		ErrorCodeManualStop,
		ErrorCodeMissingBlueGreenDeploymentConfiguration,
		ErrorCodeMissingELBInformation,
		ErrorCodeMissingGitHubToken,
		ErrorCodeNoEC2Subscription,
		ErrorCodeNoInstances,
		ErrorCodeOverMaxInstances,
		ErrorCodeResourceLimitExceeded,
		ErrorCodeRevisionMissing,
		ErrorCodeThrottled,
		ErrorCodeTimeout,
		ErrorCodeCloudFormationStackFailure,
	}
}

// FileExistsBehavior is the enumeration of that name in the service model.
type FileExistsBehavior string

// The values of FileExistsBehavior.
const (
	FileExistsBehaviorDisallow  FileExistsBehavior = "DISALLOW"
	FileExistsBehaviorOverwrite FileExistsBehavior = "OVERWRITE"
	FileExistsBehaviorRetain    FileExistsBehavior = "RETAIN"
)

// Values returns the values that the model lists, in its order.
func (FileExistsBehavior) Values() []FileExistsBehavior {
	return []FileExistsBehavior{
		FileExistsBehaviorDisallow,
		FileExistsBehaviorOverwrite,
		FileExistsBehaviorRetain,
	}
}

// GreenFleetProvisioningAction is the enumeration of that name in the service model.
type GreenFleetProvisioningAction string

// The values of GreenFleetProvisioningAction.
const (
	GreenFleetProvisioningActionDiscoverExisting     GreenFleetProvisioningAction = "DISCOVER_EXISTING"
	GreenFleetProvisioningActionCopyAutoScalingGroup GreenFleetProvisioningAction = "COPY_AUTO_SCALING_GROUP"
)

// Values returns the values that the model lists, in its order.
func (GreenFleetProvisioningAction) Values() []GreenFleetProvisioningAction {
	return []GreenFleetProvisioningAction{
		GreenFleetProvisioningActionDiscoverExisting,
		GreenFleetProvisioningActionCopyAutoScalingGroup,
	}
}

// InstanceAction is the enumeration of that name in the service model.
type InstanceAction string

// The values of InstanceAction.
const (
	InstanceActionTerminate InstanceAction = "TERMINATE"
	InstanceActionKeepAlive InstanceAction = "KEEP_ALIVE"
)

// Values returns the values that the model lists, in its order.
func (InstanceAction) Values() []InstanceAction {
	return []InstanceAction{
		InstanceActionTerminate,
		InstanceActionKeepAlive,
	}
}

// InstanceStatus is the enumeration of that name in the service model.
// AWS says: InstanceStatus is deprecated, use TargetStatus instead.
type InstanceStatus string

// The values of InstanceStatus.
const (
	InstanceStatusPending    InstanceStatus = "Pending"
	InstanceStatusInProgress InstanceStatus = "InProgress"
	InstanceStatusSucceeded  InstanceStatus = "Succeeded"
	InstanceStatusFailed     InstanceStatus = "Failed"
	InstanceStatusSkipped    InstanceStatus = "Skipped"
	InstanceStatusUnknown    InstanceStatus = "Unknown"
	InstanceStatusReady      InstanceStatus = "Ready"
)

// Values returns the values that the model lists, in its order.
func (InstanceStatus) Values() []InstanceStatus {
	return []InstanceStatus{
		InstanceStatusPending,
		InstanceStatusInProgress,
		InstanceStatusSucceeded,
		InstanceStatusFailed,
		InstanceStatusSkipped,
		InstanceStatusUnknown,
		InstanceStatusReady,
	}
}

// InstanceType is the enumeration of that name in the service model.
type InstanceType string

// The values of InstanceType.
const (
	InstanceTypeBlue  InstanceType = "Blue"
	InstanceTypeGreen InstanceType = "Green"
)

// Values returns the values that the model lists, in its order.
func (InstanceType) Values() []InstanceType {
	return []InstanceType{
		InstanceTypeBlue,
		InstanceTypeGreen,
	}
}

// LifecycleErrorCode is the enumeration of that name in the service model.
type LifecycleErrorCode string

// The values of LifecycleErrorCode.
const (
	LifecycleErrorCodeSuccess             LifecycleErrorCode = "Success"
	LifecycleErrorCodeScriptMissing       LifecycleErrorCode = "ScriptMissing"
	LifecycleErrorCodeScriptNotExecutable LifecycleErrorCode = "ScriptNotExecutable"
	LifecycleErrorCodeScriptTimedOut      LifecycleErrorCode = "ScriptTimedOut"
	LifecycleErrorCodeScriptFailed        LifecycleErrorCode = "ScriptFailed"
	LifecycleErrorCodeUnknownError        LifecycleErrorCode = "UnknownError"
)

// Values returns the values that the model lists, in its order.
func (LifecycleErrorCode) Values() []LifecycleErrorCode {
	return []LifecycleErrorCode{
		LifecycleErrorCodeSuccess,
		LifecycleErrorCodeScriptMissing,
		LifecycleErrorCodeScriptNotExecutable,
		LifecycleErrorCodeScriptTimedOut,
		LifecycleErrorCodeScriptFailed,
		LifecycleErrorCodeUnknownError,
	}
}

// LifecycleEventStatus is the enumeration of that name in the service model.
type LifecycleEventStatus string

// The values of LifecycleEventStatus.
const (
	LifecycleEventStatusPending    LifecycleEventStatus = "Pending"
	LifecycleEventStatusInProgress LifecycleEventStatus = "InProgress"
	LifecycleEventStatusSucceeded  LifecycleEventStatus = "Succeeded"
	LifecycleEventStatusFailed     LifecycleEventStatus = "Failed"
	LifecycleEventStatusSkipped    LifecycleEventStatus = "Skipped"
	LifecycleEventStatusUnknown    LifecycleEventStatus = "Unknown"
)

// Values returns the values that the model lists, in its order.
func (LifecycleEventStatus) Values() []LifecycleEventStatus {
	return []LifecycleEventStatus{
		LifecycleEventStatusPending,
		LifecycleEventStatusInProgress,
		LifecycleEventStatusSucceeded,
		LifecycleEventStatusFailed,
		LifecycleEventStatusSkipped,
		LifecycleEventStatusUnknown,
	}
}

// ListStateFilterAction is the enumeration of that name in the service model.
type ListStateFilterAction string

// The values of ListStateFilterAction.
const (
	ListStateFilterActionInclude ListStateFilterAction = "include"
	ListStateFilterActionExclude ListStateFilterAction = "exclude"
	ListStateFilterActionIgnore  ListStateFilterAction = "ignore"
)

// Values returns the values that the model lists, in its order.
func (ListStateFilterAction) Values() []ListStateFilterAction {
	return []ListStateFilterAction{
		ListStateFilterActionInclude,
		ListStateFilterActionExclude,
		ListStateFilterActionIgnore,
	}
}

// MinimumHealthyHostsPerZoneType is the enumeration of that name in the service model.
type MinimumHealthyHostsPerZoneType string

// The values of MinimumHealthyHostsPerZoneType.
const (
	MinimumHealthyHostsPerZoneTypeHostCount    MinimumHealthyHostsPerZoneType = "HOST_COUNT"
	MinimumHealthyHostsPerZoneTypeFleetPercent MinimumHealthyHostsPerZoneType = "FLEET_PERCENT"
)

// Values returns the values that the model lists, in its order.
func (MinimumHealthyHostsPerZoneType) Values() []MinimumHealthyHostsPerZoneType {
	return []MinimumHealthyHostsPerZoneType{
		MinimumHealthyHostsPerZoneTypeHostCount,
		MinimumHealthyHostsPerZoneTypeFleetPercent,
	}
}

// MinimumHealthyHostsType is the enumeration of that name in the service model.
type MinimumHealthyHostsType string

// The values of MinimumHealthyHostsType.
const (
	MinimumHealthyHostsTypeHostCount    MinimumHealthyHostsType = "HOST_COUNT"
	MinimumHealthyHostsTypeFleetPercent MinimumHealthyHostsType = "FLEET_PERCENT"
)

// Values returns the values that the model lists, in its order.
func (MinimumHealthyHostsType) Values() []MinimumHealthyHostsType {
	return []MinimumHealthyHostsType{
		MinimumHealthyHostsTypeHostCount,
		MinimumHealthyHostsTypeFleetPercent,
	}
}

// OutdatedInstancesStrategy is the enumeration of that name in the service model.
type OutdatedInstancesStrategy string

// The values of OutdatedInstancesStrategy.
const (
	OutdatedInstancesStrategyUpdate OutdatedInstancesStrategy = "UPDATE"
	OutdatedInstancesStrategyIgnore OutdatedInstancesStrategy = "IGNORE"
)

// Values returns the values that the model lists, in its order.
func (OutdatedInstancesStrategy) Values() []OutdatedInstancesStrategy {
	return []OutdatedInstancesStrategy{
		OutdatedInstancesStrategyUpdate,
		OutdatedInstancesStrategyIgnore,
	}
}

// RegistrationStatus is the enumeration of that name in the service model.
type RegistrationStatus string

// The values of RegistrationStatus.
const (
	RegistrationStatusRegistered   RegistrationStatus = "Registered"
	RegistrationStatusDeregistered RegistrationStatus = "Deregistered"
)

// Values returns the values that the model lists, in its order.
func (RegistrationStatus) Values() []RegistrationStatus {
	return []RegistrationStatus{
		RegistrationStatusRegistered,
		RegistrationStatusDeregistered,
	}
}

// RevisionLocationType is the enumeration of that name in the service model.
type RevisionLocationType string

// The values of RevisionLocationType.
const (
	RevisionLocationTypeS3             RevisionLocationType = "S3"
	RevisionLocationTypeGitHub         RevisionLocationType = "GitHub"
	RevisionLocationTypeString         RevisionLocationType = "String"
	RevisionLocationTypeAppSpecContent RevisionLocationType = "AppSpecContent"
)

// Values returns the values that the model lists, in its order.
func (RevisionLocationType) Values() []RevisionLocationType {
	return []RevisionLocationType{
		RevisionLocationTypeS3,
		RevisionLocationTypeGitHub,
		RevisionLocationTypeString,
		RevisionLocationTypeAppSpecContent,
	}
}

// SortOrder is the enumeration of that name in the service model.
type SortOrder string

// The values of SortOrder.
const (
	SortOrderAscending  SortOrder = "ascending"
	SortOrderDescending SortOrder = "descending"
)

// Values returns the values that the model lists, in its order.
func (SortOrder) Values() []SortOrder {
	return []SortOrder{
		SortOrderAscending,
		SortOrderDescending,
	}
}

// StopStatus is the enumeration of that name in the service model.
type StopStatus string

// The values of StopStatus.
const (
	StopStatusPending   StopStatus = "Pending"
	StopStatusSucceeded StopStatus = "Succeeded"
)

// Values returns the values that the model lists, in its order.
func (StopStatus) Values() []StopStatus {
	return []StopStatus{
		StopStatusPending,
		StopStatusSucceeded,
	}
}

// TagFilterType is the enumeration of that name in the service model.
type TagFilterType string

// The values of TagFilterType.
const (
	TagFilterTypeKeyOnly     TagFilterType = "KEY_ONLY"
	TagFilterTypeValueOnly   TagFilterType = "VALUE_ONLY"
	TagFilterTypeKeyAndValue TagFilterType = "KEY_AND_VALUE"
)

// Values returns the values that the model lists, in its order.
func (TagFilterType) Values() []TagFilterType {
	return []TagFilterType{
		TagFilterTypeKeyOnly,
		TagFilterTypeValueOnly,
		TagFilterTypeKeyAndValue,
	}
}

// TargetFilterName is the enumeration of that name in the service model.
type TargetFilterName string

// The values of TargetFilterName.
const (
	TargetFilterNameTargetStatus        TargetFilterName = "TargetStatus"
	TargetFilterNameServerInstanceLabel TargetFilterName = "ServerInstanceLabel"
)

// Values returns the values that the model lists, in its order.
func (TargetFilterName) Values() []TargetFilterName {
	return []TargetFilterName{
		TargetFilterNameTargetStatus,
		TargetFilterNameServerInstanceLabel,
	}
}

// TargetLabel is the enumeration of that name in the service model.
type TargetLabel string

// The values of TargetLabel.
const (
	TargetLabelBlue  TargetLabel = "Blue"
	TargetLabelGreen TargetLabel = "Green"
)

// Values returns the values that the model lists, in its order.
func (TargetLabel) Values() []TargetLabel {
	return []TargetLabel{
		TargetLabelBlue,
		TargetLabelGreen,
	}
}

// TargetStatus is the enumeration of that name in the service model.
type TargetStatus string

// The values of TargetStatus.
const (
	TargetStatusPending    TargetStatus = "Pending"
	TargetStatusInProgress TargetStatus = "InProgress"
	TargetStatusSucceeded  TargetStatus = "Succeeded"
	TargetStatusFailed     TargetStatus = "Failed"
	TargetStatusSkipped    TargetStatus = "Skipped"
	TargetStatusUnknown    TargetStatus = "Unknown"
	TargetStatusReady      TargetStatus = "Ready"
)

// Values returns the values that the model lists, in its order.
func (TargetStatus) Values() []TargetStatus {
	return []TargetStatus{
		TargetStatusPending,
		TargetStatusInProgress,
		TargetStatusSucceeded,
		TargetStatusFailed,
		TargetStatusSkipped,
		TargetStatusUnknown,
		TargetStatusReady,
	}
}

// TrafficRoutingType is the enumeration of that name in the service model.
type TrafficRoutingType string

// The values of TrafficRoutingType.
const (
	TrafficRoutingTypeTimeBasedCanary TrafficRoutingType = "TimeBasedCanary"
	TrafficRoutingTypeTimeBasedLinear TrafficRoutingType = "TimeBasedLinear"
	TrafficRoutingTypeAllAtOnce       TrafficRoutingType = "AllAtOnce"
)

// Values returns the values that the model lists, in its order.
func (TrafficRoutingType) Values() []TrafficRoutingType {
	return []TrafficRoutingType{
		TrafficRoutingTypeTimeBasedCanary,
		TrafficRoutingTypeTimeBasedLinear,
		TrafficRoutingTypeAllAtOnce,
	}
}

// TriggerEventType is the enumeration of that name in the service model.
type TriggerEventType string

// The values of TriggerEventType.
const (
	TriggerEventTypeDeploymentStart    TriggerEventType = "DeploymentStart"
	TriggerEventTypeDeploymentSuccess  TriggerEventType = "DeploymentSuccess"
	TriggerEventTypeDeploymentFailure  TriggerEventType = "DeploymentFailure"
	TriggerEventTypeDeploymentStop     TriggerEventType = "DeploymentStop"
	TriggerEventTypeDeploymentRollback TriggerEventType = "DeploymentRollback"
	TriggerEventTypeDeploymentReady    TriggerEventType = "DeploymentReady"
	TriggerEventTypeInstanceStart      TriggerEventType = "InstanceStart"
	TriggerEventTypeInstanceSuccess    TriggerEventType = "InstanceSuccess"
	TriggerEventTypeInstanceFailure    TriggerEventType = "InstanceFailure"
	TriggerEventTypeInstanceReady      TriggerEventType = "InstanceReady"
)

// Values returns the values that the model lists, in its order.
func (TriggerEventType) Values() []TriggerEventType {
	return []TriggerEventType{
		TriggerEventTypeDeploymentStart,
		TriggerEventTypeDeploymentSuccess,
		TriggerEventTypeDeploymentFailure,
		TriggerEventTypeDeploymentStop,
		TriggerEventTypeDeploymentRollback,
		TriggerEventTypeDeploymentReady,
		TriggerEventTypeInstanceStart,
		TriggerEventTypeInstanceSuccess,
		TriggerEventTypeInstanceFailure,
		TriggerEventTypeInstanceReady,
	}
}
