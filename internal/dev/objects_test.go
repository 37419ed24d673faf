package dev

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	cdtypes "github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const role = "arn:aws:iam::" + account + ":role/deploy"

const appSpecYAML = `version: 0.0
Resources:
  - hello: {Type: AWS::Lambda::Function, Properties: {Name: hello, Alias: live, CurrentVersion: "1", TargetVersion: "2"}}
`

const appSpecJSON = `{"version": 0.0, "Resources": [{"hello": {"Type": "AWS::Lambda::Function",
	"Properties": {"Name": "hello", "Alias": "live", "CurrentVersion": "2", "TargetVersion": "1"}}}]}`

// shop is a function whose code is in S3, and an application that deploys it.
type shop struct {
	t       *testing.T
	deploy  *codedeploy.Client
	lambda  *lambda.Client
	objects *s3.Client
}

func newShop(t *testing.T, d *Dev) *shop {
	t.Helper()
	cfg, ctx := d.config(), t.Context()
	s := &shop{t, codedeploy.NewFromConfig(cfg), lambda.NewFromConfig(cfg),
		s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })}
	must(s.objects.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("shop")}))(t)
	must(s.objects.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: aws.String("shop"),
		VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}}))(t)
	first := s.put("hello.zip", functionZip(t, "one"))
	s.put("hello.zip", functionZip(t, "two"))
	must(s.lambda.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String("hello"), Role: aws.String(role), Handler: aws.String("bootstrap"),
		Runtime: lambdatypes.RuntimeProvidedal2023, Publish: true,
		Code: &lambdatypes.FunctionCode{S3Bucket: aws.String("shop"), S3Key: aws.String("hello.zip"), S3ObjectVersion: first.VersionId},
	}))(t)
	must(s.lambda.CreateAlias(ctx, &lambda.CreateAliasInput{
		FunctionName: aws.String("hello"), Name: aws.String("live"), FunctionVersion: aws.String("1")}))(t)
	must(s.lambda.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{
		FunctionName: aws.String("hello"), S3Bucket: aws.String("shop"), S3Key: aws.String("hello.zip"), Publish: true}))(t)
	must(s.deploy.CreateApplication(ctx, &codedeploy.CreateApplicationInput{
		ApplicationName: aws.String("shop"), ComputePlatform: cdtypes.ComputePlatformLambda}))(t)
	must(s.deploy.CreateDeploymentGroup(ctx, &codedeploy.CreateDeploymentGroupInput{
		ApplicationName: aws.String("shop"), DeploymentGroupName: aws.String("hello"), ServiceRoleArn: aws.String(role),
		DeploymentStyle: &cdtypes.DeploymentStyle{
			DeploymentType: cdtypes.DeploymentTypeBlueGreen, DeploymentOption: cdtypes.DeploymentOptionWithTrafficControl,
		}}))(t)
	return s
}

func (s *shop) put(key string, content []byte) *s3.PutObjectOutput {
	s.t.Helper()
	return must(s.objects.PutObject(s.t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("shop"), Key: &key, Body: bytes.NewReader(content)}))(s.t)
}

// release deploys a revision and returns how it ended.
func (s *shop) release(location cdtypes.S3Location) *cdtypes.DeploymentInfo {
	s.t.Helper()
	location.Bucket = aws.String("shop")
	out := must(s.deploy.CreateDeployment(s.t.Context(), &codedeploy.CreateDeploymentInput{
		ApplicationName: aws.String("shop"), DeploymentGroupName: aws.String("hello"),
		Revision: &cdtypes.RevisionLocation{RevisionType: cdtypes.RevisionLocationTypeS3, S3Location: &location},
	}))(s.t)
	in := &codedeploy.GetDeploymentInput{DeploymentId: out.DeploymentId}
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for range 1500 {
		info := must(s.deploy.GetDeployment(s.t.Context(), in))(s.t).DeploymentInfo
		if info.CompleteTime != nil {
			return info
		}
		<-poll.C
	}
	s.t.Fatal("the deployment does not end")
	return nil
}

