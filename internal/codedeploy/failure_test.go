package codedeploy

import "testing"

// TestFailureMessages holds the sentences that clients know from AWS.
func TestFailureMessages(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/deploy"
	const prefix = "The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration is missing or has an invalid configuration."
	for _, test := range []struct{ name, got, want string }{
		{"M16", LambdaConfiguration(""), prefix},
		{"M15", LambdaConfiguration(TailHookNameEmpty), prefix + " The Lambda function name cannot be null or empty"},
		{"M18", LambdaConfiguration(TailAliasVersionMismatch), prefix + " The Lambda function alias version does not match the current version in AppSpec file."},
		{"M8", LambdaConfiguration(TailNotWellFormed), prefix + " The input AppSpec file is a not well-formed yaml. The template cannot be parsed."},
		{"E53", InvalidAppSpec(TailNotWellFormed), "The deployment failed because the AppSpec file that specifies the deployment configuration is missing or has an invalid configuration. The input AppSpec file is a not well-formed yaml. The template cannot be parsed."},
		{"no tail", InvalidAppSpec(""), "The deployment failed because the AppSpec file that specifies the deployment configuration is missing or has an invalid configuration."},
		{"empty object", MessageNoAppSpec, "An AppSpec file is required, but could not be found in the revision"},
		{"permissions", MessageRolePermissions(role, "AWSLambda"), "The IAM role arn:aws:iam::111122223333:role/deploy does not give you permission to perform operations in the following AWS service: AWSLambda. Contact your AWS administrator if you need help. If you are an AWS administrator, you can grant permissions to your users or groups by creating IAM policies."},
		{"throttled", MessageThrottled(role, "AWSLambda"), "The deployment failed because the number of requests by the IAM role arn:aws:iam::111122223333:role/deploy exceeded the request limit for AWSLambda. Avoid retrying API requests at a high rate."},
		{"role missing", MessageRoleMissing("live"), "IAM Role is missing for deployment group: live"},
		{"two alarms", MessageAlarms([]string{"fn-errors", "p99"}), "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: <fn-errors> <p99>"},
		{"rolled back", MessageRolledBack("d-R8M2PX0QC", "d-V1C9HD7TE"), "Deployment d-R8M2PX0QC terminated. Automatic rollback is triggered with a DeploymentId d-V1C9HD7TE."},
		{"nothing to roll back", MessageNothingToRollBack("d-R8M2PX0QC"), "Deployment d-R8M2PX0QC ended before it had changed anything. There is nothing to roll back."},
		{"registered", RevisionDescription("d-R8M2PX0QC"), "Application revision registered by Deployment ID: d-R8M2PX0QC"},
		{"rolls back", MessageRollsBack("d-V1C9HD7TE", "d-R8M2PX0QC"), "Deployment d-V1C9HD7TE is triggered to roll back deployment d-R8M2PX0QC."},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.got != test.want {
				t.Errorf("got  %s\nwant %s", test.got, test.want)
			}
		})
	}
}
