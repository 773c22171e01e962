"""Batches: every object reaches its function, by the way that was chosen, and no failure is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from template.resolve import VARIABLE
from template.stack import Stack, dig, listed

QUEUE = "AWS::SQS::Queue"
MAPPING = "AWS::Lambda::EventSourceMapping"
PERMISSION = "AWS::Lambda::Permission"
LIVE = "${BatchFunctionAliaslive}"
CONTINUE = "BatchFunctionContinue"
POLICY = "AWS::SQS::QueuePolicy"
FAILURES = "${BatchFailures.Arn}"
LINES = "${BatchLines.Arn}"
CONTINUATIONS = "${BatchContinuations.Arn}"
# CloudFormation's name for a rule without one
GENERATED = "${AWS::StackName}-" + CONTINUE + "-*"
TWO_WEEKS = 1_209_600


def queued(stack: Stack) -> bool:
    return stack.says("BatchSource", "queue")


def every_object_starts_a_batch(stack: Stack) -> Iterator[str]:
    """By one trigger, since S3 refuses two that overlap; what goes on is in another bucket."""
    notified = dig(stack.properties("In"), "NotificationConfiguration") or {}
    calls = listed(dig(notified, "LambdaConfigurations"))
    messages = listed(dig(notified, "QueueConfigurations"))
    chosen, other = (messages, calls) if queued(stack) else (calls, messages)
    if len(chosen) != 1 or other:
        yield f"In has {len(calls)} triggers of functions, {len(messages)} of queues"
    for trigger in calls + messages:
        if trigger.get("Event") != "s3:ObjectCreated:*":
            yield f"In's trigger takes {trigger.get('Event')}"
        if trigger.get("Queue", trigger.get("Function")) != (LINES if queued(stack) else LIVE):
            yield f"In's trigger leads to {trigger.get('Queue', trigger.get('Function'))}"
        for rule in listed(dig(trigger, "Filter", "S3Key", "Rules")):
            if str(rule["Name"]).lower() != "prefix":
                yield f"In's trigger takes only objects with the {rule['Name']} {rule['Value']}"


def what_goes_on_has_a_way_of_its_own(stack: Stack) -> Iterator[str]:
    bridge = dig(stack.properties("Out"), "NotificationConfiguration", "EventBridgeConfiguration")
    if not dig(bridge, "EventBridgeEnabled"):
        yield "Out's events do not get to EventBridge: no batch goes on"
    targets = [
        target.get("Arn")
        for _, rule in stack.of_type("AWS::Events::Rule")
        if dig(rule, "EventPattern", "detail", "bucket", "name") == ["${Out}"]
        for target in listed(rule.get("Targets"))
    ]
    if targets != [CONTINUATIONS if queued(stack) else LIVE]:
        yield f"continuations lead to {targets}"


def the_bucket_is_made_after_what_it_calls(stack: Stack) -> Iterator[str]:
    """S3 tests its destinations when a bucket is made. It may use them by the bucket's name."""
    first = "BatchLinesPolicy" if queued(stack) else "BatchFunctionLinesPermission"
    if "${" + first + "}" not in str(stack.resources["In"].get("Metadata")):
        yield f"In may be made before {first}"


