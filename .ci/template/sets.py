"""The parameter sets: the deployments that are translated, linted and tested.

Every choice that makes another stack is in at least one of them; what a set leaves out has its
default.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from template.paths import SAMCONFIG

DEFAULT = "default"


def of_environment(name: str) -> Mapping[str, str]:
    """The parameters that `sam deploy --config-env` with this name sets."""
    parameters = tomllib.loads(SAMCONFIG.read_text(encoding="utf-8"))[name]["deploy"]["parameters"]
    return dict(each.split("=", 1) for each in parameters["parameter_overrides"])


SETS: Mapping[str, Mapping[str, str]] = {
    DEFAULT: {},
    "no-cache": {"Cache": "none"},
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
    "production": of_environment("production"),
    "arm64": {"Architecture": "arm64"},
    "jwt": {
        "Auth": "jwt",
        "JwtIssuer": "https://issuer.example.com",
        "JwtAudience": "pilotlight",
        "CorsOrigins": "https://app.example.com,https://www.example.com",
    },
    "open": {"Auth": "none"},
    "cognito-tenants": {"TenantFrom": "cognito", "BatchTenantFrom": "folder"},
    "bucket-models": {"ModelsFrom": "bucket", "ArchiveTiers": "true"},
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
        "CacheTtl": "31536000",
        "Auth": "jwt",
        "JwtIssuer": "https://issuer.example.com",
        "JwtAudience": "pilotlight",
        "TenantFrom": "claim:name-of-a-claim-of-forty-characters-most",
        "BatchTenantFrom": "folder",
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
        "Tracing": "PassThrough",
    },
    "watched": {
        "AlertEmail": "someone@example.com",
        "CostAnomalyMonitor": "true",
        "DeletionProtection": "true",
    },
}
