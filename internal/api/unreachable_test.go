package api_test

import "greenlight/internal/codedeploy"

// unreachable are the exceptions that the model attaches to an operation and
// that cannot occur here, each with the reason; without an operation it is the
// same for all that have it. An empty exception is a good answer.
var unreachable = []struct {
	operation string
	exception codedeploy.ExceptionCode
	why       string
}{
	{"GetDeploymentGroup", codedeploy.DeploymentConfigDoesNotExistException, "a configuration in use cannot be deleted (api.md 4)"},
	{"BatchGetDeploymentGroups", codedeploy.DeploymentConfigDoesNotExistException, "a configuration in use cannot be deleted (api.md 4)"},
	{"GetDeploymentConfig", codedeploy.InvalidComputePlatformException, "there is no platform in the request (api.md 5)"},
	{"CreateDeployment", codedeploy.InvalidLoadBalancerInfoException, "the group's load balancers are judged with the group; what is wrong with them later fails the deployment"},
	{"CreateDeployment", codedeploy.InvalidAutoScalingGroupException, "the group's are judged with the group, a deployment's own are part of targetInstances"},
	{"CreateDeployment", codedeploy.InvalidRoleException, "a role is tried when the deployment runs, which then fails with IAM_ROLE_PERMISSIONS or IAM_ROLE_MISSING"},
	{"CreateDeployment", codedeploy.InvalidGitHubAccountTokenException, "GitHub is not asked when a deployment is created"},
	{"DeleteApplication", codedeploy.InvalidRoleException, "no Auto Scaling hooks are installed, so no role is needed to remove them"},
	{"DeleteDeploymentGroup", codedeploy.InvalidRoleException, "no Auto Scaling hooks are installed, so no role is needed to remove them"},
	{"", codedeploy.LifecycleHookLimitExceededException, "no Auto Scaling hooks are installed"},
	{"GetDeploymentTarget", codedeploy.InvalidInstanceNameException, "a badly formed id is InvalidDeploymentTargetId on every platform (api.md 2.1)"},
	{"BatchGetDeploymentTargets", codedeploy.InstanceDoesNotExistException, "the deprecated twin of DeploymentTargetDoesNotExist (api.md 7)"},
	{"ListDeploymentInstances", codedeploy.InvalidTargetFilterNameException, "its filters are members of their own and have no names"},
	{"StopDeployment", codedeploy.UnsupportedActionForDeploymentTypeException, "no deployment is started by CloudFormation"},
	{"RegisterOnPremisesInstance", codedeploy.IamUserArnRequiredException, "superseded by IamArnRequired (api.md 7b)"},
	{"", codedeploy.ResourceValidationException, "there are no tokens whose resource could be checked"},
	{"DeleteGitHubAccountToken", "", "tokens are made by AWS's console only, so there is none to delete"},
}