def only_the_bucket_and_the_rule_may_send(stack: Stack) -> Iterator[str]:
    """The function in both forms: what S3 or EventBridge had on its way when the form changed arrives.

    The queue also takes events of the rule that a stack had before its name was fixed.
    """
    bucket = "arn:${AWS::Partition}:s3:::" + str(stack.properties("In").get("BucketName"))
    of_bucket = ("s3.amazonaws.com", bucket, "${AWS::AccountId}")
    of_rule = ("events.amazonaws.com", _rule(stack), None)
    of_rules = ("events.amazonaws.com", [_rule(stack), _rules() + GENERATED], None)
    callers = [
        (each.get("Principal"), each.get("SourceArn"), each.get("SourceAccount"))
        for _, each in stack.of_type(PERMISSION)
        if each.get("FunctionName") == LIVE
    ]
    of_end = ("events.amazonaws.com", _rules() + str(stack.properties("FanOutEnded").get("Name")), None)
    fans_out = "FanOut" in stack.resources
    if sorted(map(str, callers)) != sorted(map(str, [of_bucket, of_rule] + [of_end] * fans_out)):
        yield f"the batch function is called by {callers}"
    of_queues = {LINES: of_bucket, CONTINUATIONS: of_rules} if queued(stack) else {}
    for queue, allowed in {**of_queues, FAILURES: of_rule}.items():
        senders = [
            (
                dig(statement, "Principal", "Service"),
                dig(statement, "Condition", "ArnEquals", "aws:SourceArn")
                or dig(statement, "Condition", "ArnLike", "aws:SourceArn"),
                dig(statement, "Condition", "StringEquals", "aws:SourceAccount"),
            )
            for _, policy in stack.of_type(POLICY)
            for statement in listed(dig(policy, "PolicyDocument", "Statement"))
            if statement.get("Effect") == "Allow" and queue in listed(statement.get("Resource"))
        ]
        wanted = [allowed]
        if queue == FAILURES and fans_out:
            names = [str(stack.properties(id).get("Name")) for id in ("FanOutRule", "FanOutEnded")]
            wanted.append(("events.amazonaws.com", [_rules() + name for name in names], None))
        if senders != wanted:
            yield f"{queue} takes messages of {senders}"


def _rule(stack: Stack) -> str:
    """The ARN of the rule for continuations, by its name."""
    return _rules() + str(stack.properties(CONTINUE).get("Name"))


def _rules() -> str:
    return "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/"


def the_rule_sends_where_it_may(stack: Stack) -> Iterator[str]:
    """It changes its target after what permits it: EventBridge does not retry what it may not send.

    A policy that referred to the rule would come after it.
    """
    before = {"BatchFunctionContinuePermission", "FailuresPolicy"}
    if queued(stack):
        before.add("BatchContinuationsPolicy")
    rule = stack.resources.get(CONTINUE, {})
    waits_for = {*listed(rule.get("DependsOn")), *VARIABLE.findall(str(rule.get("Metadata")))}
    for id in sorted(before - waits_for):
        yield f"{CONTINUE} may change before {id}"
    for id in sorted(before):
        if any(name.partition(".")[0] == CONTINUE for name in VARIABLE.findall(str(stack.resources.get(id)))):
            yield f"{id} comes after {CONTINUE}"


def a_continuation_that_is_not_delivered_is_kept(stack: Stack) -> Iterator[str]:
    for target in listed(stack.properties(CONTINUE).get("Targets")):
        if dig(target, "DeadLetterConfig", "Arn") != FAILURES:
            yield f"{CONTINUE} drops what {target.get('Arn')} does not take"


def a_queue_that_goes_keeps_its_messages(stack: Stack) -> Iterator[str]:
    """And who may send: with another BatchSource, an event may still come by the way before."""
    policies = ["BatchLinesPolicy", "BatchContinuationsPolicy"] if queued(stack) else []
    for id in [*(id for id, _ in _sources(stack)), *policies]:
        if dig(stack.resources, id, "DeletionPolicy") != "RetainExceptOnCreate":
            yield f"{id} goes when BatchSource changes"


