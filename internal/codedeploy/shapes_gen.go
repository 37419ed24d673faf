// Code generated from the service model by generate. DO NOT EDIT.

package codedeploy

// AddTagsToOnPremisesInstancesInput is the request of AddTagsToOnPremisesInstances.
type AddTagsToOnPremisesInstancesInput struct {
	InstanceNames []string `json:"instanceNames,omitzero"`
	Tags          []Tag    `json:"tags,omitzero"`
}

// Alarm is the structure of that name in the service model.
type Alarm struct {
	Name string `json:"name,omitzero"`
}

// AlarmConfiguration is the structure of that name in the service model.
type AlarmConfiguration struct {
	Alarms                 []Alarm `json:"alarms,omitzero"`
	Enabled                *bool   `json:"enabled,omitzero"`
	IgnorePollAlarmFailure *bool   `json:"ignorePollAlarmFailure,omitzero"`
}

// AppSpecContent is the structure of that name in the service model.
type AppSpecContent struct {
	Content string `json:"content,omitzero"`
	SHA256  string `json:"sha256,omitzero"`
}

// ApplicationInfo is the structure of that name in the service model.
type ApplicationInfo struct {
	ApplicationID     string          `json:"applicationId,omitzero"`
	ApplicationName   string          `json:"applicationName,omitzero"`
	ComputePlatform   ComputePlatform `json:"computePlatform,omitzero"`
	CreateTime        Timestamp       `json:"createTime,omitzero"`
	GitHubAccountName string          `json:"gitHubAccountName,omitzero"`
	LinkedToGitHub    *bool           `json:"linkedToGitHub,omitzero"`
}

// AutoRollbackConfiguration is the structure of that name in the service model.
type AutoRollbackConfiguration struct {
	Enabled *bool               `json:"enabled,omitzero"`
	Events  []AutoRollbackEvent `json:"events,omitzero"`
}

// AutoScalingGroup is the structure of that name in the service model.
type AutoScalingGroup struct {
	Hook            string `json:"hook,omitzero"`
	Name            string `json:"name,omitzero"`
	TerminationHook string `json:"terminationHook,omitzero"`
}

// BatchGetApplicationRevisionsInput is the request of BatchGetApplicationRevisions.
type BatchGetApplicationRevisionsInput struct {
	ApplicationName string             `json:"applicationName,omitzero"`
	Revisions       []RevisionLocation `json:"revisions,omitzero"`
}

// BatchGetApplicationRevisionsOutput is the answer of BatchGetApplicationRevisions.
type BatchGetApplicationRevisionsOutput struct {
	ApplicationName string         `json:"applicationName,omitzero"`
	ErrorMessage    string         `json:"errorMessage"`
	Revisions       []RevisionInfo `json:"revisions,omitzero"`
}

// BatchGetApplicationsInput is the request of BatchGetApplications.
type BatchGetApplicationsInput struct {
	ApplicationNames []string `json:"applicationNames,omitzero"`
}

// BatchGetApplicationsOutput is the answer of BatchGetApplications.
type BatchGetApplicationsOutput struct {
	ApplicationsInfo []ApplicationInfo `json:"applicationsInfo,omitzero"`
}

// BatchGetDeploymentGroupsInput is the request of BatchGetDeploymentGroups.
type BatchGetDeploymentGroupsInput struct {
	ApplicationName      string   `json:"applicationName,omitzero"`
	DeploymentGroupNames []string `json:"deploymentGroupNames,omitzero"`
}

// BatchGetDeploymentGroupsOutput is the answer of BatchGetDeploymentGroups.
type BatchGetDeploymentGroupsOutput struct {
	DeploymentGroupsInfo []DeploymentGroupInfo `json:"deploymentGroupsInfo,omitzero"`
	ErrorMessage         string                `json:"errorMessage"`
}

// BatchGetDeploymentInstancesInput is the request of BatchGetDeploymentInstances.
type BatchGetDeploymentInstancesInput struct {
	DeploymentID string   `json:"deploymentId,omitzero"`
	InstanceIDs  []string `json:"instanceIds,omitzero"`
}

// BatchGetDeploymentInstancesOutput is the answer of BatchGetDeploymentInstances.
type BatchGetDeploymentInstancesOutput struct {
	ErrorMessage     string            `json:"errorMessage"`
	InstancesSummary []InstanceSummary `json:"instancesSummary,omitzero"`
}

// BatchGetDeploymentTargetsInput is the request of BatchGetDeploymentTargets.
type BatchGetDeploymentTargetsInput struct {
	DeploymentID string   `json:"deploymentId,omitzero"`
	TargetIDs    []string `json:"targetIds,omitzero"`
}

// BatchGetDeploymentTargetsOutput is the answer of BatchGetDeploymentTargets.
type BatchGetDeploymentTargetsOutput struct {
	DeploymentTargets []DeploymentTarget `json:"deploymentTargets,omitzero"`
}

// BatchGetDeploymentsInput is the request of BatchGetDeployments.
type BatchGetDeploymentsInput struct {
	DeploymentIDs []string `json:"deploymentIds,omitzero"`
}

// BatchGetDeploymentsOutput is the answer of BatchGetDeployments.
type BatchGetDeploymentsOutput struct {
	DeploymentsInfo []DeploymentInfo `json:"deploymentsInfo,omitzero"`
}

// BatchGetOnPremisesInstancesInput is the request of BatchGetOnPremisesInstances.
type BatchGetOnPremisesInstancesInput struct {
	InstanceNames []string `json:"instanceNames,omitzero"`
}

// BatchGetOnPremisesInstancesOutput is the answer of BatchGetOnPremisesInstances.
type BatchGetOnPremisesInstancesOutput struct {
	InstanceInfos []InstanceInfo `json:"instanceInfos,omitzero"`
}

// BlueGreenDeploymentConfiguration is the structure of that name in the service model.
type BlueGreenDeploymentConfiguration struct {
	DeploymentReadyOption                     *DeploymentReadyOption         `json:"deploymentReadyOption,omitzero"`
	GreenFleetProvisioningOption              *GreenFleetProvisioningOption  `json:"greenFleetProvisioningOption,omitzero"`
	TerminateBlueInstancesOnDeploymentSuccess *BlueInstanceTerminationOption `json:"terminateBlueInstancesOnDeploymentSuccess,omitzero"`
}

