package cli

import (
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/spf13/cobra"
)

func stopVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "stop DEPLOYMENT_ID",
		Short: "Stop a deployment",
		Long: `Stop a deployment. Without a flag the automatic rollback settings of the
deployment say whether traffic goes back to the old version.`,
		Args: arguments(1, 1, "DEPLOYMENT_ID"),
	}
	wantsJSON := outputFlag(cmd)
	back := cmd.Flags().Bool("rollback", false, "move traffic back to the old version")
	stay := cmd.Flags().Bool("no-rollback", false, "leave traffic as it is now")
	server := connectionFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		asJSON, err := wantsJSON()
		if err != nil {
			return err
		}
		rollback, err := rollbackWish(cmd, *back, *stay)
		if err != nil {
			return err
		}
		client, err := server.codeDeploy(cmd.Context())
		if err != nil {
			return err
		}
		answer, err := client.StopDeployment(cmd.Context(), &codedeploy.StopDeploymentInput{
			DeploymentId: aws.String(args[0]), AutoRollbackEnabled: rollback,
		})
		if err != nil {
			return explain(err)
		}
		return sh.stopped(args[0], answer, asJSON)
	}
	return cmd
}

// rollbackWish is nil when the deployment's own settings are to decide.
func rollbackWish(cmd *cobra.Command, back, stay bool) (*bool, error) {
	switch {
	case back && stay:
		return nil, usageError(cmd, "--rollback and --no-rollback exclude each other")
	case back || stay:
		return &back, nil
	}
	return nil, nil
}

func (sh *shell) stopped(id string, answer *codedeploy.StopDeploymentOutput, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(sh.out).Encode(map[string]string{
			"deploymentId": id, "status": string(answer.Status), "statusMessage": aws.ToString(answer.StatusMessage),
		})
	}
	sh.printf("stop %s: %s", id, answer.Status)
	if answer.StatusMessage != nil {
		sh.printf(" (%s)", *answer.StatusMessage)
	}
	sh.printf("\n")
	sh.note("hint: `greenlight watch %s` shows how it ends", id)
	return nil
}
