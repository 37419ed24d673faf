package codedeploy

import (
	"regexp"
	"strings"
)

// maxARNLength is the model's bound on an ARN that a request may name.
const maxARNLength = 1011

var (
	arnPartitionPattern   = regexp.MustCompile(`^aws[a-z-]*$`)
	accountPattern        = regexp.MustCompile(`^\d{12}$`)
	serviceRoleARNPattern = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/.+$`)
)

// ResourceKind is a kind of resource that carries tags and has an ARN of the
// service; its text is the resource type inside the ARN.
type ResourceKind string

// The kinds of resources.
const (
	ResourceApplication      ResourceKind = "application"
	ResourceDeploymentGroup  ResourceKind = "deploymentgroup"
	ResourceDeploymentConfig ResourceKind = "deploymentconfig"
)

// ARN names an application, a deployment group or a deployment configuration
// (api.md 2). Of the names only those of the kind are set: Application; or
// Application and DeploymentGroup; or DeploymentConfig.
type ARN struct {
	Partition, Region string
	Account           string // 12 digits; empty means the caller's
	Kind              ResourceKind
	Application       string
	DeploymentGroup   string
	DeploymentConfig  string
}

// ApplicationARN returns the ARN of an application.
func ApplicationARN(partition, region, account, application string) string {
	return ARN{Partition: partition, Region: region, Account: account,
		Kind: ResourceApplication, Application: application}.String()
}

// DeploymentGroupARN returns the ARN of a deployment group.
func DeploymentGroupARN(partition, region, account, application, group string) string {
	return ARN{Partition: partition, Region: region, Account: account,
		Kind: ResourceDeploymentGroup, Application: application, DeploymentGroup: group}.String()
}

// DeploymentConfigARN returns the ARN of a deployment configuration.
func DeploymentConfigARN(partition, region, account, config string) string {
	return ARN{Partition: partition, Region: region, Account: account,
		Kind: ResourceDeploymentConfig, DeploymentConfig: config}.String()
}

// String gives the ARN's text.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, "codedeploy", a.Region, a.Account, string(a.Kind), a.name()}, ":")
}

func (a ARN) name() string {
	switch a.Kind {
	case ResourceDeploymentGroup:
		return a.Application + "/" + a.DeploymentGroup
	case ResourceDeploymentConfig:
		return a.DeploymentConfig
	default:
		return a.Application
	}
}

// In says whether the resource lies in this region and account. An ARN without
// an account belongs to whoever names it.
func (a ARN) In(region, account string) bool {
	return a.Region == region && (a.Account == "" || a.Account == account)
}

// ParseARN reads the ARN of an application, deployment group or deployment
// configuration, as TagResource takes it (api.md 7c). What is no ARN, or names
// none of them by a valid name, is an InvalidArnException; an ARN of another
// service or resource type is an ArnNotSupportedException.
func ParseARN(text string) (ARN, error) {
	if len(text) > maxARNLength {
		return ARN{}, InvalidArnException.Errorf("An ARN has at most %d characters, not %d", maxARNLength, len(text))
	}
	parts := strings.SplitN(text, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || !arnPartitionPattern.MatchString(parts[1]) || parts[2] == "" || parts[5] == "" {
		return ARN{}, InvalidArnException.Errorf("%q is not an ARN of the form arn:partition:service:region:account:resource", text)
	}
	if parts[4] != "" && !accountPattern.MatchString(parts[4]) {
		return ARN{}, InvalidArnException.Errorf("The account in the ARN %q is not 12 digits", text)
	}
	if parts[2] != "codedeploy" {
		return ARN{}, ArnNotSupportedException.Errorf("The ARN %q is one of the service %s, not of codedeploy", text, parts[2])
	}
	arn := ARN{Partition: parts[1], Region: parts[3], Account: parts[4]}
	if err := arn.parseResource(text, parts[5]); err != nil {
		return ARN{}, err
	}
	return arn, nil
}

// parseResource fills in the kind and the names from the ARN's last part.
func (a *ARN) parseResource(text, resource string) error {
	kind, name, _ := strings.Cut(resource, ":")
	named := IsName(name)
	switch a.Kind = ResourceKind(kind); a.Kind {
	case ResourceApplication:
		a.Application = name
	case ResourceDeploymentConfig:
		a.DeploymentConfig = name
	case ResourceDeploymentGroup:
		a.Application, a.DeploymentGroup, _ = strings.Cut(name, "/")
		named = IsName(a.Application) && IsName(a.DeploymentGroup)
	default:
		return ArnNotSupportedException.Errorf(
			"The ARN %q names neither an application, nor a deployment group, nor a deployment configuration", text)
	}
	if !named {
		return InvalidArnException.Errorf("The ARN %q does not hold a valid name after %s", text, kind)
	}
	return nil
}

// PartitionOf returns the partition that a region lies in: aws, aws-cn or
// aws-us-gov.
func PartitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	default:
		return "aws"
	}
}

// IsServiceRoleARN says whether text has the form of an IAM role's ARN
// (api.md 2).
func IsServiceRoleARN(text string) bool { return serviceRoleARNPattern.MatchString(text) }

// LambdaAliasARN returns the ARN of an alias of a function given by its bare
// name: the targetArn of a Lambda deployment (api.md 2.1).
func LambdaAliasARN(region, account, function, alias string) string {
	return strings.Join([]string{"arn", PartitionOf(region), "lambda", region, account, "function", function, alias}, ":")
}

// ECSServiceARN returns the ARN of an ECS service (ecs.md 1).
func ECSServiceARN(region, account, cluster, service string) string {
	return strings.Join([]string{"arn", PartitionOf(region), "ecs", region, account, "service/" + cluster + "/" + service}, ":")
}
