"""Pages through every list with boto3's own paginators, and meets its errors.

Usage: pages.py DEPLOYMENT. Endpoint, region and credentials come from the
environment. What was seen is printed as one JSON document.
"""
import json
import sys

import boto3
from botocore.exceptions import ClientError

deploys = boto3.client("codedeploy")

ROLE = "arn:aws:iam::111122223333:role/deploy"


def pages(operation, member, **arguments):
    found = []
    for page in deploys.get_paginator(operation).paginate(**arguments):
        found += page[member]
    return found


def all_pages(deployment):
    return {
        "ListApplications": pages("list_applications", "applications"),
        "ListApplicationRevisions": [
            revision["s3Location"]["key"]
            for revision in pages("list_application_revisions", "revisions", applicationName="a")
        ],
        "ListDeploymentConfigs": pages("list_deployment_configs", "deploymentConfigsList"),
        "ListDeploymentGroups": pages("list_deployment_groups", "deploymentGroups", applicationName="a"),
        "ListDeploymentInstances": pages("list_deployment_instances", "instancesList", deploymentId=deployment),
        "ListDeployments": pages("list_deployments", "deployments"),
        "ListDeploymentTargets": pages("list_deployment_targets", "targetIds", deploymentId=deployment),
        "ListGitHubAccountTokenNames": pages("list_git_hub_account_token_names", "tokenNameList"),
        "ListOnPremisesInstances": pages("list_on_premises_instances", "instanceNames"),
    }


# Calls, and the class of the error that each must end in.
REFUSALS = [
    ("ApplicationAlreadyExistsException", "create_application", {"applicationName": "a"}),
    ("ApplicationDoesNotExistException", "get_application", {"applicationName": "nowhere"}),
    ("InvalidApplicationNameException", "get_application", {"applicationName": "x" * 101}),
    ("BatchLimitExceededException", "batch_get_applications", {"applicationNames": ["a"] * 101}),
    ("InvalidComputePlatformException", "create_application", {"applicationName": "x", "computePlatform": "Cloud"}),
    ("DeploymentConfigAlreadyExistsException", "create_deployment_config",
     {"deploymentConfigName": "a", "minimumHealthyHosts": {"type": "HOST_COUNT", "value": 1}}),
    ("DeploymentConfigDoesNotExistException", "get_deployment_config", {"deploymentConfigName": "nowhere"}),
    ("DeploymentGroupDoesNotExistException", "get_deployment_group",
     {"applicationName": "a", "deploymentGroupName": "nowhere"}),
    ("DeploymentGroupAlreadyExistsException", "create_deployment_group",
     {"applicationName": "a", "deploymentGroupName": "a", "serviceRoleArn": ROLE}),
    ("InvalidRoleException", "create_deployment_group",
     {"applicationName": "a", "deploymentGroupName": "x", "serviceRoleArn": "deploy"}),
    ("RevisionDoesNotExistException", "get_application_revision",
     {"applicationName": "a", "revision": {"revisionType": "AppSpecContent", "appSpecContent": {"sha256": "0" * 64}}}),
    ("DeploymentDoesNotExistException", "get_deployment", {"deploymentId": "d-000000000"}),
    ("InvalidDeploymentIdException", "stop_deployment", {"deploymentId": "1"}),
    ("InstanceNotRegisteredException", "get_on_premises_instance", {"instanceName": "nowhere"}),
    ("InvalidNextTokenException", "list_applications", {"nextToken": "x"}),
    ("InvalidArnException", "list_tags_for_resource", {"ResourceArn": "a"}),
]


def refusals():
    """The calls that did not end in their error class, with what happened."""
    odd = []
    for name, operation, arguments in REFUSALS:
        try:
            getattr(deploys, operation)(**arguments)
            odd.append(f"{operation}: answered, want {name}")
        except getattr(deploys.exceptions, name) as e:
            meta = e.response["ResponseMetadata"]
            if meta["HTTPStatusCode"] != 400 or not meta["RequestId"] or not e.response["Error"]["Message"]:
                odd.append(f"{operation}: {e.response}")
        except ClientError as e:
            odd.append(f"{operation}: {e}, want {name}")
    return odd


def main():
    deployment = sys.argv[1]
    print(json.dumps({"pages": all_pages(deployment), "odd": refusals()}))


main()
