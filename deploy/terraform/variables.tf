# A test makes this file from template.yaml: change that one, and run
# mvn test -Dtest=TerraformTest -Ddocs.write=true

variable "name" {
  type        = string
  description = "Name of the stack"
  default     = "pilotlight"
}

variable "bucket" {
  type        = string
  description = "Existing bucket in the region of the stack, for the package and the template"
}

variable "package" {
  type        = string
  description = "Path of the package; without it target/pilotlight.zip of the repository"
  default     = null
}

variable "tags" {
  type        = map(string)
  description = "Tags of the stack, in addition to service"
  default     = {}
}

variable "runtime" {
  type        = string
  description = "provided.al2023 runs the package's own Java with its AOT cache; java25 is Lambda's, and can have SnapStart"
  default     = "provided.al2023"
  nullable    = false

  validation {
    condition     = contains(["provided.al2023", "java25"], var.runtime)
    error_message = "runtime must be one of provided.al2023, java25."
  }
}

variable "architecture" {
  type        = string
  description = "The processor; the package must have been built for it"
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be one of x86_64, arm64."
  }
}

variable "memory_size" {
  type        = number
  description = "Megabytes of the function; 1769 are one vCPU"
  default     = 1769
  nullable    = false

  validation {
    condition     = var.memory_size >= 512 && var.memory_size <= 10240
    error_message = "memory_size must be at least 512, and at most 10240."
  }
}

variable "batch_memory_size" {
  type        = number
  description = "Megabytes of the batch function; 1769 are one vCPU. Lambda allows new accounts at most 3008"
  default     = 3008
  nullable    = false

  validation {
    condition     = var.batch_memory_size >= 512 && var.batch_memory_size <= 10240
    error_message = "batch_memory_size must be at least 512, and at most 10240."
  }
}

variable "ephemeral_storage" {
  type        = number
  description = "Megabytes of /tmp, which holds models from the bucket: no model of theirs may be larger. SnapStart allows only 512"
  default     = 512
  nullable    = false

  validation {
    condition     = var.ephemeral_storage >= 512 && var.ephemeral_storage <= 10240
    error_message = "ephemeral_storage must be at least 512, and at most 10240."
  }
}

variable "models_from" {
  type        = string
  description = "Where models are read; bucket is s3://<Models>/models/, filled before the first request"
  default     = "package"
  nullable    = false

  validation {
    condition     = contains(["package", "bucket"], var.models_from)
    error_message = "models_from must be one of package, bucket."
  }
}

variable "models_lock" {
  type        = string
  description = "With ModelsFrom bucket, the lock whose files alone are served, so that a change of models is a deployment; empty for models.lock in the bucket, or without one for all models in it"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^[0-9a-f]{32}$)$", var.models_lock))
    error_message = "models_lock must be empty, or the 32 hexadecimal digits that pilotlight lock prints."
  }
}

variable "release" {
  type        = string
  description = "Any new text publishes new versions of the functions; needed only if nothing else changes than details of the cache (password or its secret, URL, user, network)"
  default     = "1"
  nullable    = false

  validation {
    condition     = can(regex("^(?:^[A-Za-z0-9._-]{1,40}$)$", var.release))
    error_message = "release must be up to 40 letters, digits, dots, dashes and underscores."
  }
}

variable "deployment" {
  type        = string
  description = "How traffic shifts to a new version; errors meanwhile roll it back"
  default     = "Canary10Percent5Minutes"
  nullable    = false

  validation {
    condition     = contains(["AllAtOnce", "Canary10Percent5Minutes", "Canary10Percent10Minutes", "Canary10Percent15Minutes", "Canary10Percent30Minutes", "Linear10PercentEvery1Minute", "Linear10PercentEvery2Minutes", "Linear10PercentEvery3Minutes", "Linear10PercentEvery10Minutes"], var.deployment)
    error_message = "deployment must be one of AllAtOnce, Canary10Percent5Minutes, Canary10Percent10Minutes, Canary10Percent15Minutes, Canary10Percent30Minutes, Linear10PercentEvery1Minute, Linear10PercentEvery2Minutes, Linear10PercentEvery3Minutes, Linear10PercentEvery10Minutes."
  }
}

variable "tracing" {
  type        = string
  description = "Active has X-Ray sample requests; PassThrough follows the caller"
  default     = "PassThrough"
  nullable    = false

  validation {
    condition     = contains(["Active", "PassThrough"], var.tracing)
    error_message = "tracing must be one of Active, PassThrough."
  }
}

