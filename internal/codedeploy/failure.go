package codedeploy

import (
	"fmt"
	"strings"
)

// Messages of errorInformation that hold no names (deployments.md 4, lambda.md
// 5.4, ecs.md 2.3). The comment gives the error code they go with.
const (
	// HOOK_EXECUTION_FAILURE, when a hook reported Failed.
	MessageHookFailed = "The deployment failed because one or more of the lifecycle event validation functions failed."
	// TIMEOUT, when a hook did not report within an hour.
	MessageHookTimeout = "The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within one hour after a deployment hook is invoked."
	// MANUAL_STOP; our own text, AWS's is not known.
	MessageManualStop = "The deployment was stopped by a user request."
)

// Tails of LambdaConfiguration, the first of InvalidAppSpec too, with the
// wording that AWS is known to use (lambda.md 2.3, ecs.md 2.3).
const (
	TailNotWellFormed        = "The input AppSpec file is a not well-formed yaml. The template cannot be parsed."      // M8
	TailHookNameEmpty        = "The Lambda function name cannot be null or empty"                                      // M15
	TailAliasVersionMismatch = "The Lambda function alias version does not match the current version in AppSpec file." // M18
)

// LambdaConfiguration is the message of INVALID_LAMBDA_CONFIGURATION: AWS's
// fixed sentence, followed by the reason where there is one (lambda.md 2.3).
func LambdaConfiguration(tail string) string {
	const fixed = "The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration is missing or has an invalid configuration."
	if tail == "" {
		return fixed
	}
	return fixed + " " + tail
}

// InvalidAppSpec is the message of INVALID_REVISION: AWS's fixed sentence, which
// on ECS does not name the platform, followed by the reason, an
// appspec.Error's Tail, where there is one (ecs.md 2.3).
func InvalidAppSpec(tail string) string {
	const fixed = "The deployment failed because the AppSpec file that specifies the deployment configuration is missing or has an invalid configuration."
	if tail == "" {
		return fixed
	}
	return fixed + " " + tail
}

// MessageRolePermissions is the message of IAM_ROLE_PERMISSIONS: the service
// role's ARN may not do what it must in a service, such as AWSLambda
// (lambda.md 4.4).
func MessageRolePermissions(role, service string) string {
	return fmt.Sprintf("The IAM role %s does not give you permission to perform operations in the following AWS service: %s. "+
		"Contact your AWS administrator if you need help. If you are an AWS administrator, "+
		"you can grant permissions to your users or groups by creating IAM policies.", role, service)
}

// MessageThrottled is the message of THROTTLED: a service refused the service
// role's calls for too long (lambda.md 4.4).
func MessageThrottled(role, service string) string {
	return fmt.Sprintf("The deployment failed because the number of requests by the IAM role %s exceeded the request limit for %s. "+
		"Avoid retrying API requests at a high rate.", role, service)
}

// MessageRoleMissing is the message of IAM_ROLE_MISSING: the service role of
// the group does not exist (deployments.md 4).
func MessageRoleMissing(group string) string {
	return "IAM Role is missing for deployment group: " + group
}

// MessageAlarms is the message of ALARM_ACTIVE; it lists every alarm that is in
// ALARM (deployments.md 4 and 6).
func MessageAlarms(names []string) string {
	var listed strings.Builder
	for _, name := range names {
		fmt.Fprintf(&listed, " <%s>", name)
	}
	return "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, " +
		"and the affected deployments have been stopped. Activated alarms:" + listed.String()
}
