resource "aws_codedeploy_app" "server" {
  name = "server" # the platform is Server by default
}

resource "aws_codedeploy_app" "ecs" {
  name             = "ecs"
  compute_platform = "ECS"
}

resource "aws_codedeploy_app" "lambda" {
  name             = "lambda"
  compute_platform = "Lambda"
  tags             = { team = "shop", stage = "test" }
}

resource "aws_codedeploy_app" "renamed" {
  name             = "before"
  compute_platform = "Lambda"
  tags             = { team = "shop" }
}