variable "log_retention_days" {
  type        = number
  description = "How many days logs are kept"
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653."
  }
}

variable "reserved_concurrency" {
  type        = number
  description = "Maximum concurrent environments of the function, at least ProvisionedMax; -1 sets none. Accounts with a concurrency quota of 10, as new ones have, can reserve none"
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency >= -1
    error_message = "reserved_concurrency must be at least -1."
  }
}

variable "batch_reserved_concurrency" {
  type        = number
  description = "With BatchSource events, maximum concurrent batches, taken from the account's quota for this function alone; -1 sets none: then batches may use all concurrency, and the API none"
  default     = -1
  nullable    = false

  validation {
    condition     = var.batch_reserved_concurrency >= -1
    error_message = "batch_reserved_concurrency must be at least -1."
  }
}

variable "batch_source" {
  type        = string
  description = "How batches reach their function: events calls it at once, queue keeps them in SQS, so that BatchConcurrency limits them without a reservation; a batch whose environment is killed then goes on after up to 16 minutes"
  default     = "events"
  nullable    = false

  validation {
    condition     = contains(["events", "queue"], var.batch_source)
    error_message = "batch_source must be one of events, queue."
  }
}

variable "batch_concurrency" {
  type        = number
  description = "With BatchSource queue, maximum concurrent batches that begin, and as many that continue"
  default     = 2
  nullable    = false

  validation {
    condition     = var.batch_concurrency >= 2 && var.batch_concurrency <= 1000
    error_message = "batch_concurrency must be at least 2, and at most 1000."
  }
}

variable "batch_fan_out_bytes" {
  type        = number
  description = "Objects with more bytes than this are answered in shards, by many environments at once (docs/batches.md); 0 answers every object in one chain of invocations"
  default     = 0
  nullable    = false

  validation {
    condition     = var.batch_fan_out_bytes >= 0 && var.batch_fan_out_bytes <= 5000000000000
    error_message = "batch_fan_out_bytes must be at least 0, and at most 5000000000000."
  }
}

variable "batch_fan_out_concurrency" {
  type        = number
  description = "With BatchFanOutBytes, maximum shards of one batch that run at once, each in an environment; the limit applies to each batch. A new results table sustains the writes of six shards"
  default     = 6
  nullable    = false

  validation {
    condition     = var.batch_fan_out_concurrency >= 1 && var.batch_fan_out_concurrency <= 10000
    error_message = "batch_fan_out_concurrency must be at least 1, and at most 10000."
  }
}

variable "batch_shard_lines" {
  type        = number
  description = "With BatchFanOutBytes, maximum lines of a shard"
  default     = 30000
  nullable    = false

  validation {
    condition     = var.batch_shard_lines >= 100 && var.batch_shard_lines <= 1000000
    error_message = "batch_shard_lines must be at least 100, and at most 1000000."
  }
}

variable "batch_shard_bytes" {
  type        = number
  description = "With BatchFanOutBytes, a shard ends with the line that reaches this many bytes"
  default     = 67108864
  nullable    = false

  validation {
    condition     = var.batch_shard_bytes >= 65536 && var.batch_shard_bytes <= 5000000000
    error_message = "batch_shard_bytes must be at least 65536, and at most 5000000000."
  }
}

variable "start_mode" {
  type        = string
  description = "on-demand starts cold and costs nothing when idle; provisioned keeps environments running, billed by the hour, and needs a concurrency quota above the 10 of new accounts; snapstart (java25 only) resumes a snapshot. A function can have only one"
  default     = "on-demand"
  nullable    = false

  validation {
    condition     = contains(["provisioned", "snapstart", "on-demand"], var.start_mode)
    error_message = "start_mode must be one of provisioned, snapstart, on-demand."
  }
}

variable "provisioned_min" {
  type        = number
  description = "Environments that always run, with StartMode provisioned"
  default     = 1
  nullable    = false

  validation {
    condition     = var.provisioned_min >= 1
    error_message = "provisioned_min must be at least 1."
  }
}

variable "provisioned_max" {
  type        = number
  description = "Maximum that scaling may keep running, at least ProvisionedMin and ScheduleMin"
  default     = 5
  nullable    = false

  validation {
    condition     = var.provisioned_max >= 1
    error_message = "provisioned_max must be at least 1."
  }
}

