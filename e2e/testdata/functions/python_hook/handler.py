"""A lifecycle hook as one writes it for AWS: boto3 finds everything by itself."""
import os

import boto3


def handle(event, context):
    boto3.client("codedeploy").put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status=os.environ["VERDICT"],
    )
    print(context.function_name, "reported", os.environ["VERDICT"])