def messages_come_one_at_a_time_to_live(stack: Stack) -> Iterator[str]:
    """Without partial responses: a failure that is only reported is no error of the function."""
    mappings = list(stack.of_type(MAPPING))
    sources = sorted(str(mapping.get("EventSourceArn")) for _, mapping in mappings)
    if sources != ([CONTINUATIONS, LINES] if queued(stack) else []):
        yield f"the batch function reads {sources}"
    for id, mapping in mappings:
        if mapping.get("FunctionName") != LIVE:
            yield f"{id} calls {mapping.get('FunctionName')}"
        if mapping.get("BatchSize") != 1 or mapping.get("MaximumBatchingWindowInSeconds"):
            yield f"{id} gives more than one message at a time"
        if mapping.get("FunctionResponseTypes"):
            yield f"{id} takes failures for answers"
        if mapping.get("FilterCriteria") or mapping.get("Enabled", True) is not True:
            yield f"{id} drops or keeps messages"
        limit = str(dig(mapping, "ScalingConfig", "MaximumConcurrency"))
        if limit != stack.values["BatchConcurrency"] or int(limit) < 2:
            yield f"{id} runs {limit} batches at a time"


def batches_have_one_limit(stack: Stack) -> Iterator[str]:
    """With a queue, a reservation would throttle deliveries, and each counts as a failed one."""
    found = stack.properties("BatchFunction").get("ReservedConcurrentExecutions")
    chosen = stack.values["BatchReservedConcurrency"]
    if str(found) != ("None" if chosen == "-1" else chosen) or (queued(stack) and found):
        yield f"BatchFunction reserves {found}"


def a_message_outlives_an_invocation(stack: Stack) -> Iterator[str]:
    """Not by much: a batch whose environment was killed waits for it."""
    time = int(stack.properties("BatchFunction").get("Timeout", 3))
    for id, queue in _sources(stack):
        visible = int(queue.get("VisibilityTimeout", 30))
        if not time + 30 <= visible <= time + 60:
            yield f"{id} shows a message again after {visible} s"
        if queue.get("MessageRetentionPeriod") != TWO_WEEKS:
            yield f"{id} forgets a message after {queue.get('MessageRetentionPeriod')} s"
        if queue.get("DelaySeconds") or queue.get("FifoQueue"):
            yield f"{id} delays messages"


def a_message_that_fails_five_times_is_kept(stack: Stack) -> Iterator[str]:
    sources = [id for id, _ in _sources(stack)]
    for id, queue in _sources(stack):
        policy: Any = queue.get("RedrivePolicy")
        dead = str(dig(policy, "deadLetterTargetArn")).removeprefix("${").removesuffix(".Arn}")
        if str(dig(policy, "maxReceiveCount")) != "5":
            yield f"{id} delivers a message {dig(policy, 'maxReceiveCount')} times"
        if dead in sources or stack.properties(dead).get("MessageRetentionPeriod") != TWO_WEEKS:
            yield f"{id} gives what fails to {dead}"


def the_function_may_read_its_queues(stack: Stack) -> Iterator[str]:
    needed = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
    statements = [
        statement
        for policy in listed(stack.properties("BatchRole").get("Policies"))
        for statement in listed(dig(policy, "PolicyDocument", "Statement"))
        if statement.get("Effect") == "Allow"
    ]
    for id, _ in _sources(stack):
        arn = "${" + id + ".Arn}"
        allowed = {
            action
            for statement in statements
            if arn in listed(statement.get("Resource"))
            for action in listed(statement.get("Action"))
        }
        if allowed != needed:
            yield f"BatchRole may {sorted(allowed)} of {id}"


def _sources(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    """The queues whose messages a function gets."""
    read = {mapping.get("EventSourceArn") for _, mapping in stack.of_type(MAPPING)}
    for id, queue in stack.of_type(QUEUE):
        if "${" + id + ".Arn}" in read:
            yield id, queue


PROPERTIES = (
    every_object_starts_a_batch,
    what_goes_on_has_a_way_of_its_own,
    the_bucket_is_made_after_what_it_calls,
    only_the_bucket_and_the_rule_may_send,
    the_rule_sends_where_it_may,
    a_continuation_that_is_not_delivered_is_kept,
    a_queue_that_goes_keeps_its_messages,
    messages_come_one_at_a_time_to_live,
    batches_have_one_limit,
    a_message_outlives_an_invocation,
    a_message_that_fails_five_times_is_kept,
    the_function_may_read_its_queues,
)