variable "provisioned_utilization" {
  type        = number
  description = "Share of the provisioned environments in use that scaling aims at"
  default     = 0.7
  nullable    = false

  validation {
    condition     = var.provisioned_utilization >= 0.1 && var.provisioned_utilization <= 0.9
    error_message = "provisioned_utilization must be at least 0.1, and at most 0.9."
  }
}

variable "schedule_up" {
  type        = string
  description = "From when at least ScheduleMin environments run; empty for no schedule"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^(cron|rate|at)\\(.+\\)$)$", var.schedule_up))
    error_message = "schedule_up must be empty or such as cron(0 8 ? * MON-FRI *)."
  }
}

variable "schedule_down" {
  type        = string
  description = "From when ProvisionedMin environments are enough again; empty for no schedule"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^(cron|rate|at)\\(.+\\)$)$", var.schedule_down))
    error_message = "schedule_down must be empty or such as cron(0 18 ? * MON-FRI *)."
  }
}

variable "schedule_min" {
  type        = number
  description = "Environments that run between ScheduleUp and ScheduleDown"
  default     = 2
  nullable    = false

  validation {
    condition     = var.schedule_min >= 1
    error_message = "schedule_min must be at least 1."
  }
}

variable "schedule_timezone" {
  type        = string
  description = "The time zone of the schedule"
  default     = "UTC"
  nullable    = false

  validation {
    condition     = can(regex("^(?:^[A-Za-z0-9_+/-]+$)$", var.schedule_timezone))
    error_message = "schedule_timezone must be an IANA name such as Europe/Berlin."
  }
}

variable "door" {
  type        = string
  description = "How requests reach the function: api (an HTTP API of API Gateway) or url (a function URL of Lambda, which costs nothing a request). A URL takes no tokens, has no throttle but ReservedConcurrency, no access log and no host name of yours"
  default     = "api"
  nullable    = false

  validation {
    condition     = contains(["api", "url"], var.door)
    error_message = "door must be one of api, url."
  }
}

variable "auth" {
  type        = string
  description = "Who may call: iam (signed requests), jwt (tokens of JwtIssuer), keys (API keys, which the function looks up in the table of clients), or none. WARNING: with none everybody on the internet may call, at your cost"
  default     = "iam"
  nullable    = false

  validation {
    condition     = contains(["iam", "jwt", "keys", "none"], var.auth)
    error_message = "auth must be one of iam, jwt, keys, none."
  }
}

variable "jwt_issuer" {
  type        = string
  description = "With Auth jwt, the issuer, as in the tokens' claim iss"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^https://[^\\s]+$)$", var.jwt_issuer))
    error_message = "jwt_issuer must be empty or an https:// URL."
  }
}

variable "jwt_audience" {
  type        = list(string)
  description = "With Auth jwt, the audiences or client ids that are accepted, comma-separated"
  default     = []
  nullable    = false
}

variable "tenant_from" {
  type        = string
  description = "Who shares cached and stored results: stack (the whole deployment), principal (an IAM user or role), cognito (a user of a Cognito identity pool), claim:<name> (a value of that claim of the token), key (the tenant of an API key); empty is stack with Auth iam or none, claim:sub with Auth jwt, and key with Auth keys"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^stack$|^principal$|^cognito$|^key$|^claim:[A-Za-z0-9_:./-]{1,40}$)$", var.tenant_from))
    error_message = "tenant_from must be empty, stack, principal, cognito, key or claim:<name>."
  }
}

variable "batch_tenant_from" {
  type        = string
  description = "Who owns the results of a batch: stack (the whole deployment), or folder (the tenant whose name is the first folder of the object's key; docs/deploy.md has the policy that this needs)"
  default     = "stack"
  nullable    = false

  validation {
    condition     = contains(["stack", "folder"], var.batch_tenant_from)
    error_message = "batch_tenant_from must be one of stack, folder."
  }
}

variable "plans" {
  type        = string
  description = "With Auth keys, the limits of tenants by their plans: off (none), default (the plans free, pro and unlimited of the package), or plans.json (that file of the project; docs/limits.md)"
  default     = "off"
  nullable    = false

  validation {
    condition     = can(regex("^(?:^(off|default|plans\\.json)$)$", var.plans))
    error_message = "plans must be off, default or plans.json."
  }
}

