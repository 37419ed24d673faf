package scenarios

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"greenlight/internal/lambdadriver/lambdatest"
)

// badAppSpec is P of lambda.md 2.3.
const badAppSpec = "The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration is missing or has an invalid configuration."

func TestL19_AliasOnAnotherVersion(t *testing.T) {
	w := newWorld(t)
	w.alias("2", nil)
	id := w.deploy(canary, appSpec("1", "2"))
	w.want(id).status("Failed").notStarted().nothingToRollBack().failure("INVALID_LAMBDA_CONFIGURATION",
		badAppSpec+" The Lambda function alias version does not match the current version in AppSpec file.")
	w.wantUpdates()
}

func TestL20_AliasWithWeights(t *testing.T) {
	w := newWorld(t)
	w.alias("1", map[string]float64{"2": 0.1})
	id := w.deploy(canary, appSpec("1", "2"))
	w.want(id).status("Failed").notStarted().nothingToRollBack().says("INVALID_LAMBDA_CONFIGURATION", badAppSpec+" ")
	w.wantUpdates()
	w.wantAlias("1 {2:0.1}")
}

func TestL22_HookWithoutName(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, appSpec("1", "2", `{"AfterAllowTraffic":null}`))
	w.want(id).status("Failed").notStarted().nothingToRollBack().
		failure("INVALID_LAMBDA_CONFIGURATION", badAppSpec+" The Lambda function name cannot be null or empty")
	w.wantUpdates()
}

func TestL23_UnreadableAppSpec(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(canary, "{{{")
	w.want(id).status("Failed").notStarted().nothingToRollBack().failure("INVALID_LAMBDA_CONFIGURATION",
		badAppSpec+" The input AppSpec file is a not well-formed yaml. The template cannot be parsed.")
	w.wantUpdates()
}

func TestL24_InvalidAppSpecs(t *testing.T) {
	resource := `{"f":{"Type":"AWS::Lambda::Function","Properties":{"Name":"f","Alias":"live","CurrentVersion":"1","TargetVersion":"2"}}}`
	for name, text := range map[string]string{
		"two resources": `{"version":0.0,"Resources":[` + resource + `,` + resource + `]}`,
		"ECS service":   `{"version":0.0,"Resources":[{"f":{"Type":"AWS::ECS::Service","Properties":{"Name":"f","Alias":"live","CurrentVersion":"1","TargetVersion":"2"}}}]}`,
		"$LATEST":       appSpec("1", "$LATEST"),
		"ECS hook":      appSpec("1", "2", `{"BeforeInstall":"h"}`),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.deploy(allAtOnce, text)
			w.want(id).status("Failed").notStarted().nothingToRollBack().says("INVALID_LAMBDA_CONFIGURATION", badAppSpec+" ")
			w.wantUpdates()
		})
	}
}

// refusedCreate wants a CreateDeployment to be refused and to leave nothing.
func (w *world) refusedCreate(code, message string, vary func(*request)) {
	w.Helper()
	_, err := w.create(canary, appSpec("1", "2"), vary)
	w.refused(err, code, message)
	if ids := w.list(group); len(ids) > 0 {
		w.Errorf("refused, and yet there is %q", ids)
	}
}

func TestL25_NoRevision(t *testing.T) {
	w := newWorld(t)
	withoutRevision := func(r *request) { r.Revision = nil }
	w.refusedCreate("RevisionRequiredException", "", withoutRevision)
	_, err := w.create(canary, "", withoutRevision)
	w.says(err, "RevisionLocation must be specified")
}

// D4 is L25 once more, in the words of deployments.md.
func TestD4_NoRevision(t *testing.T) {
	w := newWorld(t)
	_, err := w.create(canary, "", func(r *request) { r.Revision = nil })
	w.refused(err, "RevisionRequiredException")
	w.says(err, "RevisionLocation must be specified")
}

func TestL26_ZipRevision(t *testing.T) {
	w := newWorld(t)
	zipped := func(r *request) { r.Revision = inS3("zip") }
	w.refusedCreate("InvalidRevisionException", "", zipped)
	_, err := w.create(canary, "", zipped)
	w.says(err, "BundleType must be either YAML or JSON")
}

// inS3 is the object bucket/appspec in S3.
func inS3(bundle types.BundleType) *types.RevisionLocation {
	return &types.RevisionLocation{RevisionType: types.RevisionLocationTypeS3, S3Location: &types.S3Location{
		Bucket: aws.String("bucket"), Key: aws.String("appspec"), BundleType: bundle,
	}}
}

func TestL27_SettingsOfOtherPlatforms(t *testing.T) {
	w := newWorld(t)
	w.refusedCreate("InvalidUpdateOutdatedInstancesOnlyValueException", "false is expected",
		func(r *request) { r.UpdateOutdatedInstancesOnly = true })
	w.refusedCreate("InvalidIgnoreApplicationStopFailuresValueException", "false is expected",
		func(r *request) { r.IgnoreApplicationStopFailures = true })
}

func TestL35b_FileExistsBehavior(t *testing.T) {
	w := newWorld(t)
	w.refusedCreate("InvalidFileExistsBehaviorException", "fileExistsBehavior",
		func(r *request) { r.FileExistsBehavior = types.FileExistsBehaviorOverwrite })
}

