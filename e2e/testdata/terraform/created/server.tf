# In place, by tag filters, with all that goes with any platform.
resource "aws_codedeploy_deployment_group" "filters" {
  app_name                    = aws_codedeploy_app.server.name
  deployment_group_name       = "filters"
  service_role_arn            = local.role
  deployment_config_name      = aws_codedeploy_deployment_config.server.deployment_config_name
  autoscaling_groups          = ["one", "two"]
  outdated_instances_strategy = "IGNORE"
  termination_hook_enabled    = true
  tags                        = { team = "shop", stage = "test" }

  ec2_tag_filter {
    key   = "role"
    type  = "KEY_AND_VALUE"
    value = "web"
  }

  ec2_tag_filter {
    key  = "canary"
    type = "KEY_ONLY"
  }

  on_premises_instance_tag_filter {
    type  = "VALUE_ONLY"
    value = "rack-7"
  }

  trigger_configuration {
    trigger_events     = ["DeploymentFailure", "DeploymentStop", "InstanceFailure"]
    trigger_name       = "trouble"
    trigger_target_arn = local.topic
  }

  trigger_configuration {
    trigger_events     = ["DeploymentReady"]
    trigger_name       = "ready"
    trigger_target_arn = "${local.topic}-ready"
  }

  alarm_configuration {
    alarms                    = ["errors", "latency"]
    enabled                   = true
    ignore_poll_alarm_failure = true
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
  }
}

# In place behind a classic load balancer, by sets of tags.
resource "aws_codedeploy_deployment_group" "sets" {
  app_name              = aws_codedeploy_app.server.name
  deployment_group_name = "sets"
  service_role_arn      = local.role

  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "IN_PLACE"
  }

  ec2_tag_set {
    ec2_tag_filter {
      key   = "role"
      type  = "KEY_AND_VALUE"
      value = "web"
    }

    ec2_tag_filter {
      key   = "role"
      type  = "KEY_AND_VALUE"
      value = "api"
    }
  }

  ec2_tag_set {
    ec2_tag_filter {
      key  = "stage"
      type = "KEY_ONLY"
    }
  }

  load_balancer_info {
    elb_info {
      name = "classic"
    }
  }
}

resource "aws_codedeploy_deployment_group" "fleet" {
  app_name               = aws_codedeploy_app.server.name
  deployment_group_name  = "fleet"
  service_role_arn       = local.role
  deployment_config_name = "CodeDeployDefault.HalfAtATime"
  autoscaling_groups     = ["blue"]

  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "BLUE_GREEN"
  }

  load_balancer_info {
    target_group_info {
      name = "web"
    }
  }

  blue_green_deployment_config {
    deployment_ready_option {
      action_on_timeout    = "STOP_DEPLOYMENT"
      wait_time_in_minutes = 60
    }

    green_fleet_provisioning_option {
      action = "COPY_AUTO_SCALING_GROUP"
    }

    terminate_blue_instances_on_deployment_success {
      action                           = "TERMINATE"
      termination_wait_time_in_minutes = 30
    }
  }
}
