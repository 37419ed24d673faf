package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/spf13/cobra"
)

type deployOptions struct {
	application, group, config, description string
	force, noWait, noFollow, asJSON         bool
}

func deployVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "deploy --application NAME --group NAME APPSPEC_FILE",
		Short: "Deploy what an AppSpec file says and follow it to the end",
		Long: `Deploy what an AppSpec file says (- is the standard input) and follow it to the
end. An AppSpec for Lambda or ECS is checked before anything is sent. The exit code
is 3 when the deployment failed or was stopped. Interrupting leaves the deployment
alone.`,
		Args: arguments(1, 1, "APPSPEC_FILE"),
	}
	o := deployOptions{}
	flags := cmd.Flags()
	flags.StringVar(&o.application, "application", "", "application")
	flags.StringVar(&o.group, "group", "", "deployment group")
	flags.StringVar(&o.config, "config", "", "deployment configuration instead of the group's")
	flags.StringVar(&o.description, "description", "", "what this deployment is for")
	flags.BoolVar(&o.force, "force", false, "send the AppSpec even if it has problems")
	flags.BoolVar(&o.noWait, "no-wait", false, "print the deployment id and do not follow")
	flags.BoolVar(&o.noFollow, "no-follow", false, "do not follow a rollback")
	wantsJSON := outputFlag(cmd)
	server := connectionFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if err := demand(cmd, "application", "group"); err != nil {
			return err
		}
		if o.asJSON, err = wantsJSON(); err != nil {
			return err
		}
		text, err := sh.readAppSpec(args[0])
		if err != nil {
			return err
		}
		client, err := server.codeDeploy(cmd.Context())
		if err != nil {
			return err
		}
		return sh.deploy(cmd.Context(), client, o, args[0], text)
	}
	return cmd
}

func (sh *shell) deploy(ctx context.Context, client *codedeploy.Client, o deployOptions, name string, text []byte) error {
	if err := sh.checkFirst(ctx, client, o, name, text); err != nil {
		return err
	}
	answer, err := client.CreateDeployment(ctx, deployment(o, text))
	if err != nil {
		return explain(err)
	}
	id := aws.ToString(answer.DeploymentId)
	switch {
	case o.noWait && o.asJSON:
		return json.NewEncoder(sh.out).Encode(map[string]string{"deploymentId": id})
	case o.noWait:
		sh.printf("%s\n", id)
		return nil
	}
	return sh.watch(ctx, client, id, o.asJSON, !o.noFollow)
}

// checkFirst looks for problems before anything is sent. AWS would take the
// AppSpec and let the deployment fail (lambda.md 2.3, ecs.md 2.3).
func (sh *shell) checkFirst(ctx context.Context, client *codedeploy.Client, o deployOptions, name string, text []byte) error {
	answer, err := client.GetApplication(ctx, &codedeploy.GetApplicationInput{ApplicationName: &o.application})
	if err != nil {
		return explain(err)
	}
	if answer.Application == nil || !checkable(answer.Application.ComputePlatform) {
		return nil
	}
	report := checkAppSpec(answer.Application.ComputePlatform, name, text)
	for _, line := range report.lines() {
		sh.note("%s", line)
	}
	if len(report.Problems) == 0 || o.force {
		return nil
	}
	return hint(fmt.Errorf("the AppSpec has %s, so nothing was deployed", plural(len(report.Problems), "problem")),
		"--force sends it all the same")
}

func checkable(platform types.ComputePlatform) bool {
	return platform == types.ComputePlatformLambda || platform == types.ComputePlatformEcs
}

func plural(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func deployment(o deployOptions, text []byte) *codedeploy.CreateDeploymentInput {
	sum := sha256.Sum256(text)
	input := &codedeploy.CreateDeploymentInput{
		ApplicationName:     &o.application,
		DeploymentGroupName: &o.group,
		Revision: &types.RevisionLocation{
			RevisionType: types.RevisionLocationTypeAppSpecContent,
			AppSpecContent: &types.AppSpecContent{
				Content: aws.String(string(text)),
				Sha256:  aws.String(hex.EncodeToString(sum[:])),
			},
		},
	}
	if o.config != "" {
		input.DeploymentConfigName = &o.config
	}
	if o.description != "" {
		input.Description = &o.description
	}
	return input
}
