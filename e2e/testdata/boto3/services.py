"""Releases of an ECS service through boto3 alone, with its waiters and paginators.

Usage: services.py TASK_DEFINITION_1 TASK_DEFINITION_2, two JSON texts. Endpoint,
region and credentials come from the environment. What was seen is printed as one
JSON document.
"""
import json
import sys

import boto3
from botocore.exceptions import ClientError, WaiterError

ROLE = "arn:aws:iam::000000000000:role/release"
CLUSTER, SERVICE, APPLICATION = "c1", "s1", "web"
QUICK = {"Delay": 1, "MaxAttempts": 60}

containers = boto3.client("ecs")
balancers = boto3.client("elbv2")
deploys = boto3.client("codedeploy")


def create_balancer():
    """The load balancer, after it is available, and the ARNs below it."""
    arn = balancers.create_load_balancer(Name="lb", Subnets=["subnet-1", "subnet-2"])["LoadBalancers"][0]["LoadBalancerArn"]
    balancers.get_waiter("load_balancer_exists").wait(Names=["lb"], WaiterConfig=QUICK)
    balancers.get_waiter("load_balancer_available").wait(LoadBalancerArns=[arn], WaiterConfig=QUICK)
    groups = [
        balancers.create_target_group(
            Name=name,
            Protocol="HTTP",
            Port=80,
            VpcId="vpc-1",
            TargetType="ip",
            HealthCheckIntervalSeconds=5,
            HealthCheckTimeoutSeconds=4,
            HealthyThresholdCount=2,
        )["TargetGroups"][0]["TargetGroupArn"]
        for name in ("s1-a", "s1-b")
    ]
    listener = balancers.create_listener(
        LoadBalancerArn=arn,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": groups[0]}],
    )["Listeners"][0]["ListenerArn"]
    return arn, groups, listener


def create_service(definitions, group):
    containers.create_cluster(clusterName=CLUSTER)
    for text in definitions:
        containers.register_task_definition(**json.loads(text))
    return containers.create_service(
        cluster=CLUSTER,
        serviceName=SERVICE,
        taskDefinition="app:1",
        desiredCount=2,
        deploymentController={"type": "CODE_DEPLOY"},
        loadBalancers=[{"targetGroupArn": group, "containerName": "web", "containerPort": 80}],
    )["service"]


def create_group(listener):
    deploys.create_application(applicationName=APPLICATION, computePlatform="ECS")
    deploys.create_deployment_group(
        applicationName=APPLICATION,
        deploymentGroupName=SERVICE,
        serviceRoleArn=ROLE,
        deploymentConfigName="CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
        ecsServices=[{"clusterName": CLUSTER, "serviceName": SERVICE}],
        deploymentStyle={"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
        loadBalancerInfo={
            "targetGroupPairInfoList": [
                {
                    "targetGroups": [{"name": "s1-a"}, {"name": "s1-b"}],
                    "prodTrafficRoute": {"listenerArns": [listener]},
                }
            ]
        },
        blueGreenDeploymentConfiguration={
            "deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT"},
            "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE"},
        },
        autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_FAILURE"]},
    )


def deploy(definition, port):
    spec = {
        "version": 0.0,
        "Resources": [
            {
                "TargetService": {
                    "Type": "AWS::ECS::Service",
                    "Properties": {
                        "TaskDefinition": definition,
                        "LoadBalancerInfo": {"ContainerName": "web", "ContainerPort": port},
                    },
                }
            }
        ],
    }
    return deploys.create_deployment(
        applicationName=APPLICATION,
        deploymentGroupName=SERVICE,
        revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": json.dumps(spec)}},
    )["deploymentId"]


def wait(deployment):
    """True when it succeeded. The waiter raises as soon as it has failed."""
    try:
        deploys.get_waiter("deployment_successful").wait(deploymentId=deployment, WaiterConfig=QUICK)
    except WaiterError:
        return False
    return True


def seen(deployment):
    info = deploys.get_deployment(deploymentId=deployment)["deploymentInfo"]
    target = deploys.get_deployment_target(deploymentId=deployment, targetId=f"{CLUSTER}:{SERVICE}")
    target = target["deploymentTarget"]["ecsTarget"]
    return {
        "status": info["status"],
        "error": info.get("errorInformation", {}).get("message", ""),
        "events": "".join(e["status"][0] for e in target["lifecycleEvents"]),
        "taskSets": [
            f"{s['taskSetLabel']} {s['status']} {s['trafficWeight']} {s['targetGroup']['name']}" for s in target["taskSetsInfo"]
        ],
    }


