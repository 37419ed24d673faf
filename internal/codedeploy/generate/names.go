package main

import (
	"strings"
	"unicode"
)

// spellings are the words that Go writes otherwise than with one capital
// letter, by their lower-case form.
var spellings = map[string]string{
	"arn": "ARN", "arns": "ARNs", "id": "ID", "ids": "IDs",
	"ec2": "EC2", "ecs": "ECS", "elb": "ELB", "iam": "IAM", "s3": "S3",
	"json": "JSON", "yaml": "YAML", "sha256": "SHA256",
	"autoscaling": "AutoScaling", "cloudformation": "CloudFormation",
	"codedeploy": "CodeDeploy", "github": "GitHub",
}

// goName spells a name of the model as an exported Go identifier:
// deploymentIds becomes DeploymentIDs, READY_WAIT becomes ReadyWait.
func goName(name string) string {
	var spelled strings.Builder
	for _, word := range words(name) {
		spelled.WriteString(goWord(word))
	}
	return spelled.String()
}

func goWord(word string) string {
	if spelling, ok := spellings[strings.ToLower(word)]; ok {
		return spelling
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// words splits a name at its underscores if it is all capitals, else at its
// capitals; a run of capitals is one word up to the one that starts the next.
func words(name string) []string {
	if name == strings.ToUpper(name) {
		return strings.Split(strings.ToLower(name), "_")
	}
	var found []string
	start := 0
	for i := 1; i < len(name); i++ {
		if startsWord(name, i) {
			found = append(found, name[start:i])
			start = i
		}
	}
	return append(found, name[start:])
}

func startsWord(name string, i int) bool {
	upper := func(at int) bool { return unicode.IsUpper(rune(name[at])) }
	if !upper(i) {
		return false
	}
	nextIsLower := i+1 < len(name) && unicode.IsLower(rune(name[i+1]))
	return !upper(i-1) || nextIsLower
}
