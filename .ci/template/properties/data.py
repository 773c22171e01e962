"""The table, queues, topics and logs: encrypted, kept as long as stated, never deleted with it."""

from __future__ import annotations

from collections.abc import Iterator

from template.resolve import VARIABLE
from template.stack import Stack, dig, listed, true

TABLE = "AWS::DynamoDB::Table"
QUEUE = "AWS::SQS::Queue"
TOPIC = "AWS::SNS::Topic"
OF_REPORTS = (
    "REPORT",
    "platform.report",
    "@billedDuration",
    "@duration",
    "@initDuration",
    "@maxMemoryUsed",
    "@memorySize",
    "@type",
)
KEPT = ("AWS::S3::Bucket", TABLE, QUEUE)


def table_is_on_demand_and_forgets(stack: Stack) -> Iterator[str]:
    for id, table in stack.of_type(TABLE):
        if table.get("BillingMode") != "PAY_PER_REQUEST":
            yield f"{id} is not on-demand"
        if not true(dig(table, "TimeToLiveSpecification", "Enabled")):
            yield f"{id} has no time to live"


def table_can_be_recovered(stack: Stack) -> Iterator[str]:
    for id, table in stack.of_type(TABLE):
        recovery = dig(table, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")
        if not true(recovery):
            yield f"{id} has no point-in-time recovery"
        if not true(dig(table, "SSESpecification", "SSEEnabled")):
            yield f"{id} is not encrypted with a key of the account"
        if true(table.get("DeletionProtectionEnabled")) != stack.says("DeletionProtection", "true"):
            yield f"{id} is not protected as chosen"


def queues_are_encrypted(stack: Stack) -> Iterator[str]:
    for id, queue in stack.of_type(QUEUE):
        if not true(queue.get("SqsManagedSseEnabled")) and "KmsMasterKeyId" not in queue:
            yield f"{id} is not encrypted"


def queues_and_topics_refuse_plain_http(stack: Stack) -> Iterator[str]:
    denied = {
        resource
        for _, policy in stack.of_type("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")
        for statement in listed(dig(policy, "PolicyDocument", "Statement"))
        if statement.get("Effect") == "Deny"
        and statement.get("Principal") == "*"
        and dig(statement, "Condition", "Bool", "aws:SecureTransport") == "false"
        for resource in listed(statement.get("Resource"))
    }
    for id, _ in stack.of_type(QUEUE, TOPIC):
        if not denied & {"${" + id + "}", "${" + id + ".Arn}"}:
            yield f"{id} takes plain HTTP"


def topics_are_encrypted_as_chosen(stack: Stack) -> Iterator[str]:
    """By a key of ours, or by none: alarms and budgets may not use the one that AWS keeps for SNS.

    A key costs a dollar a month, used or not, so `Alarms=few` has none.
    """
    keys = ["${" + id + "}" for id, _ in stack.of_type("AWS::KMS::Key")]
    for id, topic in stack.of_type(TOPIC):
        wanted = keys if stack.says("Alarms", "all") else [None]
        if topic.get("KmsMasterKeyId") not in wanted:
            yield f"{id} is encrypted by {topic.get('KmsMasterKeyId')}, not by {wanted}"


def keys_are_changed_by_the_year(stack: Stack) -> Iterator[str]:
    for id, key in stack.of_type("AWS::KMS::Key"):
        if not true(key.get("EnableKeyRotation")):
            yield f"{id} does not rotate"


def logs_are_kept_as_long_as_chosen(stack: Stack) -> Iterator[str]:
    for id, group in stack.of_type("AWS::Logs::LogGroup"):
        if str(group.get("RetentionInDays")) != stack.values["LogRetentionDays"]:
            yield f"{id} is kept {group.get('RetentionInDays')} days"


def only_logs_without_metrics_are_infrequent(stack: Stack) -> Iterator[str]:
    """The class of infrequent access costs half as much, and makes no metrics of a log's lines."""
    makes = {dig(each, "LoggingConfig", "LogGroup") for _, each in stack.of_type("AWS::Lambda::Function")}
    filtered = {each.get("LogGroupName") for _, each in stack.of_type("AWS::Logs::MetricFilter")}
    for id, group in stack.of_type("AWS::Logs::LogGroup"):
        expected = "STANDARD" if "${" + id + "}" in makes | filtered else "INFREQUENT_ACCESS"
        if group.get("LogGroupClass", "STANDARD") != expected:
            yield f"{id} is of the class {group.get('LogGroupClass')}, not {expected}"


def functions_log_where_that_holds(stack: Stack) -> Iterator[str]:
    groups = {"${" + id + "}" for id, _ in stack.of_type("AWS::Logs::LogGroup")}
    for id, function in stack.of_type("AWS::Lambda::Function"):
        if dig(function, "LoggingConfig", "LogGroup") not in groups:
            yield f"{id} logs into a group that is not the stack's"
        if dig(function, "LoggingConfig", "LogFormat") != "JSON":
            yield f"{id} does not log JSON"
        if dig(function, "LoggingConfig", "SystemLogLevel") != "WARN":
            yield f"{id} has Lambda write its own lines for every invocation"


def saved_queries_read_lines_that_are_written(stack: Stack) -> Iterator[str]:
    """Lambda writes the lines that these fields come from only for an invocation that fails."""
    groups = {"${" + id + "}" for id, _ in stack.of_type("AWS::Logs::LogGroup")}
    for id, query in stack.of_type("AWS::Logs::QueryDefinition"):
        for field in OF_REPORTS:
            if field in query["QueryString"]:
                yield f"{id} asks for {field}"
        if not query.get("LogGroupNames") or not set(query["LogGroupNames"]) <= groups:
            yield f"{id} reads {query.get('LogGroupNames')}"


def data_outlives_the_stack(stack: Stack) -> Iterator[str]:
    for id, _ in stack.of_type(*KEPT):
        resource = stack.resources[id]
        if resource.get("DeletionPolicy") != "RetainExceptOnCreate":
            yield f"{id} is deleted with the stack, or stays when the first deploy fails"
        if resource.get("UpdateReplacePolicy") != "Retain":
            yield f"{id} is deleted when it is replaced"


def nothing_refers_to_what_is_not_made(stack: Stack) -> Iterator[str]:
    for id, resource in stack.resources.items():
        for name in sorted(_names(resource)):
            if not name.startswith("AWS::") and name not in stack.resources:
                yield f"{id} refers to {name}"
        for name in listed(resource.get("DependsOn")):
            if name not in stack.resources:
                yield f"{id} depends on {name}"


def _names(value: object) -> set[str]:
    if isinstance(value, dict):
        return set().union(*(_names(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(_names(each) for each in value))
    found = VARIABLE.findall(value) if isinstance(value, str) else []
    return {name.split(".")[0] for name in found if "::" in name or name[0].isupper()}


PROPERTIES = (
    table_is_on_demand_and_forgets,
    table_can_be_recovered,
    queues_are_encrypted,
    queues_and_topics_refuse_plain_http,
    topics_are_encrypted_as_chosen,
    keys_are_changed_by_the_year,
    logs_are_kept_as_long_as_chosen,
    only_logs_without_metrics_are_infrequent,
    functions_log_where_that_holds,
    saved_queries_read_lines_that_are_written,
    data_outlives_the_stack,
    nothing_refers_to_what_is_not_made,
)
