package api

import (
	"slices"

	"greenlight/internal/codedeploy"
)

// suitsPlatform judges what a deployment may be given on its application's
// platform (deployments.md 3.1), in the order of CreateDeployment's error
// chain.
func suitsPlatform(in *codedeploy.CreateDeploymentInput, config codedeploy.DeploymentConfigInfo, platform codedeploy.ComputePlatform) error {
	if err := wrongPlatform(config, platform); err != nil {
		return err
	}
	if platform == codedeploy.ComputePlatformServer {
		return revisionSuits(*in.Revision, platform)
	}
	switch {
	case in.FileExistsBehavior != "":
		return codedeploy.InvalidFileExistsBehaviorException.Errorf(
			"fileExistsBehavior cannot be specified for a deployment on the %s compute platform.", platform)
	case isTrue(in.IgnoreApplicationStopFailures):
		return codedeploy.InvalidIgnoreApplicationStopFailuresValueException.Errorf(
			"The value of ignoreApplicationStopFailures is true; for a deployment on the %s compute platform, false is expected.", platform)
	case isTrue(in.UpdateOutdatedInstancesOnly):
		return codedeploy.InvalidUpdateOutdatedInstancesOnlyValueException.Errorf(
			"The value of updateOutdatedInstancesOnly is true; for a deployment on the %s compute platform, false is expected.", platform)
	case in.TargetInstances != nil:
		return codedeploy.InvalidTargetInstancesException.Errorf(
			"targetInstances cannot be specified for a deployment on the %s compute platform.", platform)
	}
	return revisionSuits(*in.Revision, platform)
}

// revisionSuits judges where a revision is kept and how it is bundled by the
// platform that shall run it (api.md 2.2).
func revisionSuits(r codedeploy.RevisionLocation, platform codedeploy.ComputePlatform) error {
	server := platform == codedeploy.ComputePlatformServer
	appSpecBundle := r.S3Location != nil && slices.Contains(
		[]codedeploy.BundleType{codedeploy.BundleTypeYAML, codedeploy.BundleTypeJSON}, r.S3Location.BundleType)
	switch r.RevisionType {
	case codedeploy.RevisionLocationTypeS3:
		if !server && !appSpecBundle {
			return codedeploy.InvalidRevisionException.Errorf("BundleType must be either YAML or JSON")
		}
		if server && appSpecBundle {
			return codedeploy.InvalidRevisionException.Errorf("BundleType must be one of tar, tgz and zip for the %s compute platform.", platform)
		}
	case codedeploy.RevisionLocationTypeGitHub:
		if !server {
			return codedeploy.InvalidRevisionException.Errorf("A revision in GitHub cannot be deployed to the %s compute platform.", platform)
		}
	default:
		if server {
			return codedeploy.InvalidRevisionException.Errorf("A revision of type %s cannot be deployed to the %s compute platform.", r.RevisionType, platform)
		}
	}
	return nil
}
