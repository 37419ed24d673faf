resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  subnets            = ["subnet-1", "subnet-2"]
  security_groups    = ["sg-1"]
  tags               = { team = "shop" }
}

resource "aws_lb_target_group" "side" {
  for_each             = toset(["blue", "green"])
  name                 = each.key
  port                 = 80
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = "vpc-1"
  deregistration_delay = 5

  health_check {
    path              = "/health"
    matcher           = "200"
    interval          = 5
    timeout           = 4
    healthy_threshold = 2
  }
}

# CodeDeploy moves both listeners between the target groups.
resource "aws_lb_listener" "prod" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.side["blue"].arn
  }

  lifecycle {
    ignore_changes = [default_action]
  }
}

resource "aws_lb_listener" "test" {
  load_balancer_arn = aws_lb.web.arn
  port              = 81
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.side["blue"].arn
  }

  lifecycle {
    ignore_changes = [default_action]
  }
}