// BlueInstanceTerminationOption is the structure of that name in the service model.
type BlueInstanceTerminationOption struct {
	Action                       InstanceAction `json:"action,omitzero"`
	TerminationWaitTimeInMinutes *int64         `json:"terminationWaitTimeInMinutes,omitzero"`
}

// CloudFormationTarget is the structure of that name in the service model.
type CloudFormationTarget struct {
	DeploymentID        string           `json:"deploymentId,omitzero"`
	LastUpdatedAt       Timestamp        `json:"lastUpdatedAt,omitzero"`
	LifecycleEvents     []LifecycleEvent `json:"lifecycleEvents,omitzero"`
	ResourceType        string           `json:"resourceType,omitzero"`
	Status              TargetStatus     `json:"status,omitzero"`
	TargetID            string           `json:"targetId,omitzero"`
	TargetVersionWeight *Double          `json:"targetVersionWeight,omitzero"`
}

// ContinueDeploymentInput is the request of ContinueDeployment.
type ContinueDeploymentInput struct {
	DeploymentID       string             `json:"deploymentId,omitzero"`
	DeploymentWaitType DeploymentWaitType `json:"deploymentWaitType,omitzero"`
}

// CreateApplicationInput is the request of CreateApplication.
type CreateApplicationInput struct {
	ApplicationName string          `json:"applicationName,omitzero"`
	ComputePlatform ComputePlatform `json:"computePlatform,omitzero"`
	Tags            []Tag           `json:"tags,omitzero"`
}

// CreateApplicationOutput is the answer of CreateApplication.
type CreateApplicationOutput struct {
	ApplicationID string `json:"applicationId,omitzero"`
}

// CreateDeploymentConfigInput is the request of CreateDeploymentConfig.
type CreateDeploymentConfigInput struct {
	ComputePlatform      ComputePlatform       `json:"computePlatform,omitzero"`
	DeploymentConfigName string                `json:"deploymentConfigName,omitzero"`
	MinimumHealthyHosts  *MinimumHealthyHosts  `json:"minimumHealthyHosts,omitzero"`
	TrafficRoutingConfig *TrafficRoutingConfig `json:"trafficRoutingConfig,omitzero"`
	ZonalConfig          *ZonalConfig          `json:"zonalConfig,omitzero"`
}

// CreateDeploymentConfigOutput is the answer of CreateDeploymentConfig.
type CreateDeploymentConfigOutput struct {
	DeploymentConfigID string `json:"deploymentConfigId,omitzero"`
}

// CreateDeploymentGroupInput is the request of CreateDeploymentGroup.
type CreateDeploymentGroupInput struct {
	AlarmConfiguration               *AlarmConfiguration               `json:"alarmConfiguration,omitzero"`
	ApplicationName                  string                            `json:"applicationName,omitzero"`
	AutoRollbackConfiguration        *AutoRollbackConfiguration        `json:"autoRollbackConfiguration,omitzero"`
	AutoScalingGroups                []string                          `json:"autoScalingGroups,omitzero"`
	BlueGreenDeploymentConfiguration *BlueGreenDeploymentConfiguration `json:"blueGreenDeploymentConfiguration,omitzero"`
	DeploymentConfigName             string                            `json:"deploymentConfigName,omitzero"`
	DeploymentGroupName              string                            `json:"deploymentGroupName,omitzero"`
	DeploymentStyle                  *DeploymentStyle                  `json:"deploymentStyle,omitzero"`
	EC2TagFilters                    []EC2TagFilter                    `json:"ec2TagFilters,omitzero"`
	EC2TagSet                        *EC2TagSet                        `json:"ec2TagSet,omitzero"`
	ECSServices                      []ECSService                      `json:"ecsServices,omitzero"`
	LoadBalancerInfo                 *LoadBalancerInfo                 `json:"loadBalancerInfo,omitzero"`
	OnPremisesInstanceTagFilters     []TagFilter                       `json:"onPremisesInstanceTagFilters,omitzero"`
	OnPremisesTagSet                 *OnPremisesTagSet                 `json:"onPremisesTagSet,omitzero"`
	OutdatedInstancesStrategy        OutdatedInstancesStrategy         `json:"outdatedInstancesStrategy,omitzero"`
	ServiceRoleARN                   string                            `json:"serviceRoleArn,omitzero"`
	Tags                             []Tag                             `json:"tags,omitzero"`
	TerminationHookEnabled           *bool                             `json:"terminationHookEnabled,omitzero"`
	TriggerConfigurations            []TriggerConfig                   `json:"triggerConfigurations,omitzero"`
}

// CreateDeploymentGroupOutput is the answer of CreateDeploymentGroup.
type CreateDeploymentGroupOutput struct {
	DeploymentGroupID string `json:"deploymentGroupId,omitzero"`
}

// CreateDeploymentInput is the request of CreateDeployment.
type CreateDeploymentInput struct {
	ApplicationName               string                     `json:"applicationName,omitzero"`
	AutoRollbackConfiguration     *AutoRollbackConfiguration `json:"autoRollbackConfiguration,omitzero"`
	DeploymentConfigName          string                     `json:"deploymentConfigName,omitzero"`
	DeploymentGroupName           string                     `json:"deploymentGroupName,omitzero"`
	Description                   string                     `json:"description,omitzero"`
	FileExistsBehavior            FileExistsBehavior         `json:"fileExistsBehavior,omitzero"`
	IgnoreApplicationStopFailures *bool                      `json:"ignoreApplicationStopFailures,omitzero"`
	OverrideAlarmConfiguration    *AlarmConfiguration        `json:"overrideAlarmConfiguration,omitzero"`
	Revision                      *RevisionLocation          `json:"revision,omitzero"`
	TargetInstances               *TargetInstances           `json:"targetInstances,omitzero"`
	UpdateOutdatedInstancesOnly   *bool                      `json:"updateOutdatedInstancesOnly,omitzero"`
}

// CreateDeploymentOutput is the answer of CreateDeployment.
type CreateDeploymentOutput struct {
	DeploymentID string `json:"deploymentId,omitzero"`
}

// DeleteApplicationInput is the request of DeleteApplication.
type DeleteApplicationInput struct {
	ApplicationName string `json:"applicationName,omitzero"`
}

// DeleteDeploymentConfigInput is the request of DeleteDeploymentConfig.
type DeleteDeploymentConfigInput struct {
	DeploymentConfigName string `json:"deploymentConfigName,omitzero"`
}

