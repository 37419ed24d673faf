package lambda

import (
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

var live = aws.String("live")

// withAlias is a cloud with function f, versions 1 to 3 and alias live on 1.
func withAlias(t *testing.T) *cloud {
	c := newCloud(t)
	c.create("f")
	c.publish("f", "one", "two", "three")
	must(c.CreateAlias(t.Context(), &client.CreateAliasInput{FunctionName: name, Name: live, FunctionVersion: aws.String("1")}))(t)
	return c
}

func weights(w map[string]float64) *types.AliasRoutingConfiguration {
	return &types.AliasRoutingConfiguration{AdditionalVersionWeights: w}
}

// TestAliasShift is the conversation of a canary (lambda.md 4.3).
func TestAliasShift(t *testing.T) {
	c := withAlias(t)
	before := must(c.GetAlias(t.Context(), &client.GetAliasInput{FunctionName: name, Name: live}))(t)
	if *before.FunctionVersion != "1" || before.RoutingConfig != nil || *before.AliasArn != testARN+":live" {
		t.Fatalf("alias %+v", before)
	}
	shifted := must(c.UpdateAlias(t.Context(), &client.UpdateAliasInput{
		FunctionName: name, Name: live, FunctionVersion: aws.String("1"), RevisionId: before.RevisionId,
		RoutingConfig: weights(map[string]float64{"2": 0.1}),
	}))(t)
	if *shifted.FunctionVersion != "1" || !maps.Equal(shifted.RoutingConfig.AdditionalVersionWeights, map[string]float64{"2": 0.1}) {
		t.Errorf("shifted to %s %v", *shifted.FunctionVersion, shifted.RoutingConfig)
	}
	_, err := c.UpdateAlias(t.Context(), &client.UpdateAliasInput{FunctionName: name, Name: live, RevisionId: before.RevisionId})
	wantCode(t, err, "PreconditionFailedException", "does not match the latest Revision Id")
	kept := must(c.UpdateAlias(t.Context(), &client.UpdateAliasInput{FunctionName: name, Name: live, Description: aws.String("midway")}))(t)
	if len(kept.RoutingConfig.AdditionalVersionWeights) != 1 || *kept.RevisionId == *shifted.RevisionId {
		t.Errorf("an absent RoutingConfig left %v, revision %s", kept.RoutingConfig, *kept.RevisionId)
	}
	done := must(c.UpdateAlias(t.Context(), &client.UpdateAliasInput{
		FunctionName: name, Name: live, FunctionVersion: aws.String("2"), RoutingConfig: weights(map[string]float64{}),
	}))(t)
	if *done.FunctionVersion != "2" || done.RoutingConfig != nil || *done.Description != "midway" {
		t.Errorf("ended at %s %v %q", *done.FunctionVersion, done.RoutingConfig, *done.Description)
	}
}

func TestUpdateAliasRefuses(t *testing.T) {
	c := withAlias(t)
	must(c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{
		FunctionName: name, Role: aws.String("arn:aws:iam::123456789012:role/other"),
	}))(t)
	must(c.PublishVersion(t.Context(), &client.PublishVersionInput{FunctionName: name}))(t) // 4
	tests := []struct {
		name    string
		version string
		weights map[string]float64
		code    string
		text    string
	}{
		{"L28: version does not exist", "9", nil, "ResourceNotFoundException", "Function not found: " + testARN + ":9"},
		{"additional version does not exist", "1", map[string]float64{"9": 0.5}, "ResourceNotFoundException", testARN + ":9"},
		{"version is no number", "two", nil, "ValidationException", "functionVersion"},
		{"$LATEST with weights", "$LATEST", map[string]float64{"1": 0.5}, "InvalidParameterValueException", "$LATEST is not supported"},
		{"weight for $LATEST", "1", map[string]float64{"$LATEST": 0.5}, "ValidationException", "[0-9]+"},
		{"same version twice", "1", map[string]float64{"1": 0.5}, "InvalidParameterValueException", "already included"},
		{"three versions", "1", map[string]float64{"2": 0.5, "3": 0.1}, "InvalidParameterValueException", "cannot be greater than 1"},
		{"weight above 1", "1", map[string]float64{"2": 1.01}, "ValidationException", "less than or equal to 1.0"},
		{"weight below 0", "1", map[string]float64{"2": -0.01}, "ValidationException", "greater than or equal to 0.0"},
		{"different roles", "1", map[string]float64{"4": 0.5}, "InvalidParameterValueException", "execution roles"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := c.UpdateAlias(t.Context(), &client.UpdateAliasInput{
				FunctionName: name, Name: live, FunctionVersion: aws.String(test.version), RoutingConfig: weights(test.weights),
			})
			wantCode(t, err, test.code, test.text)
		})
	}
	still := must(c.GetAlias(t.Context(), &client.GetAliasInput{FunctionName: name, Name: live}))(t)
	if *still.FunctionVersion != "1" || still.RoutingConfig != nil {
		t.Errorf("a refused update left %s %v", *still.FunctionVersion, still.RoutingConfig)
	}
}

func TestAliasesComeAndGo(t *testing.T) {
	c := withAlias(t)
	create := func(alias, version string) error {
		_, err := c.CreateAlias(t.Context(), &client.CreateAliasInput{FunctionName: name, Name: aws.String(alias), FunctionVersion: aws.String(version)})
		return err
	}
	wantCode(t, create("live", "2"), "ResourceConflictException", "Alias already exists: "+testARN+":live")
	wantCode(t, create("123", "2"), "ValidationException", "name")
	wantCode(t, create("beta", "7"), "ResourceNotFoundException", "Function not found")
	if err := create("beta", "$LATEST"); err != nil {
		t.Error(err)
	}
	list := must(c.ListAliases(t.Context(), &client.ListAliasesInput{FunctionName: name}))(t)
	if len(list.Aliases) != 2 || *list.Aliases[0].Name != "beta" {
		t.Errorf("aliases %v", list.Aliases)
	}
	of1 := must(c.ListAliases(t.Context(), &client.ListAliasesInput{FunctionName: name, FunctionVersion: aws.String("1")}))(t)
	if len(of1.Aliases) != 1 || *of1.Aliases[0].Name != "live" {
		t.Errorf("aliases of version 1: %v", of1.Aliases)
	}
	for range 2 { // the second finds nothing, which is no error
		must(c.DeleteAlias(t.Context(), &client.DeleteAliasInput{FunctionName: name, Name: live}))(t)
	}
	_, err := c.UpdateAlias(t.Context(), &client.UpdateAliasInput{FunctionName: name, Name: live})
	wantCode(t, err, "ResourceNotFoundException", "Alias not found: "+testARN+":live")
}
