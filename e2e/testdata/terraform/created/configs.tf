resource "aws_codedeploy_deployment_config" "server" {
  deployment_config_name = "half"

  minimum_healthy_hosts {
    type  = "FLEET_PERCENT"
    value = 50
  }

  zonal_config {
    first_zone_monitor_duration_in_seconds = 600
    monitor_duration_in_seconds            = 120

    minimum_healthy_hosts_per_zone {
      type  = "HOST_COUNT"
      value = 1
    }
  }
}

resource "aws_codedeploy_deployment_config" "ecs" {
  deployment_config_name = "tenth-first"
  compute_platform       = "ECS"

  traffic_routing_config {
    type = "TimeBasedCanary"

    time_based_canary {
      interval   = 3
      percentage = 10
    }
  }
}

resource "aws_codedeploy_deployment_config" "lambda" {
  deployment_config_name = "half-and-half"
  compute_platform       = "Lambda"

  traffic_routing_config {
    type = "TimeBasedLinear"

    time_based_linear {
      interval   = 10
      percentage = 50
    }
  }
}
