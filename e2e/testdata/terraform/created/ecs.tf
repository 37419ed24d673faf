resource "aws_codedeploy_deployment_group" "ecs" {
  app_name               = aws_codedeploy_app.ecs.name
  deployment_group_name  = "service"
  service_role_arn       = local.role
  deployment_config_name = aws_codedeploy_deployment_config.ecs.deployment_config_name
  tags                   = { team = "shop" }

  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "BLUE_GREEN"
  }

  ecs_service {
    cluster_name = "c1"
    service_name = "api"
  }

  load_balancer_info {
    target_group_pair_info {
      prod_traffic_route {
        listener_arns = [var.listeners[0]]
      }

      test_traffic_route {
        listener_arns = [var.listeners[1]]
      }

      target_group {
        name = "api-a"
      }

      target_group {
        name = "api-b"
      }
    }
  }

  blue_green_deployment_config {
    deployment_ready_option {
      action_on_timeout = "CONTINUE_DEPLOYMENT" # and no wait, which reads as 0
    }

    terminate_blue_instances_on_deployment_success {
      action                           = "TERMINATE"
      termination_wait_time_in_minutes = 5
    }
  }

  trigger_configuration {
    trigger_events     = ["DeploymentStart", "DeploymentSuccess", "DeploymentRollback"]
    trigger_name       = "news"
    trigger_target_arn = local.topic
  }

  alarm_configuration {
    alarms  = ["errors"]
    enabled = true
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE"]
  }
}
