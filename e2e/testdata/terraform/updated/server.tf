# Another name, and nothing left of what could be removed.
resource "aws_codedeploy_deployment_group" "filters" {
  app_name               = aws_codedeploy_app.server.name
  deployment_group_name  = "plain"
  service_role_arn       = "${local.role}-2"
  deployment_config_name = aws_codedeploy_deployment_config.server.deployment_config_name
}

# From sets of tags to filters, and off the load balancer.
resource "aws_codedeploy_deployment_group" "sets" {
  app_name              = aws_codedeploy_app.server.name
  deployment_group_name = "sets"
  service_role_arn      = local.role
  tags                  = { team = "shop" }

  ec2_tag_filter {
    key   = "role"
    type  = "KEY_AND_VALUE"
    value = "web"
  }
}

resource "aws_codedeploy_deployment_group" "fleet" {
  app_name               = aws_codedeploy_app.server.name
  deployment_group_name  = "fleet"
  service_role_arn       = local.role
  deployment_config_name = "CodeDeployDefault.AllAtOnce"

  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "BLUE_GREEN"
  }

  ec2_tag_set {
    ec2_tag_filter {
      key   = "colour"
      type  = "KEY_AND_VALUE"
      value = "blue"
    }
  }

  load_balancer_info {
    target_group_info {
      name = "web-2"
    }
  }

  blue_green_deployment_config {
    deployment_ready_option {
      action_on_timeout = "CONTINUE_DEPLOYMENT"
    }

    green_fleet_provisioning_option {
      action = "DISCOVER_EXISTING"
    }

    terminate_blue_instances_on_deployment_success {
      action = "KEEP_ALIVE"
    }
  }
}