// DeleteDeploymentGroupInput is the request of DeleteDeploymentGroup.
type DeleteDeploymentGroupInput struct {
	ApplicationName     string `json:"applicationName,omitzero"`
	DeploymentGroupName string `json:"deploymentGroupName,omitzero"`
}

// DeleteDeploymentGroupOutput is the answer of DeleteDeploymentGroup.
type DeleteDeploymentGroupOutput struct {
	HooksNotCleanedUp []AutoScalingGroup `json:"hooksNotCleanedUp,omitzero"`
}

// DeleteGitHubAccountTokenInput is the request of DeleteGitHubAccountToken.
type DeleteGitHubAccountTokenInput struct {
	TokenName string `json:"tokenName,omitzero"`
}

// DeleteGitHubAccountTokenOutput is the answer of DeleteGitHubAccountToken.
type DeleteGitHubAccountTokenOutput struct {
	TokenName string `json:"tokenName,omitzero"`
}

// DeleteResourcesByExternalIDInput is the request of DeleteResourcesByExternalId.
type DeleteResourcesByExternalIDInput struct {
	ExternalID string `json:"externalId,omitzero"`
}

// DeleteResourcesByExternalIDOutput is the answer of DeleteResourcesByExternalId.
type DeleteResourcesByExternalIDOutput struct {
}

// DeploymentConfigInfo is the structure of that name in the service model.
type DeploymentConfigInfo struct {
	ComputePlatform      ComputePlatform       `json:"computePlatform,omitzero"`
	CreateTime           Timestamp             `json:"createTime,omitzero"`
	DeploymentConfigID   string                `json:"deploymentConfigId,omitzero"`
	DeploymentConfigName string                `json:"deploymentConfigName,omitzero"`
	MinimumHealthyHosts  *MinimumHealthyHosts  `json:"minimumHealthyHosts,omitzero"`
	TrafficRoutingConfig *TrafficRoutingConfig `json:"trafficRoutingConfig,omitzero"`
	ZonalConfig          *ZonalConfig          `json:"zonalConfig,omitzero"`
}

// DeploymentGroupInfo is the structure of that name in the service model.
type DeploymentGroupInfo struct {
	AlarmConfiguration               *AlarmConfiguration               `json:"alarmConfiguration,omitzero"`
	ApplicationName                  string                            `json:"applicationName,omitzero"`
	AutoRollbackConfiguration        *AutoRollbackConfiguration        `json:"autoRollbackConfiguration,omitzero"`
	AutoScalingGroups                []AutoScalingGroup                `json:"autoScalingGroups,omitzero"`
	BlueGreenDeploymentConfiguration *BlueGreenDeploymentConfiguration `json:"blueGreenDeploymentConfiguration,omitzero"`
	ComputePlatform                  ComputePlatform                   `json:"computePlatform,omitzero"`
	DeploymentConfigName             string                            `json:"deploymentConfigName,omitzero"`
	DeploymentGroupID                string                            `json:"deploymentGroupId,omitzero"`
	DeploymentGroupName              string                            `json:"deploymentGroupName,omitzero"`
	DeploymentStyle                  *DeploymentStyle                  `json:"deploymentStyle,omitzero"`
	EC2TagFilters                    []EC2TagFilter                    `json:"ec2TagFilters,omitzero"`
	EC2TagSet                        *EC2TagSet                        `json:"ec2TagSet,omitzero"`
	ECSServices                      []ECSService                      `json:"ecsServices,omitzero"`
	LastAttemptedDeployment          *LastDeploymentInfo               `json:"lastAttemptedDeployment,omitzero"`
	LastSuccessfulDeployment         *LastDeploymentInfo               `json:"lastSuccessfulDeployment,omitzero"`
	LoadBalancerInfo                 *LoadBalancerInfo                 `json:"loadBalancerInfo,omitzero"`
	OnPremisesInstanceTagFilters     []TagFilter                       `json:"onPremisesInstanceTagFilters,omitzero"`
	OnPremisesTagSet                 *OnPremisesTagSet                 `json:"onPremisesTagSet,omitzero"`
	OutdatedInstancesStrategy        OutdatedInstancesStrategy         `json:"outdatedInstancesStrategy,omitzero"`
	ServiceRoleARN                   string                            `json:"serviceRoleArn,omitzero"`
	TargetRevision                   *RevisionLocation                 `json:"targetRevision,omitzero"`
	TerminationHookEnabled           *bool                             `json:"terminationHookEnabled,omitzero"`
	TriggerConfigurations            []TriggerConfig                   `json:"triggerConfigurations,omitzero"`
}

// DeploymentInfo is the structure of that name in the service model.
type DeploymentInfo struct {
	AdditionalDeploymentStatusInfo     string                            `json:"additionalDeploymentStatusInfo,omitzero"`
	ApplicationName                    string                            `json:"applicationName,omitzero"`
	AutoRollbackConfiguration          *AutoRollbackConfiguration        `json:"autoRollbackConfiguration,omitzero"`
	BlueGreenDeploymentConfiguration   *BlueGreenDeploymentConfiguration `json:"blueGreenDeploymentConfiguration,omitzero"`
	CompleteTime                       Timestamp                         `json:"completeTime,omitzero"`
	ComputePlatform                    ComputePlatform                   `json:"computePlatform,omitzero"`
	CreateTime                         Timestamp                         `json:"createTime,omitzero"`
	Creator                            DeploymentCreator                 `json:"creator,omitzero"`
	DeploymentConfigName               string                            `json:"deploymentConfigName,omitzero"`
	DeploymentGroupName                string                            `json:"deploymentGroupName,omitzero"`
	DeploymentID                       string                            `json:"deploymentId,omitzero"`
	DeploymentOverview                 *DeploymentOverview               `json:"deploymentOverview,omitzero"`
	DeploymentStatusMessages           []string                          `json:"deploymentStatusMessages,omitzero"`
	DeploymentStyle                    *DeploymentStyle                  `json:"deploymentStyle,omitzero"`
	Description                        string                            `json:"description,omitzero"`
	ErrorInformation                   *ErrorInformation                 `json:"errorInformation,omitzero"`
	ExternalID                         string                            `json:"externalId,omitzero"`
	FileExistsBehavior                 FileExistsBehavior                `json:"fileExistsBehavior,omitzero"`
	IgnoreApplicationStopFailures      *bool                             `json:"ignoreApplicationStopFailures,omitzero"`
	InstanceTerminationWaitTimeStarted *bool                             `json:"instanceTerminationWaitTimeStarted,omitzero"`
	LoadBalancerInfo                   *LoadBalancerInfo                 `json:"loadBalancerInfo,omitzero"`
	OverrideAlarmConfiguration         *AlarmConfiguration               `json:"overrideAlarmConfiguration,omitzero"`
	PreviousRevision                   *RevisionLocation                 `json:"previousRevision,omitzero"`
	RelatedDeployments                 *RelatedDeployments               `json:"relatedDeployments,omitzero"`
	Revision                           *RevisionLocation                 `json:"revision,omitzero"`
	RollbackInfo                       *RollbackInfo                     `json:"rollbackInfo,omitzero"`
	StartTime                          Timestamp                         `json:"startTime,omitzero"`
	Status                             DeploymentStatus                  `json:"status,omitzero"`
	TargetInstances                    *TargetInstances                  `json:"targetInstances,omitzero"`
	UpdateOutdatedInstancesOnly        *bool                             `json:"updateOutdatedInstancesOnly,omitzero"`
}

