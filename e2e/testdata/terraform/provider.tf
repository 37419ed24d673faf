terraform {
  required_version = ">= 1.5.0"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}

variable "endpoint" {
  type = string
}

variable "listeners" {
  type        = list(string)
  default     = []
  description = "ARNs of listeners that are there already"
}

# skip_requesting_account_id makes the provider write ARNs with an empty account.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "111122223333"
  secret_key                  = "any"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
  max_retries                 = 1

  endpoints {
    codedeploy = var.endpoint
    ecs        = var.endpoint
    elbv2      = var.endpoint
    sts        = var.endpoint
  }
}

locals {
  role  = "arn:aws:iam::111122223333:role/deploy"
  topic = "arn:aws:sns:eu-west-1:111122223333:releases"
}
