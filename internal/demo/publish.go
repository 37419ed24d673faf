package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

const (
	application  = "shop"
	group        = "hello"
	functionRole = "arn:aws:iam::" + account + ":role/function"
	deployRole   = "arn:aws:iam::" + account + ":role/deploy"

	seconds   = 60  // what a function may take
	megabytes = 512 // what a function may use: room for this program, whatever it was built with
)

// setUp makes what has to be there before the first release, as its developers
// would: the function with its alias, the hooks, the deployment group.
func (s *story) setUp(ctx context.Context) error {
	for _, name := range []string{greeter, checkBefore, checkAfter} {
		if err := s.create(ctx, name, nil); err != nil {
			return err
		}
	}
	_, err := s.cloud.functions.CreateAlias(ctx, &lambda.CreateAliasInput{
		FunctionName: aws.String(greeter), Name: aws.String(alias), FunctionVersion: aws.String("1"),
	})
	if err != nil {
		return err
	}
	if _, _, err := greet(ctx, s.cloud.functions, aws.String(greeter), alias, names[0]); err != nil {
		return fmt.Errorf("function %s does not work here: %w", greeter, err)
	}
	return s.createGroup(ctx, types.ComputePlatformLambda, &codedeploy.CreateDeploymentGroupInput{
		ApplicationName: aws.String(application), DeploymentGroupName: aws.String(group), DeploymentConfigName: aws.String(canary),
	})
}

// createGroup makes a group that goes back by itself, with its application. in
// says what is particular.
func (s *story) createGroup(ctx context.Context, platform types.ComputePlatform, in *codedeploy.CreateDeploymentGroupInput) error {
	_, err := s.cloud.deployments.CreateApplication(ctx, &codedeploy.CreateApplicationInput{
		ApplicationName: in.ApplicationName, ComputePlatform: platform,
	})
	if err != nil {
		return err
	}
	in.ServiceRoleArn = aws.String(deployRole)
	in.DeploymentStyle = &types.DeploymentStyle{
		DeploymentType: types.DeploymentTypeBlueGreen, DeploymentOption: types.DeploymentOptionWithTrafficControl,
	}
	in.AutoRollbackConfiguration = &types.AutoRollbackConfiguration{
		Enabled: true, Events: []types.AutoRollbackEvent{types.AutoRollbackEventDeploymentFailure},
	}
	_, err = s.cloud.deployments.CreateDeploymentGroup(ctx, in)
	return err
}

// create makes a function with variables in its environment.
func (s *story) create(ctx context.Context, name string, variables map[string]string) error {
	code, err := s.archive(name, "1")
	if err != nil {
		return err
	}
	_, err = s.cloud.functions.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: &name, Runtime: lambdatypes.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Role: aws.String(functionRole), Timeout: aws.Int32(seconds), MemorySize: aws.Int32(megabytes),
		Code: &lambdatypes.FunctionCode{ZipFile: code}, Publish: true,
		Environment: &lambdatypes.Environment{Variables: variables},
	})
	if err != nil {
		return fmt.Errorf("create function %s: %w", name, err)
	}
	return nil
}

// publish makes a release of the greeter. Its version has the same number.
func (s *story) publish(ctx context.Context, release string) error {
	code, err := s.archive(greeter, release)
	if err != nil {
		return err
	}
	answer, err := s.cloud.functions.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{
		FunctionName: aws.String(greeter), ZipFile: code, Publish: true,
	})
	if err != nil {
		return err
	}
	if got := aws.ToString(answer.Version); got != release {
		return fmt.Errorf("release %s became version %s", release, got)
	}
	return nil
}

// archive is a function's code: a bootstrap that becomes this very program.
func (s *story) archive(name, release string) ([]byte, error) {
	var archive bytes.Buffer
	files := zip.NewWriter(&archive)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	header.SetMode(0o755)
	bootstrap, err := files.CreateHeader(header)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(bootstrap, "#!/bin/sh\nexec %s %s %s %s\n", shellQuote(s.Executable), FunctionVerb, name, release)
	if err != nil {
		return nil, err
	}
	err = files.Close()
	return archive.Bytes(), err
}

// shellQuote makes one word of a text for the shell, whatever it holds.
func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// appSpec leads the alias from one version to another past both hooks.
func appSpec(from, to string) string {
	return fmt.Sprintf(`version: 0.0
Resources:
  - %[1]s:
      Type: AWS::Lambda::Function
      Properties:
        Name: %[1]s
        Alias: %[2]s
        CurrentVersion: "%[3]s"
        TargetVersion: "%[4]s"
Hooks:
  - BeforeAllowTraffic: %[5]s
  - AfterAllowTraffic: %[6]s
`, greeter, alias, from, to, checkBefore, checkAfter)
}

// deploy starts a deployment of what an AppSpec says and answers its id.
func (s *story) deploy(ctx context.Context, application, group, config, appSpec string) (string, error) {
	answer, err := s.cloud.deployments.CreateDeployment(ctx, &codedeploy.CreateDeploymentInput{
		ApplicationName:      &application,
		DeploymentGroupName:  &group,
		DeploymentConfigName: &config,
		Revision: &types.RevisionLocation{
			RevisionType:   types.RevisionLocationTypeAppSpecContent,
			AppSpecContent: &types.AppSpecContent{Content: &appSpec},
		},
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(answer.DeploymentId), nil
}
