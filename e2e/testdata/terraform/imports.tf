import {
  to = aws_codedeploy_app.server
  id = "server"
}

import {
  to = aws_codedeploy_app.ecs
  id = "ecs"
}

import {
  to = aws_codedeploy_app.lambda
  id = "lambda"
}

import {
  to = aws_codedeploy_app.renamed
  id = "after"
}

import {
  to = aws_codedeploy_deployment_config.server
  id = "one-stays"
}

import {
  to = aws_codedeploy_deployment_config.ecs
  id = "quarters"
}

import {
  to = aws_codedeploy_deployment_config.lambda
  id = "at-once"
}

import {
  to = aws_codedeploy_deployment_group.filters
  id = "server:plain"
}

import {
  to = aws_codedeploy_deployment_group.sets
  id = "server:sets"
}

import {
  to = aws_codedeploy_deployment_group.fleet
  id = "server:fleet"
}

import {
  to = aws_codedeploy_deployment_group.ecs
  id = "ecs:service-2"
}

import {
  to = aws_codedeploy_deployment_group.lambda
  id = "lambda:orders"
}
