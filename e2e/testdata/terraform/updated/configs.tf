# A configuration cannot be changed: a new one takes the place of the old one,
# which goes when no group uses it any more.
resource "aws_codedeploy_deployment_config" "server" {
  deployment_config_name = "one-stays"

  minimum_healthy_hosts {
    type  = "HOST_COUNT"
    value = 1
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_codedeploy_deployment_config" "ecs" {
  deployment_config_name = "quarters"
  compute_platform       = "ECS"

  traffic_routing_config {
    type = "TimeBasedLinear"

    time_based_linear {
      interval   = 1
      percentage = 25
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_codedeploy_deployment_config" "lambda" {
  deployment_config_name = "at-once"
  compute_platform       = "Lambda"

  traffic_routing_config {
    type = "AllAtOnce"
  }

  lifecycle {
    create_before_destroy = true
  }
}
