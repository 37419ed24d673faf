"""Releases of a function with hooks in Python, through boto3 alone.

Usage: release.py HELLO_ZIP HOOK_SOURCE. Endpoint, region and credentials come
from the environment. What was seen is printed as one JSON document.
"""
import io
import json
import sys
import zipfile

import boto3
from botocore.exceptions import WaiterError

ROLE = "arn:aws:iam::000000000000:role/release"
APPLICATION, GROUP = "orders", "live"

functions = boto3.client("lambda")
deploys = boto3.client("codedeploy")


def archive(source):
    """A zip that holds the file as handler.py."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.write(source, "handler.py")
    return packed.getvalue()


def create_hook(name, verdict, code):
    functions.create_function(
        FunctionName=name,
        Runtime="python3.%d" % sys.version_info.minor,
        Role=ROLE,
        Handler="handler.handle",
        Code={"ZipFile": code},
        Timeout=60,
        MemorySize=512,
        Environment={"Variables": {"VERDICT": verdict}},
    )


def publish_orders(code):
    """Versions 1 and 2, and an alias that points to the first."""
    functions.create_function(
        FunctionName="orders",
        Runtime="provided.al2023",
        Role=ROLE,
        Handler="bootstrap",
        Code={"ZipFile": code},
        Environment={"Variables": {"GREETING": "one"}},
        Publish=True,
    )
    functions.update_function_configuration(
        FunctionName="orders", Environment={"Variables": {"GREETING": "two"}}
    )
    functions.get_waiter("function_updated_v2").wait(FunctionName="orders")
    second = functions.publish_version(FunctionName="orders")["Version"]
    functions.create_alias(FunctionName="orders", Name="live", FunctionVersion="1")
    return second


def create_group():
    deploys.create_application(applicationName=APPLICATION, computePlatform="Lambda")
    deploys.create_deployment_group(
        applicationName=APPLICATION,
        deploymentGroupName=GROUP,
        serviceRoleArn=ROLE,
        deploymentConfigName="CodeDeployDefault.LambdaCanary10Percent5Minutes",
        deploymentStyle={"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
        autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_FAILURE"]},
    )


def deploy(current, target, before, after):
    spec = {
        "version": 0.0,
        "Resources": [
            {
                "orders": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {
                        "Name": "orders",
                        "Alias": "live",
                        "CurrentVersion": current,
                        "TargetVersion": target,
                    },
                }
            }
        ],
        "Hooks": [{"BeforeAllowTraffic": before}, {"AfterAllowTraffic": after}],
    }
    return deploys.create_deployment(
        applicationName=APPLICATION,
        deploymentGroupName=GROUP,
        revision={
            "revisionType": "AppSpecContent",
            "appSpecContent": {"content": json.dumps(spec)},
        },
    )["deploymentId"]


def wait(deployment):
    """True when it succeeded. The waiter raises as soon as it has failed."""
    waiter = deploys.get_waiter("deployment_successful")
    try:
        waiter.wait(deploymentId=deployment, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    except WaiterError:
        return False
    return True


def seen(deployment):
    info = deploys.get_deployment(deploymentId=deployment)["deploymentInfo"]
    target = deploys.get_deployment_target(deploymentId=deployment, targetId="orders")
    target = target["deploymentTarget"]["lambdaTarget"]
    return {
        "status": info["status"],
        "code": info.get("errorInformation", {}).get("code", ""),
        "started": info["startTime"].isoformat(),
        "rollback": info.get("rollbackInfo", {}).get("rollbackDeploymentId", ""),
        "events": [e["status"] for e in target["lifecycleEvents"]],
        "weight": target["lambdaFunctionInfo"]["targetVersionWeight"],
    }


def pages(operation, member, **arguments):
    found = []
    for page in deploys.get_paginator(operation).paginate(**arguments):
        found += page[member]
    return found


def invoke():
    answer = functions.invoke(FunctionName="orders:live", Payload=b"{}")
    return json.load(answer["Payload"])["version"]


def main():
    hello, hook = sys.argv[1:]
    hook_code = archive(hook)
    create_hook("CodeDeployHook_agree", "Succeeded", hook_code)
    create_hook("CodeDeployHook_refuse", "Failed", hook_code)
    with open(hello, "rb") as file:
        second = publish_orders(file.read())
    create_group()

    good = deploy("1", second, "CodeDeployHook_agree", "CodeDeployHook_agree")
    good_waited = wait(good)
    after_good = invoke()
    bad = deploy(second, "1", "CodeDeployHook_refuse", "CodeDeployHook_agree")
    bad_waited = wait(bad)
    rollback = seen(bad)["rollback"]
    rollback_waited = wait(rollback)

    print(
        json.dumps(
            {
                "good": seen(good),
                "goodWaited": good_waited,
                "versionAfterGood": after_good,
                "bad": seen(bad),
                "badWaited": bad_waited,
                "rollbackWaited": rollback_waited,
                "versionAfterBad": invoke(),
                "ids": [rollback, bad, good],
                "applications": pages("list_applications", "applications"),
                "groups": pages("list_deployment_groups", "deploymentGroups", applicationName=APPLICATION),
                "deployments": pages(
                    "list_deployments", "deployments", applicationName=APPLICATION, deploymentGroupName=GROUP
                ),
                "configs": len(pages("list_deployment_configs", "deploymentConfigsList")),
                "targets": pages("list_deployment_targets", "targetIds", deploymentId=good),
            }
        )
    )


main()
