variable "task" {
  type        = string
  description = "the program that runs as a task"
}

resource "aws_ecs_cluster" "web" {
  name = "c1"
}

resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name         = "web"
    image        = "web"
    essential    = true
    command      = [var.task]
    portMappings = [{ containerPort = 80 }]
    environment  = [{ name = "RELEASE", value = "app:1" }]
  }])
}

resource "aws_ecs_service" "web" {
  name            = "s1"
  cluster         = aws_ecs_cluster.web.id
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 2
  launch_type     = "FARGATE"

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  network_configuration {
    subnets         = ["subnet-1", "subnet-2"]
    security_groups = ["sg-1"]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.side["blue"].arn
    container_name   = "web"
    container_port   = 80
  }

  # A deployment changes both.
  lifecycle {
    ignore_changes = [task_definition, load_balancer]
  }

  depends_on = [aws_lb_listener.prod]
}
