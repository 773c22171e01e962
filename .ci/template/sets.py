"""The parameter sets: the deployments that are translated, linted and tested.

The presets of samconfig.toml are among them. Every choice that makes another stack is in at least one
set; what a set leaves out has its default.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from template.paths import SAMCONFIG

DEFAULT = "default"
STARTER = "starter"
PRODUCTION = "production"
BUSY = "busy"

# By name, each preset's environment: `sam deploy --config-env`. Without it SAM takes `default`.
PRESETS: Mapping[str, str] = {STARTER: "default", PRODUCTION: "production", BUSY: "busy"}

# What samconfig.toml cannot have, because only the reader knows it.
ADDRESS: Mapping[str, str] = {"AlertEmail": "someone@example.com"}


def of_environment(name: str) -> Mapping[str, str]:
    """The parameters that `sam deploy --config-env` with this name sets."""
    parameters = tomllib.loads(SAMCONFIG.read_text(encoding="utf-8"))[name]["deploy"]["parameters"]
    return dict(each.split("=", 1) for each in parameters["parameter_overrides"])


def of_preset(name: str) -> Mapping[str, str]:
    """The parameters of a preset that can be deployed: with an address where it needs one."""
    values = of_environment(PRESETS[name])
    return {**values, **ADDRESS} if values.get("Alarms") == "all" else values


SETS: Mapping[str, Mapping[str, str]] = {
    DEFAULT: {},
    **{name: of_preset(name) for name in PRESETS},
    "cache": {"Cache": "create"},
    "existing-cache": {
        "Cache": "existing",
        "CacheUrl": "rediss+cluster://shared-abc123.serverless.use1.cache.amazonaws.com:6379",
        "CacheUserName": "pilotlight",
        "CacheIam": "serverless:shared",
        "CacheSubnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
        "CacheSecurityGroupId": "sg-0123456789abcdef0",
    },
    "password-cache": {
        "Cache": "existing",
        "CacheUrl": "rediss://shared.abc123.0001.use1.cache.amazonaws.com:6379",
        "CacheUserName": "pilotlight",
        "CachePasswordSecret": "arn:aws:secretsmanager:us-east-1:123456789012:secret:cache-AbCdEf",
        "CacheSubnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
        "CacheSecurityGroupId": "sg-0123456789abcdef0",
    },
    "snapstart": {"Runtime": "java25", "StartMode": "snapstart"},
    "managed-runtime": {"Runtime": "java25"},
    "provisioned": {"StartMode": "provisioned"},
    "all-alarms": {"Alarms": "all", "Cache": "create", **ADDRESS},
    "all-alarms-without-redis": {"Alarms": "all", **ADDRESS},
    "arm64": {"Architecture": "arm64"},
    "jwt": {
        "Auth": "jwt",
        "JwtIssuer": "https://issuer.example.com",
        "JwtAudience": "pilotlight",
        "CorsOrigins": "https://app.example.com,https://www.example.com",
    },
    "open": {"Auth": "none"},
    "url": {
        "Door": "url",
        "TenantFrom": "principal",
        "CorsOrigins": "https://app.example.com,https://www.example.com",
    },
    "open-url": {"Door": "url", "Auth": "none"},
    "keys": {
        "Auth": "keys",
        "BatchTenantFrom": "folder",
        "Plans": "plans.json",
        "LimitsEnvironments": "40",
        "OperatorTenant": "operator",
        "UsageInsights": "on",
        "Cache": "create",
        "CorsOrigins": "https://app.example.com",
        "MaxReadRequestUnits": "4000",
    },
    "keys-url": {"Door": "url", "Auth": "keys", "TenantFrom": "key"},
    "edge": {"Auth": "keys", "Edge": "on"},
    "edge-url": {
        "Door": "url",
        "Auth": "keys",
        "Edge": "on",
        "EdgeSecret": "10",
        "EdgeSeconds": "86400",
        "Plans": "plans.json",
    },
    "cognito-tenants": {"TenantFrom": "cognito", "BatchTenantFrom": "folder"},
    "bucket-models": {
        "ModelsFrom": "bucket",
        "ArchiveTiers": "true",
        "BatchRetentionDays": "365",
        "BatchStore": "off",
    },
    "short-batches": {"BatchRetentionDays": "30", "BatchStore": "packed"},
    # with the longest texts that a version's description may have
    "locked-models": {
        "ModelsFrom": "bucket",
        "ModelsLock": "0123456789abcdef0123456789abcdef",
        "Release": "release-of-forty-characters-at-the-most-",
        "EphemeralStorage": "10240",
        "MemorySize": "10240",
        "BatchMemorySize": "10240",
        "StartMode": "provisioned",
        "Tracing": "PassThrough",
        "Store": "best-effort",
        "BatchStore": "packed",
        "CacheTtl": "31536000",
        "Auth": "jwt",
        "JwtIssuer": "https://issuer.example.com",
        "JwtAudience": "pilotlight",
        "TenantFrom": "claim:name-of-a-claim-of-forty-characters-most",
        "BatchTenantFrom": "folder",
        "Metrics": "each",
    },
    "own-domain": {
        "DomainName": "inference.example.com",
        "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/"
        "01234567-89ab-cdef-0123-456789abcdef",
        "HostedZoneId": "Z0123456789ABCDEFGHIJ",
    },
    "scheduled": {
        "StartMode": "provisioned",
        "ScheduleUp": "cron(0 7 ? * MON-FRI *)",
        "ScheduleDown": "cron(0 19 ? * MON-FRI *)",
        "ScheduleTimezone": "Europe/Berlin",
        "ReservedConcurrency": "20",
        "Deployment": "AllAtOnce",
        "BatchStore": "none",
    },
    "traced": {"Tracing": "Active"},
    "queue": {"BatchSource": "queue", "BatchConcurrency": "7", "InPrefix": "in/", "Cache": "none"},
    # with text that its description takes, and objects of a prefix
    "fan-out": {
        "BatchFanOutBytes": "104857600",
        "BatchFanOutConcurrency": "5",
        "BatchShardLines": "500",
        "BatchShardBytes": "1048576",
        "InPrefix": "in/",
    },
    "fan-out-queue": {
        "BatchSource": "queue",
        "BatchFanOutBytes": "104857600",
        "BatchFanOutConcurrency": "1000",
        "ReservedConcurrency": "50",
        "Tracing": "Active",
        "BreakerUsdPerHour": "5",
        "Cache": "create",
    },
    "limited": {
        "BreakerUsdPerHour": "5",
        "MaxReadRequestUnits": "4000",
        "MaxWriteRequestUnits": "1000",
        "BatchReservedConcurrency": "3",
        "Cache": "none",
    },
    "limited-url": {"Door": "url", "BreakerUsdPerHour": "5"},
    # the presets with the other door; starter is "url"
    "production-url": {**of_preset(PRODUCTION), "Door": "url"},
    "busy-url": {**of_preset(BUSY), "Door": "url"},
    "reads-limited": {"MaxReadRequestUnits": "4000", "Metrics": "off", "Cache": "none"},
    "watched": {
        **ADDRESS,
        "Alarms": "all",
        "CostAnomalyMonitor": "true",
        "DeletionProtection": "true",
    },
}