func TestA9_FirstOfSeveralFaults(t *testing.T) {
	w := newWorld(t)
	w.refusedCreate("RevisionRequiredException", "", func(r *request) { r.Revision, r.ApplicationName = nil, aws.String("unknown") })
	w.refusedCreate("DeploymentGroupDoesNotExistException", "", func(r *request) {
		r.Revision, r.DeploymentGroupName = inS3("zip"), aws.String("unknown")
	})
}

func TestL28_UnknownTargetVersion(t *testing.T) {
	w := newWorld(t)
	id := w.deploy(allAtOnce, appSpec("1", "9"))
	s := w.want(id).status("Failed").says("INVALID_LAMBDA_FUNCTION").events("S/F/K").on("Failed", 0).overview("Failed")
	s.rolledBack().undone()
	w.wantUpdates("9 {} refused", "1 {}")
	w.wantAlias("1")
}

func TestL38_ContentIsReadFromTheRevision(t *testing.T) {
	w := newWorld(t)
	text := appSpec("1", "2")
	s := w.want(w.deploy(allAtOnce, text)).status("Succeeded")
	r := s.info.Revision
	if r.RevisionType != types.RevisionLocationTypeAppSpecContent || r.AppSpecContent.Content != nil || len(aws.ToString(r.AppSpecContent.Sha256)) != 64 {
		t.Fatalf("revision is %+v %+v", r, r.AppSpecContent)
	}
	out, err := w.ours.GetApplicationRevision(context.Background(), &codedeploy.GetApplicationRevisionInput{ApplicationName: aws.String(app), Revision: r})
	w.must(err)
	if got := aws.ToString(out.Revision.AppSpecContent.Content); got != text {
		t.Errorf("content is %q, want %q", got, text)
	}
	if got := aws.ToString(out.RevisionInfo.Description); got != "Application revision registered by Deployment ID: "+s.id {
		t.Errorf("description is %q", got)
	}
}

func TestL43_NothingBegun(t *testing.T) {
	w := newWorld(t)
	w.alias("2", nil)
	mismatch := w.deploy(canary, appSpec("1", "2")) // L19
	w.want(mismatch).status("Failed").notStarted().nothingToRollBack()
	unreadable := w.deploy(canary, "{{{") // L23
	w.want(unreadable).status("Failed").notStarted().nothingToRollBack()
	for _, id := range []string{mismatch, unreadable} {
		_, err := w.ours.ListDeploymentTargets(context.Background(), &codedeploy.ListDeploymentTargetsInput{DeploymentId: &id})
		w.refused(err, "DeploymentNotStartedException")
		_, err = w.ours.GetDeploymentTarget(context.Background(), &codedeploy.GetDeploymentTargetInput{DeploymentId: &id, TargetId: aws.String("f")})
		w.refused(err, "DeploymentNotStartedException")
	}
}

// Rows M7 and M20 of lambda.md 2.3.
func TestM7_RevisionInS3(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(*world, *types.S3Location)
		code    types.ErrorCode // "": succeeds
	}{
		"found":      {func(w *world, _ *types.S3Location) { w.bucket.put("/bucket/appspec", yamlAppSpec) }, ""},
		"missing":    {func(*world, *types.S3Location) {}, "REVISION_MISSING"},
		"unreadable": {func(w *world, _ *types.S3Location) { w.bucket.deny() }, "IAM_ROLE_PERMISSIONS"},
		"other ETag": {func(w *world, l *types.S3Location) {
			w.bucket.put("/bucket/appspec", yamlAppSpec)
			l.ETag = aws.String("etag-0")
		}, "INVALID_REVISION"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			location := inS3(types.BundleTypeYaml)
			c.prepare(w, location.S3Location)
			id := w.deploy(allAtOnce, "", func(r *request) { r.Revision = location })
			if c.code == "" {
				w.want(id).status("Succeeded").events("S/S/S")
				return
			}
			w.want(id).status("Failed").says(c.code).notStarted().nothingToRollBack()
			w.wantUpdates()
		})
	}
}

// Row M8: a file with nothing in it has been read, too.
func TestM8_EmptyRevisionInS3(t *testing.T) {
	w := newWorld(t)
	w.bucket.put("/bucket/appspec", "")
	id := w.deploy(allAtOnce, "", func(r *request) { r.Revision = inS3(types.BundleTypeYaml) })
	w.want(id).status("Failed").notStarted().nothingToRollBack().failure("INVALID_LAMBDA_CONFIGURATION",
		badAppSpec+" The input AppSpec file is a not well-formed yaml. The template cannot be parsed.")
	if n := w.bucket.read(); n != 1 {
		t.Errorf("the object was read %d times, want once", n)
	}
	w.wantUpdates()
}

func TestM20_NoSuchAlias(t *testing.T) {
	w := newWorld(t)
	w.far.Fail(lambdatest.GetAlias, 1, lambdatest.NotFound)
	id := w.deploy(allAtOnce, appSpec("1", "2"))
	w.want(id).status("Failed").says("INVALID_LAMBDA_FUNCTION").notStarted().nothingToRollBack()
}