variable "limits_environments" {
  type        = number
  description = "How many environments of the API's function serve at most; while no cache keeps the rates of plans, each environment admits one such share of them"
  default     = 10
  nullable    = false

  validation {
    condition     = var.limits_environments >= 1 && var.limits_environments <= 10000
    error_message = "limits_environments must be at least 1, and at most 10000."
  }
}

variable "operator_tenant" {
  type        = string
  description = "With Auth keys, the tenant whose keys read the usage of all tenants by OpenAI's usage route; empty for none"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^[a-z0-9][a-z0-9-]{0,39}$)$", var.operator_tenant))
    error_message = "operator_tenant must be empty or a tenant's name in keys."
  }
}

variable "usage_insights" {
  type        = string
  description = "With Auth keys, on has CloudWatch Contributor Insights rank tenants by their estimated cost, from the lines of usage of requests and batches in the logs, for 0.50 USD a month and 0.02 USD a million lines"
  default     = "off"
  nullable    = false

  validation {
    condition     = can(regex("^(?:^(off|on)$)$", var.usage_insights))
    error_message = "usage_insights must be off or on."
  }
}

variable "edge" {
  type        = string
  description = "With Auth keys, on puts a CloudFront distribution before the API, which checks keys, caches answers to GET, and is then the only way to the function (docs/edge.md)"
  default     = "off"
  nullable    = false

  validation {
    condition     = can(regex("^(?:^(off|on)$)$", var.edge))
    error_message = "edge must be off or on."
  }
}

variable "edge_seconds" {
  type        = number
  description = "With Edge on, how many seconds the distribution may answer with a result that it has; lists of models for a minute at most"
  default     = 300
  nullable    = false

  validation {
    condition     = var.edge_seconds >= 1 && var.edge_seconds <= 86400
    error_message = "edge_seconds must be at least 1, and at most 86400."
  }
}

variable "edge_secret" {
  type        = number
  description = "With Edge on, the number of the secret that the distribution sends to the function. The next number (1 after 10) rotates it; the one before stays valid until then"
  default     = 1
  nullable    = false

  validation {
    condition     = var.edge_secret >= 1 && var.edge_secret <= 10
    error_message = "edge_secret must be at least 1, and at most 10."
  }
}

variable "cors_origins" {
  type        = list(string)
  description = "Origins whose pages may call, comma-separated, such as https://example.com; empty for none"
  default     = []
  nullable    = false
}

variable "throttle_rate" {
  type        = number
  description = "Requests a second; the API answers more with 429. A function URL ignores it"
  default     = 100
  nullable    = false

  validation {
    condition     = var.throttle_rate >= 1
    error_message = "throttle_rate must be at least 1."
  }
}

variable "throttle_burst" {
  type        = number
  description = "Requests that may arrive at once; a function URL ignores it"
  default     = 200
  nullable    = false

  validation {
    condition     = var.throttle_burst >= 1
    error_message = "throttle_burst must be at least 1."
  }
}

variable "domain_name" {
  type        = string
  description = "The API's own host name; the default one is then closed"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$)$", var.domain_name))
    error_message = "domain_name must be empty or a lower-case host name."
  }
}

variable "certificate_arn" {
  type        = string
  description = "The certificate of DomainName, in this region"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^arn:[a-z-]+:acm:.+$)$", var.certificate_arn))
    error_message = "certificate_arn must be empty or the ARN of an ACM certificate."
  }
}

variable "hosted_zone_id" {
  type        = string
  description = "The Route 53 zone that gets DomainName's record; empty if you keep it elsewhere"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^Z[A-Z0-9]+$)$", var.hosted_zone_id))
    error_message = "hosted_zone_id must be empty or the id of a hosted zone."
  }
}

variable "store" {
  type        = string
  description = "Whether a result that cannot be stored is an error"
  default     = "required"
  nullable    = false

  validation {
    condition     = contains(["required", "best-effort", "off"], var.store)
    error_message = "store must be one of required, best-effort, off."
  }
}

variable "batch_store" {
  type        = string
  description = "Where batches keep their results. table: in DynamoDB, as requests do; packed: in S3, for a quarter of the cost, readable by id only; off: nowhere, but they look results up; none: nowhere, without look-ups"
  default     = "table"
  nullable    = false

  validation {
    condition     = contains(["table", "packed", "off", "none"], var.batch_store)
    error_message = "batch_store must be one of table, packed, off, none."
  }
}

variable "answer" {
  type        = string
  description = "Whether a request is answered once its results are stored, or first"
  default     = "stored"
  nullable    = false

  validation {
    condition     = contains(["stored", "first"], var.answer)
    error_message = "answer must be one of stored, first."
  }
}