// DeploymentOverview is the structure of that name in the service model.
type DeploymentOverview struct {
	Failed     *int64 `json:"Failed,omitzero"`
	InProgress *int64 `json:"InProgress,omitzero"`
	Pending    *int64 `json:"Pending,omitzero"`
	Ready      *int64 `json:"Ready,omitzero"`
	Skipped    *int64 `json:"Skipped,omitzero"`
	Succeeded  *int64 `json:"Succeeded,omitzero"`
}

// DeploymentReadyOption is the structure of that name in the service model.
type DeploymentReadyOption struct {
	ActionOnTimeout   DeploymentReadyAction `json:"actionOnTimeout,omitzero"`
	WaitTimeInMinutes *int64                `json:"waitTimeInMinutes,omitzero"`
}

// DeploymentStyle is the structure of that name in the service model.
type DeploymentStyle struct {
	DeploymentOption DeploymentOption `json:"deploymentOption,omitzero"`
	DeploymentType   DeploymentType   `json:"deploymentType,omitzero"`
}

// DeploymentTarget is the structure of that name in the service model.
type DeploymentTarget struct {
	CloudFormationTarget *CloudFormationTarget `json:"cloudFormationTarget,omitzero"`
	DeploymentTargetType DeploymentTargetType  `json:"deploymentTargetType,omitzero"`
	ECSTarget            *ECSTarget            `json:"ecsTarget,omitzero"`
	InstanceTarget       *InstanceTarget       `json:"instanceTarget,omitzero"`
	LambdaTarget         *LambdaTarget         `json:"lambdaTarget,omitzero"`
}

// DeregisterOnPremisesInstanceInput is the request of DeregisterOnPremisesInstance.
type DeregisterOnPremisesInstanceInput struct {
	InstanceName string `json:"instanceName,omitzero"`
}

// Diagnostics is the structure of that name in the service model.
type Diagnostics struct {
	ErrorCode  LifecycleErrorCode `json:"errorCode,omitzero"`
	LogTail    string             `json:"logTail"`
	Message    string             `json:"message"`
	ScriptName string             `json:"scriptName"`
}

// EC2TagFilter is the structure of that name in the service model.
type EC2TagFilter struct {
	Key   string           `json:"Key,omitzero"`
	Type  EC2TagFilterType `json:"Type,omitzero"`
	Value string           `json:"Value,omitzero"`
}

// EC2TagSet is the structure of that name in the service model.
type EC2TagSet struct {
	EC2TagSetList [][]EC2TagFilter `json:"ec2TagSetList,omitzero"`
}

// ECSService is the structure of that name in the service model.
type ECSService struct {
	ClusterName string `json:"clusterName,omitzero"`
	ServiceName string `json:"serviceName,omitzero"`
}

// ECSTarget is the structure of that name in the service model.
type ECSTarget struct {
	DeploymentID    string           `json:"deploymentId,omitzero"`
	LastUpdatedAt   Timestamp        `json:"lastUpdatedAt,omitzero"`
	LifecycleEvents []LifecycleEvent `json:"lifecycleEvents,omitzero"`
	Status          TargetStatus     `json:"status,omitzero"`
	TargetARN       string           `json:"targetArn,omitzero"`
	TargetID        string           `json:"targetId,omitzero"`
	TaskSetsInfo    []ECSTaskSet     `json:"taskSetsInfo,omitzero"`
}

// ECSTaskSet is the structure of that name in the service model.
type ECSTaskSet struct {
	DesiredCount  *int64           `json:"desiredCount,omitzero"`
	Identifer     string           `json:"identifer,omitzero"`
	PendingCount  *int64           `json:"pendingCount,omitzero"`
	RunningCount  *int64           `json:"runningCount,omitzero"`
	Status        string           `json:"status,omitzero"`
	TargetGroup   *TargetGroupInfo `json:"targetGroup,omitzero"`
	TaskSetLabel  TargetLabel      `json:"taskSetLabel,omitzero"`
	TrafficWeight *Double          `json:"trafficWeight,omitzero"`
}

// ELBInfo is the structure of that name in the service model.
type ELBInfo struct {
	Name string `json:"name,omitzero"`
}

// ErrorInformation is the structure of that name in the service model.
type ErrorInformation struct {
	Code    ErrorCode `json:"code,omitzero"`
	Message string    `json:"message,omitzero"`
}

// GenericRevisionInfo is the structure of that name in the service model.
type GenericRevisionInfo struct {
	DeploymentGroups []string  `json:"deploymentGroups,omitzero"`
	Description      string    `json:"description,omitzero"`
	FirstUsedTime    Timestamp `json:"firstUsedTime,omitzero"`
	LastUsedTime     Timestamp `json:"lastUsedTime,omitzero"`
	RegisterTime     Timestamp `json:"registerTime,omitzero"`
}

// GetApplicationInput is the request of GetApplication.
type GetApplicationInput struct {
	ApplicationName string `json:"applicationName,omitzero"`
}

// GetApplicationOutput is the answer of GetApplication.
type GetApplicationOutput struct {
	Application *ApplicationInfo `json:"application,omitzero"`
}

