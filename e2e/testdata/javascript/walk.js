// Walks through a release with the AWS SDK for JavaScript v3, pages through its
// lists and meets its errors.
//
// Usage: node walk.js APPSPEC. Endpoint, region and credentials come from the
// environment. What was seen is printed as one JSON document.

import * as sdk from "@aws-sdk/client-codedeploy";

const client = new sdk.CodeDeploy({});
const role = "arn:aws:iam::111122223333:role/deploy";
const application = { applicationName: "script" };
const group = { ...application, deploymentGroupName: "live" };
const config = { deploymentConfigName: "script" };

async function setUp() {
  const { applicationId } = await client.createApplication({
    ...application,
    computePlatform: "Lambda",
    tags: [{ Key: "team", Value: "shop" }],
  });
  await client.createDeploymentConfig({
    ...config,
    computePlatform: "Lambda",
    trafficRoutingConfig: { type: "AllAtOnce" },
  });
  const deploymentStyle = { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" };
  await client.createDeploymentGroup({ ...group, ...config, deploymentStyle, serviceRoleArn: role });
  const read = await client.getApplication(application);
  const { deploymentConfigInfo } = await client.getDeploymentConfig(config);
  const { deploymentGroupInfo } = await client.getDeploymentGroup(group);
  return {
    sameApplication: read.application.applicationId === applicationId,
    createdNow: Math.abs(Date.now() - read.application.createTime) < 60_000,
    routing: deploymentConfigInfo.trafficRoutingConfig.type,
    groupConfig: deploymentGroupInfo.deploymentConfigName,
    rollback: deploymentGroupInfo.autoRollbackConfiguration.enabled,
  };
}

async function release(content) {
  const { deploymentId } = await client.createDeployment({
    ...group,
    revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
  });
  const limits = { client, minDelay: 1, maxDelay: 1, maxWaitTime: 60 };
  const waited = await sdk.waitUntilDeploymentSuccessful(limits, { deploymentId });
  const { deploymentInfo } = await client.getDeployment({ deploymentId });
  const { targetIds } = await client.listDeploymentTargets({ deploymentId });
  const { deploymentTarget } = await client.getDeploymentTarget({ deploymentId, targetId: targetIds[0] });
  return {
    deploymentId,
    waited: waited.state,
    status: deploymentInfo.status,
    ended: deploymentInfo.completeTime >= deploymentInfo.createTime,
    succeeded: deploymentInfo.deploymentOverview.Succeeded,
    weight: deploymentTarget.lambdaTarget.lambdaFunctionInfo.targetVersionWeight,
    events: deploymentTarget.lambdaTarget.lifecycleEvents.map((event) => event.status),
  };
}

// The paginators write their token into the input, hence the copy.
async function pages(paginate, member, input = {}) {
  const found = [];
  for await (const page of paginate({ client }, { ...input })) {
    found.push(...page[member]);
  }
  return found;
}

async function allPages(deploymentId) {
  const a = { applicationName: "a" };
  const revisions = await pages(sdk.paginateListApplicationRevisions, "revisions", a);
  return {
    ListApplications: await pages(sdk.paginateListApplications, "applications"),
    ListApplicationRevisions: revisions.map((revision) => revision.s3Location.key),
    ListDeploymentConfigs: await pages(sdk.paginateListDeploymentConfigs, "deploymentConfigsList"),
    ListDeploymentGroups: await pages(sdk.paginateListDeploymentGroups, "deploymentGroups", a),
    ListDeploymentInstances: await pages(sdk.paginateListDeploymentInstances, "instancesList", { deploymentId }),
    ListDeployments: await pages(sdk.paginateListDeployments, "deployments"),
  };
}

// Calls, and the class of the error that each must end in. The SDK checks
// nothing itself, so that also what is missing reaches the server.
const refusals = [
  [sdk.ApplicationNameRequiredException, () => client.getApplication({})],
  [sdk.ApplicationAlreadyExistsException, () => client.createApplication({ applicationName: "a" })],
  [sdk.ApplicationDoesNotExistException, () => client.getApplication({ applicationName: "nowhere" })],
  [sdk.InvalidApplicationNameException, () => client.getApplication({ applicationName: "a/b" })],
  [sdk.RoleRequiredException, () => client.createDeploymentGroup({ applicationName: "a", deploymentGroupName: "x" })],
  [sdk.RevisionRequiredException, () => client.createDeployment(group)],
  [sdk.DeploymentDoesNotExistException, () => client.getDeployment({ deploymentId: "d-000000000" })],
  [sdk.DeploymentIdRequiredException, () => client.stopDeployment({})],
  [sdk.InvalidNextTokenException, () => client.listApplications({ nextToken: "x" })],
  [sdk.IamArnRequiredException, () => client.registerOnPremisesInstance({ instanceName: "x" })],
];

// odd tells of the calls that did not end in their error class.
async function odd() {
  const found = [];
  for (const [kind, call] of refusals) {
    try {
      await call();
      found.push(`answered, want ${kind.name}`);
    } catch (error) {
      if (!(error instanceof kind) || !error.message || error.$metadata.httpStatusCode !== 400) {
        found.push(`${error}, want ${kind.name}`);
      }
    }
  }
  return found;
}

const set = await setUp();
const released = await release(process.argv[2]);
const found = await allPages(released.deploymentId);
console.log(JSON.stringify({ set, released, pages: found, odd: await odd() }));