func (s *shop) live() string {
	s.t.Helper()
	return *must(s.lambda.GetAlias(s.t.Context(), &lambda.GetAliasInput{FunctionName: aws.String("hello"), Name: aws.String("live")}))(s.t).FunctionVersion
}

// TestAppSpecInS3 deploys what is in an object: the version that is named, and
// only if its ETag is the one that is named.
func TestAppSpecInS3(t *testing.T) {
	t.Parallel()
	s := newShop(t, start(t))
	forward := s.put("appspec", []byte(appSpecYAML))
	back := s.put("appspec", []byte(appSpecJSON))
	key := aws.String("appspec")

	info := s.release(cdtypes.S3Location{Key: key, BundleType: cdtypes.BundleTypeYaml, Version: forward.VersionId,
		ETag: aws.String(strings.Trim(*forward.ETag, `"`))})
	if info.Status != cdtypes.DeploymentStatusSucceeded || s.live() != "2" {
		t.Fatalf("YAML, an old version: %s %+v, live is %s", info.Status, info.ErrorInformation, s.live())
	}
	info = s.release(cdtypes.S3Location{Key: key, BundleType: cdtypes.BundleTypeJson, ETag: back.ETag})
	if info.Status != cdtypes.DeploymentStatusSucceeded || s.live() != "1" {
		t.Fatalf("JSON, the latest: %s %+v, live is %s", info.Status, info.ErrorInformation, s.live())
	}
	info = s.release(cdtypes.S3Location{Key: key, BundleType: cdtypes.BundleTypeJson, ETag: forward.ETag})
	if info.Status != cdtypes.DeploymentStatusFailed || info.ErrorInformation == nil {
		t.Errorf("another ETag: %s %+v", info.Status, info.ErrorInformation)
	}
	info = s.release(cdtypes.S3Location{Key: aws.String("none"), BundleType: cdtypes.BundleTypeYaml})
	if info.Status != cdtypes.DeploymentStatusFailed || info.ErrorInformation == nil {
		t.Errorf("no object: %s %+v", info.Status, info.ErrorInformation)
	}
}

// TestKeysLikePaths are names, and nobody tidies them up.
func TestKeysLikePaths(t *testing.T) {
	t.Parallel()
	client := s3.NewFromConfig(start(t).config(), func(o *s3.Options) { o.UsePathStyle = true })
	must(client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("shop")}))(t)
	for _, key := range []string{"/a", "a//b", "a/../b", "a/./b", "dir/", "//", "healthz", "a%2Fb", "ä b+c"} {
		must(client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("shop"), Key: &key, Body: strings.NewReader(key)}))(t)
	}
	list := must(client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("shop")}))(t)
	if len(list.Contents) != 9 {
		t.Errorf("got %d objects", len(list.Contents))
	}
	for _, o := range list.Contents {
		out := must(client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("shop"), Key: o.Key}))(t)
		content := must(io.ReadAll(out.Body))(t)
		if string(content) != *o.Key {
			t.Errorf("%q has %q", *o.Key, content)
		}
	}
}

// TestAssumedRoles act in the account of the role, in every service.
func TestAssumedRoles(t *testing.T) {
	t.Parallel()
	d := start(t)
	cfg := d.config()
	cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(d.config()), "arn:aws:iam::444455556666:role/release"))
	who := must(sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil))(t)
	if *who.Account != "444455556666" || !strings.HasPrefix(*who.Arn, "arn:aws:sts::444455556666:assumed-role/release/") {
		t.Errorf("got %s %s", *who.Account, *who.Arn)
	}
	made := must(codedeploy.NewFromConfig(cfg).CreateApplication(t.Context(), &codedeploy.CreateApplicationInput{ApplicationName: aws.String("a")}))(t)
	if *made.ApplicationId == "" {
		t.Error("no application")
	}
	own := must(codedeploy.NewFromConfig(d.config()).ListApplications(t.Context(), nil))(t)
	if len(own.Applications) > 0 {
		t.Errorf("the caller's own account has %v", own.Applications)
	}
}
