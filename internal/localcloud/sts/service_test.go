package sts

import (
	"errors"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"greenlight/internal/awswire"
)

const (
	account = "111122223333"
	deploy  = "arn:aws:iam::444455556666:role/path/deploy"
)

var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// clientOf starts the service and returns clients of it by their credentials.
func clientOf(t *testing.T) func(key, secret, token string) *awssts.Client {
	t.Helper()
	web := httptest.NewServer(awswire.NewServer(awswire.Options{Auth: awswire.AnyCredentials()}, New(func() time.Time { return now })))
	t.Cleanup(web.Close)
	return func(key, secret, token string) *awssts.Client {
		return awssts.New(awssts.Options{
			BaseEndpoint: &web.URL, Region: "eu-west-1", RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider(key, secret, token),
		})
	}
}

func TestGetCallerIdentity(t *testing.T) {
	client := clientOf(t)
	for key, want := range map[string]string{account: account, "test": "000000000000"} {
		got, err := client(key, "any", "").GetCallerIdentity(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if *got.Account != want || *got.Arn != "arn:aws:iam::"+want+":root" || *got.UserId != want {
			t.Errorf("%s: got %s %s %s", key, *got.Account, *got.Arn, *got.UserId)
		}
	}
}

// The credentials of a role act in the role's account and say who they are,
// without anything being remembered.
func TestAssumeRole(t *testing.T) {
	client := clientOf(t)
	out, err := client(account, "any", "").AssumeRole(t.Context(), &awssts.AssumeRoleInput{
		RoleArn: aws.String(deploy), RoleSessionName: aws.String("release-7"), DurationSeconds: aws.Int32(900),
	})
	if err != nil {
		t.Fatal(err)
	}
	const principal = "arn:aws:sts::444455556666:assumed-role/deploy/release-7"
	if *out.AssumedRoleUser.Arn != principal || !out.Credentials.Expiration.Equal(now.Add(15*time.Minute)) {
		t.Errorf("got %s until %s", *out.AssumedRoleUser.Arn, out.Credentials.Expiration)
	}
	if key := *out.Credentials.AccessKeyId; !regexp.MustCompile(`^ASIA444455556666[A-Z2-7]{4}$`).MatchString(key) {
		t.Errorf("got key %s", key)
	}
	if n := len(*out.Credentials.SecretAccessKey); n != 40 {
		t.Errorf("the secret has %d characters", n)
	}
	restarted := clientOf(t)
	who, err := restarted(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken).
		GetCallerIdentity(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if *who.Account != "444455556666" || *who.Arn != principal || *who.UserId != *out.AssumedRoleUser.AssumedRoleId {
		t.Errorf("got %s %s %s", *who.Account, *who.Arn, *who.UserId)
	}
}

func TestAssumeRoleRefuses(t *testing.T) {
	client := clientOf(t)(account, "any", "")
	tests := map[string]struct {
		role, session string
		seconds       int32
		names         string
	}{
		"no role":         {"arn:aws:iam::444455556666:user/deploy", "session", 900, "roleArn"},
		"no account":      {"arn:aws:iam::4444:role/deploy", "session", 900, "roleArn"},
		"a path only":     {"arn:aws:iam::444455556666:role/path/", "session", 900, "roleArn"},
		"endless":         {"arn:aws:iam::444455556666:role/" + strings.Repeat("x", 2048), "session", 900, "roleArn"},
		"short session":   {deploy, "s", 900, "roleSessionName"},
		"strange session": {deploy, "a session", 900, "roleSessionName"},
		"too short":       {deploy, "session", 899, "durationSeconds"},
		"too long":        {deploy, "session", 43201, "durationSeconds"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := client.AssumeRole(t.Context(), &awssts.AssumeRoleInput{
				RoleArn: &test.role, RoleSessionName: &test.session, DurationSeconds: &test.seconds,
			})
			var api smithy.APIError
			if !errors.As(err, &api) || api.ErrorCode() != "ValidationError" || !strings.HasPrefix(api.ErrorMessage(), test.names) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOtherOperations(t *testing.T) {
	_, err := clientOf(t)(account, "any", "").GetSessionToken(t.Context(), nil)
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "InvalidAction" {
		t.Errorf("got %v", err)
	}
}
