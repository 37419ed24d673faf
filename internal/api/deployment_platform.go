package api

import (
	"slices"

	"greenlight/internal/codedeploy"
)

// suitsPlatform judges what a deployment may be given by the platform and the
// style of its group (deployments.md 3.1), in the order of CreateDeployment's
// error chain.
func suitsPlatform(in *codedeploy.CreateDeploymentInput, config codedeploy.DeploymentConfigInfo, group codedeploy.DeploymentGroupInfo) error {
	platform := group.ComputePlatform
	if err := wrongPlatform(config, platform); err != nil {
		return err
	}
	if err := gradualOnALB(config, group); err != nil {
		return err
	}
	server := platform == codedeploy.ComputePlatformServer
	switch {
	case !server && in.FileExistsBehavior != "":
		return fileExistsBehavior.bad("fileExistsBehavior cannot be specified for a deployment on the %s compute platform.", platform)
	case !server && isTrue(in.IgnoreApplicationStopFailures):
		return ignoreStopFailures.bad(
			"The value of ignoreApplicationStopFailures is true; for a deployment on the %s compute platform, false is expected.", platform)
	case !server && isTrue(in.UpdateOutdatedInstancesOnly):
		return outdatedOnly.bad(
			"The value of updateOutdatedInstancesOnly is true; for a deployment on the %s compute platform, false is expected.", platform)
	case !server && in.TargetInstances != nil:
		return targetInstances.bad("targetInstances cannot be specified for a deployment on the %s compute platform.", platform)
	case in.TargetInstances != nil && group.DeploymentStyle.DeploymentType == codedeploy.DeploymentTypeInPlace:
		return targetInstances.bad("targetInstances cannot be specified for a deployment in place: the group's style is not BLUE_GREEN.")
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
			return revision.bad("BundleType must be either YAML or JSON")
		}
		if server && appSpecBundle {
			return revision.bad("BundleType must be either tar, zip or tgz")
		}
	case codedeploy.RevisionLocationTypeGitHub:
		if !server {
			return revision.bad("Revision type: GitHub is not supported under compute platform: %s", capitals(platform))
		}
	default:
		if server {
			return revision.bad("Revision type: %s is not supported under compute platform: %s", r.RevisionType, capitals(platform))
		}
	}
	return nil
}
