package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestGeneratedFilesAreUpToDate(t *testing.T) {
	for range 2 { // twice, to see that the output does not depend on map order
		service, err := loadModel(filepath.Join("..", modelPath))
		if err != nil {
			t.Fatal(err)
		}
		files, err := render(service)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range files {
			got, err := os.ReadFile(filepath.Join("..", name))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is out of date (%v): run go generate ./internal/codedeploy", name, err)
			}
		}
	}
}

func TestGoName(t *testing.T) {
	for name, want := range map[string]string{
		"deploymentIds":                       "DeploymentIDs",
		"serviceRoleArn":                      "ServiceRoleARN",
		"listenerArns":                        "ListenerARNs",
		"ec2TagFilters":                       "EC2TagFilters",
		"EC2TagFilterType":                    "EC2TagFilterType",
		"ecsServices":                         "ECSServices",
		"elbInfoList":                         "ELBInfoList",
		"iamUserArn":                          "IAMUserARN",
		"s3KeyPrefix":                         "S3KeyPrefix",
		"eTag":                                "ETag",
		"sha256":                              "SHA256",
		"identifer":                           "Identifer",
		"gitHubAccountName":                   "GitHubAccountName",
		"DeleteResourcesByExternalIdInput":    "DeleteResourcesByExternalIDInput",
		"READY_WAIT":                          "ReadyWait",
		"IAM_ROLE_MISSING":                    "IAMRoleMissing",
		"CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND": "CodeDeployResourceCannotBeFound",
		"ECS":                                 "ECS",
		"YAML":                                "YAML",
		"tgz":                                 "Tgz",
		"codeDeployRollback":                  "CodeDeployRollback",
	} {
		if got := goName(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestLoadModelRefusesWhatIsNoModel(t *testing.T) {
	for name, content := range map[string]string{"text": "not JSON", "list": `{"shapes":[]}`} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := loadModel(path); err == nil {
			t.Errorf("%s was accepted", content)
		}
	}
}
