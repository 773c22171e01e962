"""S3: nothing public, nothing in plain text, nothing kept that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from template.stack import Stack, dig, listed, true

BUCKET = "AWS::S3::Bucket"
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
TIERED = ("In", "Out", "Models")
ARCHIVED = ("In", "Out")
SHORT_DAYS = 60
ARCHIVES = ("GLACIER", "GLACIER_IR", "DEEP_ARCHIVE")


def block_public_access(stack: Stack) -> Iterator[str]:
    for id, bucket in stack.of_type(BUCKET):
        for block in BLOCKS:
            if not true(dig(bucket, "PublicAccessBlockConfiguration", block)):
                yield f"{id} lacks {block}"


def encrypt(stack: Stack) -> Iterator[str]:
    for id, bucket in stack.of_type(BUCKET):
        rules = listed(dig(bucket, "BucketEncryption", "ServerSideEncryptionConfiguration"))
        ways = [dig(rule, "ServerSideEncryptionByDefault", "SSEAlgorithm") for rule in rules]
        if not ways or any(way not in ("AES256", "aws:kms") for way in ways):
            yield f"{id} is not encrypted"


def refuse_plain_http(stack: Stack) -> Iterator[str]:
    for id, _ in stack.of_type(BUCKET):
        statements = [
            statement
            for _, policy in stack.of_type("AWS::S3::BucketPolicy")
            if policy.get("Bucket") == "${" + id + "}"
            for statement in listed(dig(policy, "PolicyDocument", "Statement"))
        ]
        if not any(_denies_plain_http(id, statement) for statement in statements):
            yield f"{id} takes plain HTTP"


def _denies_plain_http(id: str, statement: dict[str, Any]) -> bool:
    arn = "${" + id + ".Arn}"
    return (
        statement.get("Effect") == "Deny"
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and listed(statement.get("Action")) == ["s3:*"]
        and {arn, arn + "/*"} <= set(listed(statement.get("Resource")))
        and list(statement.get("Condition", {})) == ["Bool"]
        and str(dig(statement, "Condition", "Bool", "aws:SecureTransport")).lower() == "false"
    )


def abort_unfinished_uploads(stack: Stack) -> Iterator[str]:
    for id, bucket in stack.of_type(BUCKET):
        if not any(
            "AbortIncompleteMultipartUpload" in rule and not _part_only(rule)
            for rule in _rules(bucket)
        ):
            yield f"{id} keeps unfinished uploads"


def forget_old_versions(stack: Stack) -> Iterator[str]:
    for id, bucket in stack.of_type(BUCKET):
        versioned = dig(bucket, "VersioningConfiguration", "Status") == "Enabled"
        if versioned and not any(
            dig(rule, "NoncurrentVersionExpiration", "NoncurrentDays") and not _part_only(rule)
            for rule in _rules(bucket)
        ):
            yield f"{id} keeps old versions for ever"


def move_to_intelligent_tiering(stack: Stack) -> Iterator[str]:
    for id, bucket in stack.of_type(BUCKET):
        short = id in ARCHIVED and stack.says("BatchRetentionDays", "7", "14", "30")
        if id in TIERED and not short and "INTELLIGENT_TIERING" not in _classes(bucket):
            yield f"{id} stays in the standard class"


def what_is_soon_deleted_is_not_tiered(stack: Stack) -> Iterator[str]:
    """Intelligent-Tiering bills each object from its first day, and saves nothing for 30 days."""
    for id, bucket in stack.of_type(BUCKET):
        # of Out's own objects, only a part is soon deleted
        days = [
            rule["ExpirationInDays"]
            for rule in _rules(bucket)
            if "ExpirationInDays" in rule and (id not in TIERED or not _part_only(rule))
        ]
        if any(int(each) <= SHORT_DAYS for each in days):
            if "INTELLIGENT_TIERING" in _classes(bucket):
                yield f"{id} pays for tiers of objects that it deletes after {min(days)} days"


def batches_are_kept_as_long_as_chosen(stack: Stack) -> Iterator[str]:
    chosen = stack.values["BatchRetentionDays"]
    for id in ARCHIVED:
        found = [
            str(rule["ExpirationInDays"])
            for rule in _rules(stack.properties(id))
            if "ExpirationInDays" in rule and not _part_only(rule)
        ]
        if found != ([] if chosen == "0" else [chosen]):
            yield f"{id} deletes objects after {found} days, not {chosen}"


def archive_only_where_chosen(stack: Stack) -> Iterator[str]:
    """Models and large results are read back at once: from an archive they would not come."""
    for id, bucket in stack.of_type(BUCKET):
        chosen = id in ARCHIVED and stack.says("ArchiveTiers", "true")
        archives = "IntelligentTieringConfigurations" in bucket
        if archives != chosen:
            yield f"{id} has archive tiers: {archives}"
        for storage in _classes(bucket):
            if storage in ARCHIVES:
                yield f"{id} moves objects to {storage}"


def _rules(bucket: dict[str, Any]) -> list[dict[str, Any]]:
    rules = listed(dig(bucket, "LifecycleConfiguration", "Rules"))
    return [rule for rule in rules if rule.get("Status") == "Enabled"]


def _part_only(rule: dict[str, Any]) -> bool:
    return any(
        part in rule for part in ("Prefix", "TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
    )


def _classes(bucket: dict[str, Any]) -> list[str]:
    classes = []
    for rule in _rules(bucket):
        transitions = listed(rule.get("Transitions")) + listed(rule.get("Transition"))
        transitions += listed(rule.get("NoncurrentVersionTransitions"))
        classes += [str(dig(each, "StorageClass")) for each in transitions]
    return classes


PROPERTIES = (
    block_public_access,
    encrypt,
    refuse_plain_http,
    abort_unfinished_uploads,
    forget_old_versions,
    move_to_intelligent_tiering,
    what_is_soon_deleted_is_not_tiered,
    batches_are_kept_as_long_as_chosen,
    archive_only_where_chosen,
)