// GetApplicationRevisionInput is the request of GetApplicationRevision.
type GetApplicationRevisionInput struct {
	ApplicationName string            `json:"applicationName,omitzero"`
	Revision        *RevisionLocation `json:"revision,omitzero"`
}

// GetApplicationRevisionOutput is the answer of GetApplicationRevision.
type GetApplicationRevisionOutput struct {
	ApplicationName string               `json:"applicationName,omitzero"`
	Revision        *RevisionLocation    `json:"revision,omitzero"`
	RevisionInfo    *GenericRevisionInfo `json:"revisionInfo,omitzero"`
}

// GetDeploymentConfigInput is the request of GetDeploymentConfig.
type GetDeploymentConfigInput struct {
	DeploymentConfigName string `json:"deploymentConfigName,omitzero"`
}

// GetDeploymentConfigOutput is the answer of GetDeploymentConfig.
type GetDeploymentConfigOutput struct {
	DeploymentConfigInfo *DeploymentConfigInfo `json:"deploymentConfigInfo,omitzero"`
}

// GetDeploymentGroupInput is the request of GetDeploymentGroup.
type GetDeploymentGroupInput struct {
	ApplicationName     string `json:"applicationName,omitzero"`
	DeploymentGroupName string `json:"deploymentGroupName,omitzero"`
}

// GetDeploymentGroupOutput is the answer of GetDeploymentGroup.
type GetDeploymentGroupOutput struct {
	DeploymentGroupInfo *DeploymentGroupInfo `json:"deploymentGroupInfo,omitzero"`
}

// GetDeploymentInput is the request of GetDeployment.
type GetDeploymentInput struct {
	DeploymentID string `json:"deploymentId,omitzero"`
}

// GetDeploymentInstanceInput is the request of GetDeploymentInstance.
type GetDeploymentInstanceInput struct {
	DeploymentID string `json:"deploymentId,omitzero"`
	InstanceID   string `json:"instanceId,omitzero"`
}

// GetDeploymentInstanceOutput is the answer of GetDeploymentInstance.
type GetDeploymentInstanceOutput struct {
	InstanceSummary *InstanceSummary `json:"instanceSummary,omitzero"`
}

// GetDeploymentOutput is the answer of GetDeployment.
type GetDeploymentOutput struct {
	DeploymentInfo *DeploymentInfo `json:"deploymentInfo,omitzero"`
}

// GetDeploymentTargetInput is the request of GetDeploymentTarget.
type GetDeploymentTargetInput struct {
	DeploymentID string `json:"deploymentId,omitzero"`
	TargetID     string `json:"targetId,omitzero"`
}

// GetDeploymentTargetOutput is the answer of GetDeploymentTarget.
type GetDeploymentTargetOutput struct {
	DeploymentTarget *DeploymentTarget `json:"deploymentTarget,omitzero"`
}

// GetOnPremisesInstanceInput is the request of GetOnPremisesInstance.
type GetOnPremisesInstanceInput struct {
	InstanceName string `json:"instanceName,omitzero"`
}

// GetOnPremisesInstanceOutput is the answer of GetOnPremisesInstance.
type GetOnPremisesInstanceOutput struct {
	InstanceInfo *InstanceInfo `json:"instanceInfo,omitzero"`
}

// GitHubLocation is the structure of that name in the service model.
type GitHubLocation struct {
	CommitID   string `json:"commitId,omitzero"`
	Repository string `json:"repository,omitzero"`
}

// GreenFleetProvisioningOption is the structure of that name in the service model.
type GreenFleetProvisioningOption struct {
	Action GreenFleetProvisioningAction `json:"action,omitzero"`
}

// InstanceInfo is the structure of that name in the service model.
type InstanceInfo struct {
	DeregisterTime Timestamp `json:"deregisterTime,omitzero"`
	IAMSessionARN  string    `json:"iamSessionArn,omitzero"`
	IAMUserARN     string    `json:"iamUserArn,omitzero"`
	InstanceARN    string    `json:"instanceArn,omitzero"`
	InstanceName   string    `json:"instanceName,omitzero"`
	RegisterTime   Timestamp `json:"registerTime,omitzero"`
	Tags           []Tag     `json:"tags,omitzero"`
}

// InstanceSummary is the structure of that name in the service model.
// AWS says: InstanceSummary is deprecated, use DeploymentTarget instead.
type InstanceSummary struct {
	DeploymentID    string           `json:"deploymentId,omitzero"`
	InstanceID      string           `json:"instanceId,omitzero"`
	InstanceType    InstanceType     `json:"instanceType,omitzero"`
	LastUpdatedAt   Timestamp        `json:"lastUpdatedAt,omitzero"`
	LifecycleEvents []LifecycleEvent `json:"lifecycleEvents,omitzero"`
	Status          InstanceStatus   `json:"status,omitzero"`
}

// InstanceTarget is the structure of that name in the service model.
type InstanceTarget struct {
	DeploymentID    string           `json:"deploymentId,omitzero"`
	InstanceLabel   TargetLabel      `json:"instanceLabel,omitzero"`
	LastUpdatedAt   Timestamp        `json:"lastUpdatedAt,omitzero"`
	LifecycleEvents []LifecycleEvent `json:"lifecycleEvents,omitzero"`
	Status          TargetStatus     `json:"status,omitzero"`
	TargetARN       string           `json:"targetArn,omitzero"`
	TargetID        string           `json:"targetId,omitzero"`
}

// LambdaFunctionInfo is the structure of that name in the service model.
type LambdaFunctionInfo struct {
	CurrentVersion      string  `json:"currentVersion,omitzero"`
	FunctionAlias       string  `json:"functionAlias,omitzero"`
	FunctionName        string  `json:"functionName,omitzero"`
	TargetVersion       string  `json:"targetVersion,omitzero"`
	TargetVersionWeight *Double `json:"targetVersionWeight,omitzero"`
}

// LambdaTarget is the structure of that name in the service model.
type LambdaTarget struct {
	DeploymentID       string              `json:"deploymentId,omitzero"`
	LambdaFunctionInfo *LambdaFunctionInfo `json:"lambdaFunctionInfo,omitzero"`
	LastUpdatedAt      Timestamp           `json:"lastUpdatedAt,omitzero"`
	LifecycleEvents    []LifecycleEvent    `json:"lifecycleEvents,omitzero"`
	Status             TargetStatus        `json:"status,omitzero"`
	TargetARN          string              `json:"targetArn,omitzero"`
	TargetID           string              `json:"targetId,omitzero"`
}

