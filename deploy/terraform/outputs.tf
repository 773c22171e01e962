# A test makes this file from template.yaml: change that one, and run
# mvn test -Dtest=TerraformTest -Ddocs.write=true

output "url" {
  description = "URL of the distribution, of the API, or of the function"
  value       = aws_cloudformation_stack.pilotlight.outputs["Url"]
}

output "domain_target" {
  description = "Target for the DNS record of DomainName, if it is not in HostedZoneId; may be null"
  value       = lookup(aws_cloudformation_stack.pilotlight.outputs, "DomainTarget", null)
}

output "in_bucket" {
  description = "Put files of lines here"
  value       = aws_cloudformation_stack.pilotlight.outputs["InBucket"]
}

output "out_bucket" {
  description = "Their answers appear here"
  value       = aws_cloudformation_stack.pilotlight.outputs["OutBucket"]
}

output "large_results_bucket" {
  description = "Results that are too large for the table"
  value       = aws_cloudformation_stack.pilotlight.outputs["LargeResultsBucket"]
}

output "models_bucket" {
  description = "Models, under models/<name>/<version>/, with ModelsFrom bucket"
  value       = aws_cloudformation_stack.pilotlight.outputs["ModelsBucket"]
}

output "results_table" {
  description = "All other results"
  value       = aws_cloudformation_stack.pilotlight.outputs["ResultsTable"]
}

output "edge_key_store" {
  description = "ARN of the CloudFront KeyValueStore of live API keys; may be null"
  value       = lookup(aws_cloudformation_stack.pilotlight.outputs, "EdgeKeyStore", null)
}

output "clients_table" {
  description = "Tenants and the digests of their API keys; may be null"
  value       = lookup(aws_cloudformation_stack.pilotlight.outputs, "ClientsTable", null)
}

output "api_alias" {
  description = "Alias of the function that the API calls"
  value       = aws_cloudformation_stack.pilotlight.outputs["ApiAlias"]
}

output "batch_alias" {
  description = "Alias of the batch function, which S3 or the queues call"
  value       = aws_cloudformation_stack.pilotlight.outputs["BatchAlias"]
}

output "api_failures_queue" {
  description = "Asynchronous events that the function could not answer"
  value       = aws_cloudformation_stack.pilotlight.outputs["ApiFailuresQueue"]
}

output "batch_failures_queue" {
  description = "Batches that failed, with the reason, and continuations that were not delivered"
  value       = aws_cloudformation_stack.pilotlight.outputs["BatchFailuresQueue"]
}

output "batch_lines_queue" {
  description = "Messages about objects in In; may be null"
  value       = lookup(aws_cloudformation_stack.pilotlight.outputs, "BatchLinesQueue", null)
}

output "batch_continuations_queue" {
  description = "Messages about batches that continue; may be null"
  value       = lookup(aws_cloudformation_stack.pilotlight.outputs, "BatchContinuationsQueue", null)
}

output "batch_dead_queue" {
  description = "Messages about batches that failed five times; may be null"
  value       = lookup(aws_cloudformation_stack.pilotlight.outputs, "BatchDeadQueue", null)
}

output "fan_out_machine" {
  description = "State machine that answers large objects in shards; may be null"
  value       = lookup(aws_cloudformation_stack.pilotlight.outputs, "FanOutMachine", null)
}

output "api_id" {
  description = "Id of the API, whose stage the breaker closes with Door api; may be null"
  value       = lookup(aws_cloudformation_stack.pilotlight.outputs, "ApiId", null)
}

output "breaker_alarm_name" {
  description = "Name of the alarm that closes the API; may be null"
  value       = lookup(aws_cloudformation_stack.pilotlight.outputs, "BreakerAlarmName", null)
}

output "alerts_topic" {
  description = "Topic of the alarms"
  value       = aws_cloudformation_stack.pilotlight.outputs["AlertsTopic"]
}
