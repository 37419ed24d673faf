package api

import (
	"errors"
	"strings"

	"greenlight/internal/awswire"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// anyName stands in an ARN for what is not known.
const anyName = "*"

func (s *subject) anything() ([]string, error) { return []string{anyName}, nil }

func (s *subject) application() ([]string, error) {
	return []string{s.applicationARN(s.ApplicationName)}, nil
}

func (s *subject) applications() ([]string, error) {
	return each(s.ApplicationNames, s.applicationARN), nil
}

func (s *subject) group() ([]string, error) {
	return []string{s.groupARN(s.ApplicationName, s.DeploymentGroupName)}, nil
}

// currentGroup is the group by the name that it still has.
func (s *subject) currentGroup() ([]string, error) {
	return []string{s.groupARN(s.ApplicationName, s.CurrentDeploymentGroupName)}, nil
}

func (s *subject) groups() ([]string, error) {
	return each(s.DeploymentGroupNames, func(name string) string { return s.groupARN(s.ApplicationName, name) }), nil
}

func (s *subject) config() ([]string, error) {
	return []string{s.arn(codedeploy.ResourceDeploymentConfig, nameOrAny(s.DeploymentConfigName, codedeploy.IsName))}, nil
}

func (s *subject) instance() ([]string, error) {
	return []string{s.instanceARN(s.InstanceName)}, nil
}

func (s *subject) instances() ([]string, error) {
	return each(s.InstanceNames, s.instanceARN), nil
}

// tagged is the resource of the ARN that the request gives; one without an
// account is the caller's.
func (s *subject) tagged() ([]string, error) {
	arn, err := codedeploy.ParseARN(s.ResourceARN)
	if err != nil {
		return []string{anyName}, nil
	}
	if arn.Account == "" {
		arn.Account = s.sc.Account
	}
	return []string{arn.String()}, nil
}

func (s *subject) deployment() ([]string, error) {
	return s.groupsOf([]string{s.DeploymentID})
}

// deployments looks up no more deployments than the operation would.
func (s *subject) deployments() ([]string, error) {
	if len(s.DeploymentIDs) == 0 || len(s.DeploymentIDs) > s.api.quotas.BatchDeployments {
		return []string{s.groupARN("", "")}, nil
	}
	return s.groupsOf(s.DeploymentIDs)
}

// groupsOf are the deployment groups of deployments, by the names that the
// deployments themselves show. One that the caller's scope does not hold is of
// any group.
func (s *subject) groupsOf(ids []string) ([]string, error) {
	arns := make([]string, len(ids))
	err := s.api.store.View(s.ctx, func(tx *store.Tx) error {
		for i, id := range ids {
			d, err := tx.Deployment(id)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err != nil || d.Scope != s.sc {
				d = store.Deployment{}
			}
			arns[i] = s.groupARN(d.Info.ApplicationName, d.Info.DeploymentGroupName)
		}
		return nil
	})
	return arns, err
}

func (s *subject) applicationARN(name string) string {
	return s.arn(codedeploy.ResourceApplication, nameOrAny(name, codedeploy.IsName))
}

// groupARN is that of a group; without an application it is any group at all.
func (s *subject) groupARN(application, group string) string {
	if !codedeploy.IsName(application) {
		return s.arn(codedeploy.ResourceDeploymentGroup, anyName)
	}
	return s.arn(codedeploy.ResourceDeploymentGroup, application+"/"+nameOrAny(group, codedeploy.IsName))
}

func (s *subject) instanceARN(name string) string {
	return s.arn("instance", nameOrAny(name, codedeploy.IsOnPremisesName))
}

func (s *subject) arn(kind codedeploy.ResourceKind, name string) string {
	return strings.Join([]string{
		"arn", awswire.Partition(s.sc.Region), serviceName, s.sc.Region, s.sc.Account, string(kind), name}, ":")
}

// nameOrAny keeps a name out of an ARN that could be mistaken there for
// something else, or is longer than any.
func nameOrAny(name string, valid func(string) bool) string {
	if !valid(name) {
		return anyName
	}
	return name
}

// each is the ARN of every name, or of any if there is no name.
func each(names []string, arn func(string) string) []string {
	if len(names) == 0 {
		return []string{arn("")}
	}
	arns := make([]string, len(names))
	for i, name := range names {
		arns[i] = arn(name)
	}
	return arns
}
