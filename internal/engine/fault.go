package engine

import (
	"fmt"

	"greenlight/internal/awsaccess"
	"greenlight/internal/codedeploy"
)

// explain turns a lasting fault of an act into the deployment's failure: the
// causes that all calls share (deployments.md 4, lambda.md 4.4), then what only
// the platform can tell.
func explain(l life, d *Deployment, act Act, fault *awsaccess.Fault) failure {
	f := failure{Why: evidence(act, fault)}
	role := d.Snapshot.ServiceRoleARN
	switch fault.Kind {
	case awsaccess.RoleMissing:
		f.Code, f.Message = codedeploy.ErrorCodeIAMRoleMissing, codedeploy.MessageRoleMissing(d.Info.DeploymentGroupName)
	case awsaccess.RoleDenied, awsaccess.Denied:
		f.Code, f.Message = codedeploy.ErrorCodeIAMRolePermissions, codedeploy.MessageRolePermissions(role, fault.Service)
	case awsaccess.Throttled:
		f.Code, f.Message = codedeploy.ErrorCodeThrottled, codedeploy.MessageThrottled(role, fault.Service)
	case awsaccess.Unavailable:
		f.Code, f.Message = codedeploy.ErrorCodeInternalError, fmt.Sprintf("%s could not be reached for %.0f minutes.", fault.Service, retryLimit.Minutes())
	default:
		f.Code, f.Message = explainRefusal(l, d, act, fault)
	}
	return f
}

// explainRefusal tells what the far side's own refusal means for the act.
func explainRefusal(l life, d *Deployment, act Act, fault *awsaccess.Fault) (codedeploy.ErrorCode, string) {
	switch {
	case act.Kind == ActFetch && fault.Kind == awsaccess.NotFound:
		return codedeploy.ErrorCodeRevisionMissing, "The revision's AppSpec file could not be found in Amazon S3."
	case act.Kind == ActFetch:
		return codedeploy.ErrorCodeInvalidRevision, "The revision's AppSpec file could not be used: " + fault.Message
	case act.Kind == ActInvoke:
		return codedeploy.ErrorCodeHookExecutionFailure, explainInvoke(d.Progress.Hooks[act.Event].Function, act.Event, fault)
	default:
		return l.explain(d, act, fault)
	}
}

func explainInvoke(function string, event codedeploy.LifecycleEventName, fault *awsaccess.Fault) string {
	if fault.Kind == awsaccess.NotFound {
		return fmt.Sprintf("The lifecycle event validation function %s of %s does not exist.", function, event)
	}
	return fmt.Sprintf("The lifecycle event validation function %s of %s could not be invoked: %s", function, event, fault.Message)
}

// evidence is the chain of what was asked and answered, for our own why.
func evidence(act Act, fault *awsaccess.Fault) string {
	text := "The last call: " + fault.Error()
	if act.Tries > 0 {
		text += fmt.Sprintf(" (after %d attempts since %s)", act.Tries+1, act.Since.Format("15:04:05Z"))
	}
	return text
}