// LastDeploymentInfo is the structure of that name in the service model.
type LastDeploymentInfo struct {
	CreateTime   Timestamp        `json:"createTime,omitzero"`
	DeploymentID string           `json:"deploymentId,omitzero"`
	EndTime      Timestamp        `json:"endTime,omitzero"`
	Status       DeploymentStatus `json:"status,omitzero"`
}

// LifecycleEvent is the structure of that name in the service model.
type LifecycleEvent struct {
	Diagnostics        *Diagnostics         `json:"diagnostics,omitzero"`
	EndTime            Timestamp            `json:"endTime,omitzero"`
	LifecycleEventName LifecycleEventName   `json:"lifecycleEventName,omitzero"`
	StartTime          Timestamp            `json:"startTime,omitzero"`
	Status             LifecycleEventStatus `json:"status,omitzero"`
}

// ListApplicationRevisionsInput is the request of ListApplicationRevisions.
type ListApplicationRevisionsInput struct {
	ApplicationName string                    `json:"applicationName,omitzero"`
	Deployed        ListStateFilterAction     `json:"deployed,omitzero"`
	NextToken       string                    `json:"nextToken,omitzero"`
	S3Bucket        string                    `json:"s3Bucket,omitzero"`
	S3KeyPrefix     string                    `json:"s3KeyPrefix,omitzero"`
	SortBy          ApplicationRevisionSortBy `json:"sortBy,omitzero"`
	SortOrder       SortOrder                 `json:"sortOrder,omitzero"`
}

// ListApplicationRevisionsOutput is the answer of ListApplicationRevisions.
type ListApplicationRevisionsOutput struct {
	NextToken string             `json:"nextToken,omitzero"`
	Revisions []RevisionLocation `json:"revisions,omitzero"`
}

// ListApplicationsInput is the request of ListApplications.
type ListApplicationsInput struct {
	NextToken string `json:"nextToken,omitzero"`
}

// ListApplicationsOutput is the answer of ListApplications.
type ListApplicationsOutput struct {
	Applications []string `json:"applications,omitzero"`
	NextToken    string   `json:"nextToken,omitzero"`
}

// ListDeploymentConfigsInput is the request of ListDeploymentConfigs.
type ListDeploymentConfigsInput struct {
	NextToken string `json:"nextToken,omitzero"`
}

// ListDeploymentConfigsOutput is the answer of ListDeploymentConfigs.
type ListDeploymentConfigsOutput struct {
	DeploymentConfigsList []string `json:"deploymentConfigsList,omitzero"`
	NextToken             string   `json:"nextToken,omitzero"`
}

// ListDeploymentGroupsInput is the request of ListDeploymentGroups.
type ListDeploymentGroupsInput struct {
	ApplicationName string `json:"applicationName,omitzero"`
	NextToken       string `json:"nextToken,omitzero"`
}

// ListDeploymentGroupsOutput is the answer of ListDeploymentGroups.
type ListDeploymentGroupsOutput struct {
	ApplicationName  string   `json:"applicationName,omitzero"`
	DeploymentGroups []string `json:"deploymentGroups,omitzero"`
	NextToken        string   `json:"nextToken,omitzero"`
}

// ListDeploymentInstancesInput is the request of ListDeploymentInstances.
type ListDeploymentInstancesInput struct {
	DeploymentID         string           `json:"deploymentId,omitzero"`
	InstanceStatusFilter []InstanceStatus `json:"instanceStatusFilter,omitzero"`
	InstanceTypeFilter   []InstanceType   `json:"instanceTypeFilter,omitzero"`
	NextToken            string           `json:"nextToken,omitzero"`
}

// ListDeploymentInstancesOutput is the answer of ListDeploymentInstances.
type ListDeploymentInstancesOutput struct {
	InstancesList []string `json:"instancesList,omitzero"`
	NextToken     string   `json:"nextToken,omitzero"`
}

// ListDeploymentTargetsInput is the request of ListDeploymentTargets.
type ListDeploymentTargetsInput struct {
	DeploymentID  string                        `json:"deploymentId,omitzero"`
	NextToken     string                        `json:"nextToken,omitzero"`
	TargetFilters map[TargetFilterName][]string `json:"targetFilters,omitzero"`
}

// ListDeploymentTargetsOutput is the answer of ListDeploymentTargets.
type ListDeploymentTargetsOutput struct {
	NextToken string   `json:"nextToken,omitzero"`
	TargetIDs []string `json:"targetIds,omitzero"`
}

// ListDeploymentsInput is the request of ListDeployments.
type ListDeploymentsInput struct {
	ApplicationName     string             `json:"applicationName,omitzero"`
	CreateTimeRange     *TimeRange         `json:"createTimeRange,omitzero"`
	DeploymentGroupName string             `json:"deploymentGroupName,omitzero"`
	ExternalID          string             `json:"externalId,omitzero"`
	IncludeOnlyStatuses []DeploymentStatus `json:"includeOnlyStatuses,omitzero"`
	NextToken           string             `json:"nextToken,omitzero"`
}

// ListDeploymentsOutput is the answer of ListDeployments.
type ListDeploymentsOutput struct {
	Deployments []string `json:"deployments,omitzero"`
	NextToken   string   `json:"nextToken,omitzero"`
}

// ListGitHubAccountTokenNamesInput is the request of ListGitHubAccountTokenNames.
type ListGitHubAccountTokenNamesInput struct {
	NextToken string `json:"nextToken,omitzero"`
}

// ListGitHubAccountTokenNamesOutput is the answer of ListGitHubAccountTokenNames.
type ListGitHubAccountTokenNamesOutput struct {
	NextToken     string   `json:"nextToken,omitzero"`
	TokenNameList []string `json:"tokenNameList,omitzero"`
}

// ListOnPremisesInstancesInput is the request of ListOnPremisesInstances.
type ListOnPremisesInstancesInput struct {
	NextToken          string             `json:"nextToken,omitzero"`
	RegistrationStatus RegistrationStatus `json:"registrationStatus,omitzero"`
	TagFilters         []TagFilter        `json:"tagFilters,omitzero"`
}

// ListOnPremisesInstancesOutput is the answer of ListOnPremisesInstances.
type ListOnPremisesInstancesOutput struct {
	InstanceNames []string `json:"instanceNames,omitzero"`
	NextToken     string   `json:"nextToken,omitzero"`
}

