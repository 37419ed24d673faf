package api

import (
	"context"
	"slices"

	"greenlight/internal/awswire"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// tagResource merges tags into those of an application, a group or a custom
// configuration (api.md 7c).
func (a *API) tagResource(ctx context.Context, sc store.Scope, in *codedeploy.TagResourceInput) (*codedeploy.TagResourceOutput, error) {
	err := a.store.Tx(ctx, func(tx *store.Tx) error {
		id, err := findResource(tx, sc, in.ResourceARN)
		if err != nil {
			return err
		}
		if err := tx.PutTags(id, in.Tags); err != nil {
			return err
		}
		tags, err := tx.Tags(id)
		if err == nil && len(tags) > maxTags {
			return codedeploy.InvalidTagsToAddException.Errorf("The resource would have %d tags; at most %d are allowed.", len(tags), maxTags)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return new(codedeploy.TagResourceOutput), nil
}

// untagResource removes tags by their keys; those that the resource does not
// have are ignored.
func (a *API) untagResource(ctx context.Context, sc store.Scope, in *codedeploy.UntagResourceInput) (*codedeploy.UntagResourceOutput, error) {
	err := a.store.Tx(ctx, func(tx *store.Tx) error {
		id, err := findResource(tx, sc, in.ResourceARN)
		if err != nil {
			return err
		}
		return tx.DeleteTags(id, in.TagKeys)
	})
	if err != nil {
		return nil, err
	}
	return new(codedeploy.UntagResourceOutput), nil
}

// listTagsForResource answers that a resource which does not exist has no
// tags: no exception is modelled. As 50 tags are one page, no answer has a
// NextToken, so none can be given back; for that, too, no exception is
// modelled.
func (a *API) listTagsForResource(ctx context.Context, sc store.Scope, in *codedeploy.ListTagsForResourceInput) (*codedeploy.ListTagsForResourceOutput, error) {
	var tags []codedeploy.Tag
	err := a.store.View(ctx, func(tx *store.Tx) error {
		id, err := findResource(tx, sc, in.ResourceARN)
		if slices.Contains(noSuchResource, codedeploy.CodeOf(err)) {
			return nil
		}
		if err != nil {
			return err
		}
		tags, err = tx.Tags(id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &codedeploy.ListTagsForResourceOutput{Tags: append([]codedeploy.Tag{}, tags...)}, nil
}

// validationException answers what no modelled exception fits (api.md 1.5).
const validationException codedeploy.ExceptionCode = "ValidationException"

var noSuchResource = []codedeploy.ExceptionCode{
	codedeploy.ApplicationDoesNotExistException,
	codedeploy.DeploymentGroupDoesNotExistException,
	codedeploy.DeploymentConfigDoesNotExistException,
}

// taggableARN judges the ARN of something that can be tagged. A predefined
// configuration belongs to no account, so it cannot.
func taggableARN(r *request, _ *member, text string) error {
	arn, err := codedeploy.ParseARN(text)
	if err != nil {
		return err
	}
	_, predefined := codedeploy.Predefined(arn.DeploymentConfig)
	if !arn.In(r.scope.Region, r.scope.Account) || arn.Partition != awswire.Partition(r.scope.Region) || predefined {
		return codedeploy.ArnNotSupportedException.Errorf(
			"The ARN %q is not that of an application, a deployment group or a custom deployment configuration of this account and region.", text)
	}
	return nil
}

func noToken(_ *request, m *member, token string) error {
	if token == "" {
		return nil
	}
	return m.bad("The %s is not valid: ListTagsForResource answers in one page.", m.called())
}

// findResource returns the id that the tags of a resource are kept under. Its
// ARN has passed resourceARN.
func findResource(tx *store.Tx, sc store.Scope, text string) (id string, err error) {
	arn, err := codedeploy.ParseARN(text)
	if err != nil {
		return "", err
	}
	if arn.Kind == codedeploy.ResourceDeploymentConfig {
		config, err := findConfig(tx, sc, arn.DeploymentConfig)
		return config.DeploymentConfigID, err
	}
	app, err := findApplication(tx, sc, arn.Application)
	if err != nil || arn.Kind == codedeploy.ResourceApplication {
		return app.ID, err
	}
	group, err := findGroup(tx, app, arn.DeploymentGroup)
	return group.ID, err
}
