package codedeploy

import (
	"crypto/rand"
	"regexp"
	"strings"
)

var (
	iamUserARNPattern    = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:user/[A-Za-z0-9/+=,.@_-]+$`)
	iamSessionARNPattern = regexp.MustCompile(`^arn:aws[a-z-]*:sts::\d{12}:assumed-role/[A-Za-z0-9/+=,.@_-]+/[A-Za-z0-9+=,.@_-]+$`)
)

// ec2IDPrefix begins the ids of EC2 instances, which on-premises instances
// must not be mistaken for.
const ec2IDPrefix = "i-"

// IsOnPremisesName says whether text can name an on-premises instance: a name
// as applications have it that does not look like an EC2 instance's id
// (api.md 2).
func IsOnPremisesName(text string) bool {
	return IsName(text) && !strings.HasPrefix(text, ec2IDPrefix)
}

// IsIAMUserARN says whether text has the form of an IAM user's ARN (api.md 2).
func IsIAMUserARN(text string) bool {
	return len(text) <= maxARNLength && iamUserARNPattern.MatchString(text)
}

// IsIAMSessionARN says whether text has the form of the ARN of an assumed
// role's session (api.md 2).
func IsIAMSessionARN(text string) bool {
	return len(text) <= maxARNLength && iamSessionARNPattern.MatchString(text)
}

// NewOnPremisesARN returns the ARN of a fresh registration of an on-premises
// instance, such as
// arn:aws:codedeploy:eu-west-1:111122223333:instance/web1_4IwLNI2Alh: the
// random part tells it from an earlier registration of that name (api.md 2,
// observed).
func NewOnPremisesARN(partition, region, account, name string) string {
	const random = 10
	return strings.Join([]string{"arn", partition, "codedeploy", region, account,
		"instance/" + name + "_" + rand.Text()[:random]}, ":")
}