// ListTagsForResourceInput is the request of ListTagsForResource.
type ListTagsForResourceInput struct {
	NextToken   string `json:"NextToken,omitzero"`
	ResourceARN string `json:"ResourceArn,omitzero"`
}

// ListTagsForResourceOutput is the answer of ListTagsForResource.
type ListTagsForResourceOutput struct {
	NextToken string `json:"NextToken,omitzero"`
	Tags      []Tag  `json:"Tags,omitzero"`
}

// LoadBalancerInfo is the structure of that name in the service model.
type LoadBalancerInfo struct {
	ELBInfoList             []ELBInfo             `json:"elbInfoList,omitzero"`
	TargetGroupInfoList     []TargetGroupInfo     `json:"targetGroupInfoList,omitzero"`
	TargetGroupPairInfoList []TargetGroupPairInfo `json:"targetGroupPairInfoList,omitzero"`
}

// MinimumHealthyHosts is the structure of that name in the service model.
type MinimumHealthyHosts struct {
	Type  MinimumHealthyHostsType `json:"type,omitzero"`
	Value *int64                  `json:"value,omitzero"`
}

// MinimumHealthyHostsPerZone is the structure of that name in the service model.
type MinimumHealthyHostsPerZone struct {
	Type  MinimumHealthyHostsPerZoneType `json:"type,omitzero"`
	Value *int64                         `json:"value,omitzero"`
}

// OnPremisesTagSet is the structure of that name in the service model.
type OnPremisesTagSet struct {
	OnPremisesTagSetList [][]TagFilter `json:"onPremisesTagSetList,omitzero"`
}

// PutLifecycleEventHookExecutionStatusInput is the request of PutLifecycleEventHookExecutionStatus.
type PutLifecycleEventHookExecutionStatusInput struct {
	DeploymentID                  string               `json:"deploymentId,omitzero"`
	LifecycleEventHookExecutionID string               `json:"lifecycleEventHookExecutionId,omitzero"`
	Status                        LifecycleEventStatus `json:"status,omitzero"`
}

// PutLifecycleEventHookExecutionStatusOutput is the answer of PutLifecycleEventHookExecutionStatus.
type PutLifecycleEventHookExecutionStatusOutput struct {
	LifecycleEventHookExecutionID string `json:"lifecycleEventHookExecutionId,omitzero"`
}

// RawString is the structure of that name in the service model.
// AWS says: RawString and String revision type are deprecated, use AppSpecContent type instead.
type RawString struct {
	Content string `json:"content,omitzero"`
	SHA256  string `json:"sha256,omitzero"`
}

// RegisterApplicationRevisionInput is the request of RegisterApplicationRevision.
type RegisterApplicationRevisionInput struct {
	ApplicationName string            `json:"applicationName,omitzero"`
	Description     string            `json:"description,omitzero"`
	Revision        *RevisionLocation `json:"revision,omitzero"`
}

// RegisterOnPremisesInstanceInput is the request of RegisterOnPremisesInstance.
type RegisterOnPremisesInstanceInput struct {
	IAMSessionARN string `json:"iamSessionArn,omitzero"`
	IAMUserARN    string `json:"iamUserArn,omitzero"`
	InstanceName  string `json:"instanceName,omitzero"`
}

// RelatedDeployments is the structure of that name in the service model.
type RelatedDeployments struct {
	AutoUpdateOutdatedInstancesDeploymentIDs    []string `json:"autoUpdateOutdatedInstancesDeploymentIds,omitzero"`
	AutoUpdateOutdatedInstancesRootDeploymentID string   `json:"autoUpdateOutdatedInstancesRootDeploymentId,omitzero"`
}

// RemoveTagsFromOnPremisesInstancesInput is the request of RemoveTagsFromOnPremisesInstances.
type RemoveTagsFromOnPremisesInstancesInput struct {
	InstanceNames []string `json:"instanceNames,omitzero"`
	Tags          []Tag    `json:"tags,omitzero"`
}

// RevisionInfo is the structure of that name in the service model.
type RevisionInfo struct {
	GenericRevisionInfo *GenericRevisionInfo `json:"genericRevisionInfo,omitzero"`
	RevisionLocation    *RevisionLocation    `json:"revisionLocation,omitzero"`
}

// RevisionLocation is the structure of that name in the service model.
type RevisionLocation struct {
	AppSpecContent *AppSpecContent      `json:"appSpecContent,omitzero"`
	GitHubLocation *GitHubLocation      `json:"gitHubLocation,omitzero"`
	RevisionType   RevisionLocationType `json:"revisionType,omitzero"`
	S3Location     *S3Location          `json:"s3Location,omitzero"`
	String         *RawString           `json:"string,omitzero"`
}

// RollbackInfo is the structure of that name in the service model.
type RollbackInfo struct {
	RollbackDeploymentID           string `json:"rollbackDeploymentId,omitzero"`
	RollbackMessage                string `json:"rollbackMessage,omitzero"`
	RollbackTriggeringDeploymentID string `json:"rollbackTriggeringDeploymentId,omitzero"`
}

// S3Location is the structure of that name in the service model.
type S3Location struct {
	Bucket     string     `json:"bucket,omitzero"`
	BundleType BundleType `json:"bundleType,omitzero"`
	ETag       string     `json:"eTag,omitzero"`
	Key        string     `json:"key,omitzero"`
	Version    string     `json:"version,omitzero"`
}

// SkipWaitTimeForInstanceTerminationInput is the request of SkipWaitTimeForInstanceTermination.
type SkipWaitTimeForInstanceTerminationInput struct {
	DeploymentID string `json:"deploymentId,omitzero"`
}

// StopDeploymentInput is the request of StopDeployment.
type StopDeploymentInput struct {
	AutoRollbackEnabled *bool  `json:"autoRollbackEnabled,omitzero"`
	DeploymentID        string `json:"deploymentId,omitzero"`
}

// StopDeploymentOutput is the answer of StopDeployment.
type StopDeploymentOutput struct {
	Status        StopStatus `json:"status,omitzero"`
	StatusMessage string     `json:"statusMessage,omitzero"`
}

// Tag is the structure of that name in the service model.
type Tag struct {
	Key   string `json:"Key,omitzero"`
	Value string `json:"Value,omitzero"`
}

