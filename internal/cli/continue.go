package cli

import (
	"encoding/json"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/spf13/cobra"
)

func continueVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "continue DEPLOYMENT_ID",
		Short: "End a wait of a blue/green deployment",
		Long: `End a wait of a blue/green deployment. It has two, where its group says so: it is
ready and waits before any production traffic moves; and when all traffic has
moved, it waits before it removes the original. --wait says which one to end.`,
		Args: arguments(1, 1, "DEPLOYMENT_ID"),
	}
	wantsJSON := outputFlag(cmd)
	wait := cmd.Flags().String("wait", "ready", "ready or termination")
	server := connectionFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		asJSON, err := wantsJSON()
		if err != nil {
			return err
		}
		which, known := waits[*wait]
		if !known {
			return usageError(cmd, "--wait %q is neither ready nor termination", *wait)
		}
		client, err := server.codeDeploy(cmd.Context())
		if err != nil {
			return err
		}
		_, err = client.ContinueDeployment(cmd.Context(), &codedeploy.ContinueDeploymentInput{
			DeploymentId: aws.String(args[0]), DeploymentWaitType: which,
		})
		if err != nil {
			return explainContinue(args[0], err)
		}
		return sh.continued(args[0], which, asJSON)
	}
	return cmd
}

var waits = map[string]types.DeploymentWaitType{
	"ready":       types.DeploymentWaitTypeReadyWait,
	"termination": types.DeploymentWaitTypeTerminationWait,
}

// explainContinue helps when the deployment is not in the wait that was to end
// (ecs.md 8.3).
func explainContinue(id string, err error) error {
	_, notReady := errors.AsType[*types.DeploymentIsNotInReadyStateException](err)
	_, notWaiting := errors.AsType[*types.InvalidDeploymentStatusException](err)
	err = explain(err)
	switch {
	case notReady:
		return hint(err, "`greenlight watch %s` shows where it is; --wait termination ends the wait for the removal of the original", id)
	case notWaiting:
		return hint(err, "`greenlight watch %s` shows where it is; --wait ready ends the wait before the traffic moves", id)
	}
	return err
}

func (sh *shell) continued(id string, which types.DeploymentWaitType, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(sh.out).Encode(map[string]string{"deploymentId": id, "deploymentWaitType": string(which)})
	}
	next := "the traffic moves"
	if which == types.DeploymentWaitTypeTerminationWait {
		next = "the original is removed"
	}
	sh.printf("continue %s: %s\n", id, next)
	sh.note("hint: `greenlight watch %s` shows how it ends", id)
	return nil
}