variable "deletion_protection" {
  type        = string
  description = "Whether the table of results refuses to be deleted. Set true after the first successful deploy: a first deploy that fails could not delete a protected table"
  default     = "false"
  nullable    = false

  validation {
    condition     = contains(["true", "false"], var.deletion_protection)
    error_message = "deletion_protection must be one of true, false."
  }
}

variable "max_read_request_units" {
  type        = number
  description = "Maximum read request units a second of the table of results; -1 sets none. DynamoDB throttles more, and with Store required each throttled request is a 503"
  default     = -1
  nullable    = false

  validation {
    condition     = var.max_read_request_units >= -1
    error_message = "max_read_request_units must be at least -1."
  }
}

variable "max_write_request_units" {
  type        = number
  description = "The same for write request units"
  default     = -1
  nullable    = false

  validation {
    condition     = var.max_write_request_units >= -1
    error_message = "max_write_request_units must be at least -1."
  }
}

variable "in_prefix" {
  type        = string
  description = "Objects of the bucket In whose keys begin with this prefix are batches, such as in/; up to 32 characters; empty for all keys"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^[A-Za-z0-9][A-Za-z0-9/_-]{0,31}$)$", var.in_prefix))
    error_message = "in_prefix must be empty or such as in/, with up to 32 characters."
  }
}

variable "archive_tiers" {
  type        = string
  description = "Whether batches' objects that nobody reads for 90 days go to archive tiers; restoring one takes hours, and until then nobody can read it"
  default     = "false"
  nullable    = false

  validation {
    condition     = contains(["true", "false"], var.archive_tiers)
    error_message = "archive_tiers must be one of true, false."
  }
}

variable "batch_retention_days" {
  type        = number
  description = "Days after which batches' objects, input and output, are deleted; 0 keeps them. Objects that are kept for up to 30 days are not in Intelligent-Tiering, which would only add to their cost"
  default     = 0
  nullable    = false

  validation {
    condition     = contains([0, 7, 14, 30, 90, 180, 365], var.batch_retention_days)
    error_message = "batch_retention_days must be one of 0, 7, 14, 30, 90, 180, 365."
  }
}

variable "cache" {
  type        = string
  description = "none has neither cache nor network: hits come from memory and DynamoDB; create makes a Valkey cache and the network it needs, billed while idle too; existing uses yours"
  default     = "none"
  nullable    = false

  validation {
    condition     = contains(["create", "existing", "none"], var.cache)
    error_message = "cache must be one of create, existing, none."
  }
}

variable "cache_ttl" {
  type        = number
  description = "Seconds that cache and memory keep a result; afterwards it comes from DynamoDB, some milliseconds slower. ElastiCache bills stored data by the hour"
  default     = 3600
  nullable    = false

  validation {
    condition     = var.cache_ttl >= 1 && var.cache_ttl <= 31536000
    error_message = "cache_ttl must be at least 1, and at most 31536000."
  }
}

variable "cache_storage_max" {
  type        = number
  description = "Maximum gigabytes in the cache; ElastiCache bills the stored data"
  default     = 5
  nullable    = false

  validation {
    condition     = var.cache_storage_max >= 1 && var.cache_storage_max <= 5000
    error_message = "cache_storage_max must be at least 1, and at most 5000."
  }
}

variable "cache_ecpu_max" {
  type        = number
  description = "Maximum ECPUs a second of the cache; a look-up of up to 1 KB takes one"
  default     = 5000
  nullable    = false

  validation {
    condition     = var.cache_ecpu_max >= 1000 && var.cache_ecpu_max <= 15000000
    error_message = "cache_ecpu_max must be at least 1000, and at most 15000000."
  }
}

variable "vpc_cidr" {
  type        = string
  description = "Addresses of the network that is created; it uses two times 64 of them"
  default     = "10.77.0.0/24"
  nullable    = false

  validation {
    condition     = can(regex("^(?:^(\\d{1,3}\\.){3}\\d{1,3}/(1[6-9]|2[0-5])$)$", var.vpc_cidr))
    error_message = "vpc_cidr must be such as 10.77.0.0/24, of a size from /16 to /25."
  }
}

variable "zone_a" {
  type        = string
  description = "An availability zone of the network; empty for the region's first (in us-east-1 use1-az4)"
  default     = ""
  nullable    = false
}

