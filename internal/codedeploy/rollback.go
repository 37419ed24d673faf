package codedeploy

import "fmt"

// MessageRolledBack is the rollbackMessage of a deployment that an automatic
// rollback follows (deployments.md 5.2, observed).
func MessageRolledBack(originalID, rollbackID string) string {
	return fmt.Sprintf("Deployment %s terminated. Automatic rollback is triggered with a DeploymentId %s.", originalID, rollbackID)
}

// MessageRollsBack is the rollbackMessage of the rollback deployment itself
// (deployments.md 5.2, observed).
func MessageRollsBack(rollbackID, originalID string) string {
	return fmt.Sprintf("Deployment %s is triggered to roll back deployment %s.", rollbackID, originalID)
}

// MessageNothingToRollBack is the rollbackMessage of a deployment that ended
// before it had a target: nothing was begun, so nothing is led back
// (deployments.md 5.2; AWS's own text is unknown).
func MessageNothingToRollBack(deploymentID string) string {
	return fmt.Sprintf("Deployment %s ended before it had changed anything. There is nothing to roll back.", deploymentID)
}
