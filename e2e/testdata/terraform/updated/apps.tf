resource "aws_codedeploy_app" "server" {
  name             = "server"
  compute_platform = "Server"
  tags             = { team = "shop" }
}

resource "aws_codedeploy_app" "ecs" {
  name             = "ecs"
  compute_platform = "ECS"
}

resource "aws_codedeploy_app" "lambda" {
  name             = "lambda"
  compute_platform = "Lambda"
  tags             = { team = "orders", owner = "ann" }
}

resource "aws_codedeploy_app" "renamed" {
  name             = "after"
  compute_platform = "Lambda"
}