variable "zone_b" {
  type        = string
  description = "Another one; empty for the region's second (in us-east-1 use1-az6). ElastiCache is not in every zone"
  default     = ""
  nullable    = false
}

variable "cache_url" {
  type        = string
  description = "With Cache existing, its URL"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^rediss?(\\+cluster)?://[^\\s]+$)$", var.cache_url))
    error_message = "cache_url must be empty or such as rediss+cluster://host:6379."
  }
}

variable "cache_user_name" {
  type        = string
  description = "With Cache existing, its ACL user; empty for the default user"
  default     = ""
  nullable    = false
}

variable "cache_iam" {
  type        = string
  description = "With Cache existing, the cache to which CacheUserName logs in by IAM; empty for a password"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^(serverless|replication-group):[a-z][a-z0-9-]*$)$", var.cache_iam))
    error_message = "cache_iam must be empty, serverless:<name> or replication-group:<id>."
  }
}

variable "cache_password_secret" {
  type        = string
  description = "With Cache existing and no CacheIam, the name or ARN of the secret in Secrets Manager whose text is the password; empty for none. CloudFormation copies the password into the functions' configuration, where anyone who may read that can read it"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^[A-Za-z0-9/_+=.@:-]{1,512}$)$", var.cache_password_secret))
    error_message = "cache_password_secret must be empty, or the name or ARN of a secret."
  }
}

variable "cache_subnet_ids" {
  type        = list(string)
  description = "With Cache existing, the private subnets of the functions, comma-separated; they need gateway endpoints (or another way) to S3 and DynamoDB"
  default     = []
  nullable    = false
}

variable "cache_security_group_id" {
  type        = string
  description = "With Cache existing, the security group of the functions"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^sg-[0-9a-f]+$)$", var.cache_security_group_id))
    error_message = "cache_security_group_id must be empty or the id of a security group."
  }
}

variable "alarms" {
  type        = string
  description = "few watches ten metrics, as many as an account has free, and each alarm pages by itself; all adds alarms that name the cause, learned bands, composite alarms that page once an incident (docs/operate.md), the rest of the dashboard, and a key that encrypts the topic, and needs AlertEmail"
  default     = "few"
  nullable    = false

  validation {
    condition     = contains(["few", "all"], var.alarms)
    error_message = "alarms must be one of few, all."
  }
}

variable "slow_millis" {
  type        = number
  description = "With Alarms all, milliseconds of the slowest hundredth of requests above which an alarm pages, whatever is usual"
  default     = 5000
  nullable    = false

  validation {
    condition     = var.slow_millis >= 1 && var.slow_millis <= 29000
    error_message = "slow_millis must be at least 1, and at most 29000."
  }
}

variable "alert_email" {
  type        = string
  description = "Address that gets the alerts, after confirming a first mail; empty for none"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^[^@\\s]+@[^@\\s]+$)$", var.alert_email))
    error_message = "alert_email must be empty or an e-mail address."
  }
}

variable "monthly_budget" {
  type        = number
  description = "USD a month; a mail when forecast or actual spend exceeds it. Unusual costs page only at an hourly rate that would exceed it. 0 sets no budget, and every unusual cost pages"
  default     = 100
  nullable    = false

  validation {
    condition     = var.monthly_budget >= 0
    error_message = "monthly_budget must be at least 0."
  }
}

variable "budget_tag" {
  type        = string
  description = "The tag whose costs the budget counts, such as user:service$pilotlight, activated for cost allocation; empty for the whole account"
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(?:^$|^[^$]+\\$.+$)$", var.budget_tag))
    error_message = "budget_tag must be empty, or a tag and its value with a dollar sign between them."
  }
}

variable "cost_anomaly_monitor" {
  type        = string
  description = "Cost Anomaly Detection for all services of the account. An account may have one such monitor, and a second one fails to deploy, so set true only if there is none"
  default     = "false"
  nullable    = false

  validation {
    condition     = contains(["false", "true"], var.cost_anomaly_monitor)
    error_message = "cost_anomaly_monitor must be one of false, true."
  }
}

variable "metrics" {
  type        = string
  description = "Whether the functions log metrics, and for each request a line or for many; without them, no alarm sees errors or cost, and the dashboard is empty"
  default     = "on"
  nullable    = false

  validation {
    condition     = can(regex("^(?:^(on|each|off)$)$", var.metrics))
    error_message = "metrics must be on, each or off."
  }
}

