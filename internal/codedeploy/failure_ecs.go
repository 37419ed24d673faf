package codedeploy

import "fmt"

// Messages of errorInformation on the ECS platform (ecs.md 11). The comment
// gives the error code they go with, and whose words they are.
const (
	// INVALID_REVISION, reported by a user: the AppSpec file is empty.
	MessageNoAppSpec = "An AppSpec file is required, but could not be found in the revision"
	// INVALID_ECS_SERVICE; observed at the creation of a group.
	MessageECSController = "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller."
	// INVALID_ECS_SERVICE; our own words.
	MessageNoPrimaryTaskSet = "The ECS service must have a primary task set."
	// TIMEOUT, documented: Install.
	MessageReplacementTimeout = "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes."
	// ECS_UPDATE_ERROR, observed: after traffic has begun to move.
	MessageReplacementUnhealthy = "CodeDeploy detected that the replacement task set is unhealthy."
	// ELASTIC_LOAD_BALANCING_INVALID; the first sentence is reported by a user.
	MessageNoTargetGroupPair = "A deployment group associated with an application that uses the ECS compute platform must contain a valid pair of target groups that identify a load balancer. " +
		"One of the two must be the target group of the service's primary task set."
)

// MessageReadyTimeout is the message of TIMEOUT when nobody has continued a
// deployment that waits to be continued (ecs.md 8.1, documented).
func MessageReadyTimeout(minutes int) string {
	return fmt.Sprintf("The deployment timed out while waiting for a notification to continue. This time out period is %d minutes.", minutes)
}

// MessageECSServiceMissing is the message of INVALID_ECS_SERVICE for a service
// that cannot be found; our own words.
func MessageECSServiceMissing(cluster, service string) string {
	return fmt.Sprintf("The ECS service %s could not be found in the cluster %s.", service, cluster)
}

// MessageECSServiceStatus is the message of INVALID_ECS_SERVICE for a service
// that is being deleted; our own words.
func MessageECSServiceStatus(cluster, service, status string) string {
	return fmt.Sprintf("The ECS service %s in the cluster %s is not active: its status is %s.", service, cluster, status)
}

// LoadBalancerFailure is the message of ELASTIC_LOAD_BALANCING_INVALID: AWS's
// fixed words, then what is wrong (ecs.md 7.3).
func LoadBalancerFailure(tail string) string {
	return "The ELB could not be updated due to the following error: " + tail
}

// ECSUpdateFailure is the message of ECS_UPDATE_ERROR: what ECS answered, in the
// form that users report (ecs.md 11).
func ECSUpdateFailure(message string, statusCode int, code, requestID string) string {
	return fmt.Sprintf("The ECS service cannot be updated due to an unexpected error: %s (Service: AmazonECS; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null). "+
		"Check your ECS service status.", message, statusCode, code, requestID)
}