def refusal():
    """What update-service is told about a new task definition."""
    try:
        containers.update_service(cluster=CLUSTER, service=SERVICE, taskDefinition="app:2")
    except containers.exceptions.InvalidParameterException as e:
        return e.response["Error"]["Message"]
    return ""


def found(client, operation, member, **arguments):
    return [x for page in client.get_paginator(operation).paginate(**arguments) for x in page[member]]


def pages(arn, listener):
    """What the paginators find, by name or by number."""
    return {
        "clusters": len(found(containers, "list_clusters", "clusterArns")),
        "services": len(found(containers, "list_services", "serviceArns", cluster=CLUSTER)),
        "families": len(found(containers, "list_task_definition_families", "families")),
        "definitions": len(found(containers, "list_task_definitions", "taskDefinitionArns", PaginationConfig={"PageSize": 1})),
        "tasks": len(found(containers, "list_tasks", "taskArns", cluster=CLUSTER, serviceName=SERVICE, PaginationConfig={"PageSize": 1})),
        "balancers": len(found(balancers, "describe_load_balancers", "LoadBalancers")),
        "groups": len(found(balancers, "describe_target_groups", "TargetGroups", PaginationConfig={"PageSize": 1})),
        "listeners": len(found(balancers, "describe_listeners", "Listeners", LoadBalancerArn=arn)),
        "rules": len(found(balancers, "describe_rules", "Rules", ListenerArn=listener)),
        "targets": found(deploys, "list_deployments", "deployments", applicationName=APPLICATION, deploymentGroupName=SERVICE),
    }


def serving(group):
    """Waits until the tasks behind a target group take traffic."""
    balancers.get_waiter("target_in_service").wait(TargetGroupArn=group, WaiterConfig=QUICK)
    tasks = found(containers, "list_tasks", "taskArns", cluster=CLUSTER, serviceName=SERVICE)
    containers.get_waiter("tasks_running").wait(cluster=CLUSTER, tasks=tasks, WaiterConfig=QUICK)


def tear_down(arn, groups, listener):
    """Deletes everything, with the waiters that follow it."""
    deploys.delete_application(applicationName=APPLICATION)
    tasks = found(containers, "list_tasks", "taskArns", cluster=CLUSTER, serviceName=SERVICE)
    containers.delete_service(cluster=CLUSTER, service=SERVICE, force=True)
    containers.get_waiter("services_inactive").wait(cluster=CLUSTER, services=[SERVICE], WaiterConfig=QUICK)
    containers.get_waiter("tasks_stopped").wait(cluster=CLUSTER, tasks=tasks, WaiterConfig=QUICK)
    balancers.delete_listener(ListenerArn=listener)
    balancers.delete_load_balancer(LoadBalancerArn=arn)
    balancers.get_waiter("load_balancers_deleted").wait(LoadBalancerArns=[arn], WaiterConfig=QUICK)
    for group in groups:
        balancers.delete_target_group(TargetGroupArn=group)
    containers.delete_cluster(cluster=CLUSTER)


def gone(arn):
    try:
        balancers.describe_load_balancers(LoadBalancerArns=[arn])
    except ClientError as e:
        return e.response["Error"]["Code"]
    return "still there"


def main():
    arn, groups, listener = create_balancer()
    service = create_service(sys.argv[1:], groups[0])
    serving(groups[0])
    create_group(listener)
    good = deploy("app:2", 80)
    good_waited = wait(good)
    serving(groups[1])
    bad = deploy("app:1", 81)
    bad_waited = wait(bad)
    result = {
        "deployments": service["deployments"],
        "refusal": refusal(),
        "good": seen(good),
        "goodWaited": good_waited,
        "bad": seen(bad),
        "badWaited": bad_waited,
        "ids": [bad, good],
        "pages": pages(arn, listener),
    }
    tear_down(arn, groups, listener)
    print(json.dumps(result | {"gone": gone(arn)}))


main()
