package engine

import (
	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
)

// spared is never: a deployment on Lambda needs every one of its calls.
func (lambdaLife) spared(*Deployment, Act, *awsaccess.Fault) bool { return false }

// explain is what is Lambda's own in the table of lambda.md 4.4.
func (lambdaLife) explain(_ *Deployment, _ Act, fault *awsaccess.Fault) (codedeploy.ErrorCode, string) {
	if fault.Kind == awsaccess.NotFound {
		return codedeploy.ErrorCodeInvalidLambdaFunction, "The deployment failed because a Lambda function, alias or version could not be found: " + fault.Message
	}
	return codedeploy.ErrorCodeInvalidLambdaConfiguration, codedeploy.LambdaConfiguration(fault.Message)
}