// TagFilter is the structure of that name in the service model.
type TagFilter struct {
	Key   string        `json:"Key,omitzero"`
	Type  TagFilterType `json:"Type,omitzero"`
	Value string        `json:"Value,omitzero"`
}

// TagResourceInput is the request of TagResource.
type TagResourceInput struct {
	ResourceARN string `json:"ResourceArn,omitzero"`
	Tags        []Tag  `json:"Tags,omitzero"`
}

// TagResourceOutput is the answer of TagResource.
type TagResourceOutput struct {
}

// TargetGroupInfo is the structure of that name in the service model.
type TargetGroupInfo struct {
	Name string `json:"name,omitzero"`
}

// TargetGroupPairInfo is the structure of that name in the service model.
type TargetGroupPairInfo struct {
	ProdTrafficRoute *TrafficRoute     `json:"prodTrafficRoute,omitzero"`
	TargetGroups     []TargetGroupInfo `json:"targetGroups,omitzero"`
	TestTrafficRoute *TrafficRoute     `json:"testTrafficRoute,omitzero"`
}

// TargetInstances is the structure of that name in the service model.
type TargetInstances struct {
	AutoScalingGroups []string       `json:"autoScalingGroups,omitzero"`
	EC2TagSet         *EC2TagSet     `json:"ec2TagSet,omitzero"`
	TagFilters        []EC2TagFilter `json:"tagFilters,omitzero"`
}

// TimeBasedCanary is the structure of that name in the service model.
type TimeBasedCanary struct {
	CanaryInterval   *int64 `json:"canaryInterval,omitzero"`
	CanaryPercentage *int64 `json:"canaryPercentage,omitzero"`
}

// TimeBasedLinear is the structure of that name in the service model.
type TimeBasedLinear struct {
	LinearInterval   *int64 `json:"linearInterval,omitzero"`
	LinearPercentage *int64 `json:"linearPercentage,omitzero"`
}

// TimeRange is the structure of that name in the service model.
type TimeRange struct {
	End   Timestamp `json:"end,omitzero"`
	Start Timestamp `json:"start,omitzero"`
}

// TrafficRoute is the structure of that name in the service model.
type TrafficRoute struct {
	ListenerARNs []string `json:"listenerArns,omitzero"`
}

// TrafficRoutingConfig is the structure of that name in the service model.
type TrafficRoutingConfig struct {
	TimeBasedCanary *TimeBasedCanary   `json:"timeBasedCanary,omitzero"`
	TimeBasedLinear *TimeBasedLinear   `json:"timeBasedLinear,omitzero"`
	Type            TrafficRoutingType `json:"type,omitzero"`
}

// TriggerConfig is the structure of that name in the service model.
type TriggerConfig struct {
	TriggerEvents    []TriggerEventType `json:"triggerEvents,omitzero"`
	TriggerName      string             `json:"triggerName,omitzero"`
	TriggerTargetARN string             `json:"triggerTargetArn,omitzero"`
}

// UntagResourceInput is the request of UntagResource.
type UntagResourceInput struct {
	ResourceARN string   `json:"ResourceArn,omitzero"`
	TagKeys     []string `json:"TagKeys,omitzero"`
}

// UntagResourceOutput is the answer of UntagResource.
type UntagResourceOutput struct {
}

// UpdateApplicationInput is the request of UpdateApplication.
type UpdateApplicationInput struct {
	ApplicationName    string `json:"applicationName,omitzero"`
	NewApplicationName string `json:"newApplicationName,omitzero"`
}

// UpdateDeploymentGroupInput is the request of UpdateDeploymentGroup.
type UpdateDeploymentGroupInput struct {
	AlarmConfiguration               *AlarmConfiguration               `json:"alarmConfiguration,omitzero"`
	ApplicationName                  string                            `json:"applicationName,omitzero"`
	AutoRollbackConfiguration        *AutoRollbackConfiguration        `json:"autoRollbackConfiguration,omitzero"`
	AutoScalingGroups                []string                          `json:"autoScalingGroups,omitzero"`
	BlueGreenDeploymentConfiguration *BlueGreenDeploymentConfiguration `json:"blueGreenDeploymentConfiguration,omitzero"`
	CurrentDeploymentGroupName       string                            `json:"currentDeploymentGroupName,omitzero"`
	DeploymentConfigName             string                            `json:"deploymentConfigName,omitzero"`
	DeploymentStyle                  *DeploymentStyle                  `json:"deploymentStyle,omitzero"`
	EC2TagFilters                    []EC2TagFilter                    `json:"ec2TagFilters,omitzero"`
	EC2TagSet                        *EC2TagSet                        `json:"ec2TagSet,omitzero"`
	ECSServices                      []ECSService                      `json:"ecsServices,omitzero"`
	LoadBalancerInfo                 *LoadBalancerInfo                 `json:"loadBalancerInfo,omitzero"`
	NewDeploymentGroupName           string                            `json:"newDeploymentGroupName,omitzero"`
	OnPremisesInstanceTagFilters     []TagFilter                       `json:"onPremisesInstanceTagFilters,omitzero"`
	OnPremisesTagSet                 *OnPremisesTagSet                 `json:"onPremisesTagSet,omitzero"`
	OutdatedInstancesStrategy        OutdatedInstancesStrategy         `json:"outdatedInstancesStrategy,omitzero"`
	ServiceRoleARN                   string                            `json:"serviceRoleArn,omitzero"`
	TerminationHookEnabled           *bool                             `json:"terminationHookEnabled,omitzero"`
	TriggerConfigurations            []TriggerConfig                   `json:"triggerConfigurations,omitzero"`
}

// UpdateDeploymentGroupOutput is the answer of UpdateDeploymentGroup.
type UpdateDeploymentGroupOutput struct {
	HooksNotCleanedUp []AutoScalingGroup `json:"hooksNotCleanedUp,omitzero"`
}

// ZonalConfig is the structure of that name in the service model.
type ZonalConfig struct {
	FirstZoneMonitorDurationInSeconds *int64                      `json:"firstZoneMonitorDurationInSeconds,omitzero"`
	MinimumHealthyHostsPerZone        *MinimumHealthyHostsPerZone `json:"minimumHealthyHostsPerZone,omitzero"`
	MonitorDurationInSeconds          *int64                      `json:"monitorDurationInSeconds,omitzero"`
}