variable "breaker_usd_per_hour" {
  type        = number
  description = "When the API's estimated cost of an hour exceeds this, in USD, the API is closed: it answers 429 until you run \"pilotlight breaker reset\"; 0 never closes it"
  default     = 0
  nullable    = false

  validation {
    condition     = var.breaker_usd_per_hour >= 0
    error_message = "breaker_usd_per_hour must be at least 0."
  }
}

locals {
  parameters = {
    Runtime                  = var.runtime
    Architecture             = var.architecture
    MemorySize               = tostring(var.memory_size)
    BatchMemorySize          = tostring(var.batch_memory_size)
    EphemeralStorage         = tostring(var.ephemeral_storage)
    ModelsFrom               = var.models_from
    ModelsLock               = var.models_lock
    Release                  = var.release
    Deployment               = var.deployment
    Tracing                  = var.tracing
    LogRetentionDays         = tostring(var.log_retention_days)
    ReservedConcurrency      = tostring(var.reserved_concurrency)
    BatchReservedConcurrency = tostring(var.batch_reserved_concurrency)
    BatchSource              = var.batch_source
    BatchConcurrency         = tostring(var.batch_concurrency)
    BatchFanOutBytes         = tostring(var.batch_fan_out_bytes)
    BatchFanOutConcurrency   = tostring(var.batch_fan_out_concurrency)
    BatchShardLines          = tostring(var.batch_shard_lines)
    BatchShardBytes          = tostring(var.batch_shard_bytes)
    StartMode                = var.start_mode
    ProvisionedMin           = tostring(var.provisioned_min)
    ProvisionedMax           = tostring(var.provisioned_max)
    ProvisionedUtilization   = tostring(var.provisioned_utilization)
    ScheduleUp               = var.schedule_up
    ScheduleDown             = var.schedule_down
    ScheduleMin              = tostring(var.schedule_min)
    ScheduleTimezone         = var.schedule_timezone
    Door                     = var.door
    Auth                     = var.auth
    JwtIssuer                = var.jwt_issuer
    JwtAudience              = join(",", var.jwt_audience)
    TenantFrom               = var.tenant_from
    BatchTenantFrom          = var.batch_tenant_from
    Plans                    = var.plans
    LimitsEnvironments       = tostring(var.limits_environments)
    OperatorTenant           = var.operator_tenant
    UsageInsights            = var.usage_insights
    Edge                     = var.edge
    EdgeSeconds              = tostring(var.edge_seconds)
    EdgeSecret               = tostring(var.edge_secret)
    CorsOrigins              = join(",", var.cors_origins)
    ThrottleRate             = tostring(var.throttle_rate)
    ThrottleBurst            = tostring(var.throttle_burst)
    DomainName               = var.domain_name
    CertificateArn           = var.certificate_arn
    HostedZoneId             = var.hosted_zone_id
    Store                    = var.store
    BatchStore               = var.batch_store
    Answer                   = var.answer
    DeletionProtection       = var.deletion_protection
    MaxReadRequestUnits      = tostring(var.max_read_request_units)
    MaxWriteRequestUnits     = tostring(var.max_write_request_units)
    InPrefix                 = var.in_prefix
    ArchiveTiers             = var.archive_tiers
    BatchRetentionDays       = tostring(var.batch_retention_days)
    Cache                    = var.cache
    CacheTtl                 = tostring(var.cache_ttl)
    CacheStorageMax          = tostring(var.cache_storage_max)
    CacheEcpuMax             = tostring(var.cache_ecpu_max)
    VpcCidr                  = var.vpc_cidr
    ZoneA                    = var.zone_a
    ZoneB                    = var.zone_b
    CacheUrl                 = var.cache_url
    CacheUserName            = var.cache_user_name
    CacheIam                 = var.cache_iam
    CachePasswordSecret      = var.cache_password_secret
    CacheSubnetIds           = join(",", var.cache_subnet_ids)
    CacheSecurityGroupId     = var.cache_security_group_id
    Alarms                   = var.alarms
    SlowMillis               = tostring(var.slow_millis)
    AlertEmail               = var.alert_email
    MonthlyBudget            = tostring(var.monthly_budget)
    BudgetTag                = var.budget_tag
    CostAnomalyMonitor       = var.cost_anomaly_monitor
    Metrics                  = var.metrics
    BreakerUsdPerHour        = tostring(var.breaker_usd_per_hour)
  }
}
