# Uploads the package and the template, and deploys the template of the repository. CloudFormation
# translates it, as it does for `sam deploy`. A test makes variables.tf and outputs.tf from template.yaml.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

locals {
  package = coalesce(var.package, "${path.module}/../../target/pilotlight.zip")
  source  = file("${path.module}/../../template.yaml")

  # its digest is in its key, so that Lambda gets a new version for a new package
  package_key = "pilotlight/${filesha256(local.package)}.zip"
  template = replace(
    local.source,
    "CodeUri: target/pilotlight.zip",
    "CodeUri: s3://${var.bucket}/${local.package_key}"
  )
}

data "aws_s3_bucket" "code" {
  bucket = var.bucket
}

# Objects of an earlier deployment go last: a deployment that fails still needs them.
resource "aws_s3_object" "package" {
  bucket = var.bucket
  key    = local.package_key
  source = local.package

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_s3_object" "template" {
  bucket  = var.bucket
  key     = "pilotlight/${sha256(local.template)}.yaml"
  content = local.template

  lifecycle {
    create_before_destroy = true
    precondition {
      condition     = local.template != local.source
      error_message = "template.yaml does not have its package where this module replaces it."
    }
  }
}

resource "aws_cloudformation_stack" "pilotlight" {
  name         = var.name
  template_url = "https://${data.aws_s3_bucket.code.bucket_regional_domain_name}/${aws_s3_object.template.key}"
  parameters   = local.parameters
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
  on_failure   = "DELETE"
  tags         = merge({ service = var.name }, var.tags)

  # A gradual deployment, a cache or a distribution takes longer than the provider's 30 minutes.
  timeouts {
    create = "60m"
    update = "180m"
    delete = "60m"
  }

  depends_on = [aws_s3_object.package]
}
