"""Alarms: a message in a queue of failures is seen, however late its metrics come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from template.stack import Stack, dig, listed

ALARM = "AWS::CloudWatch::Alarm"
QUEUE = "AWS::SQS::Queue"
MAPPING = "AWS::Lambda::EventSourceMapping"
WAITING = "ApproximateNumberOfMessagesVisible"
AGE = "ApproximateAgeOfOldestMessage"
SENT = "NumberOfMessagesSent"
LOST = "DestinationDeliveryFailures"


def a_message_that_waits_is_seen(stack: Stack) -> Iterator[str]:
    """By the alarm's own metric: an expression's FILL would make a late minute a zero.

    In a queue that a function reads, messages wait all the time.
    """
    read = {mapping.get("EventSourceArn") for _, mapping in stack.of_type(MAPPING)}
    for id, _ in stack.of_type(QUEUE):
        if "${" + id + ".Arn}" not in read and not any(_fires_above_zero(alarm, WAITING, id) for _, alarm in stack.of_type(ALARM)):
            yield f"no alarm sees what waits in {id}"


def _fires_above_zero(alarm: dict[str, Any], metric: str, queue: str) -> bool:
    expected = {
        "Namespace": "AWS/SQS",
        "MetricName": metric,
        "Dimensions": [{"Name": "QueueName", "Value": "${" + queue + ".QueueName}"}],
        "Statistic": "Maximum",
        "ComparisonOperator": "GreaterThanThreshold",
    }
    return str(alarm.get("Threshold")) == "0" and all(
        alarm.get(name) == value for name, value in expected.items()
    )


def a_message_that_waits_too_long_is_seen(stack: Stack) -> Iterator[str]:
    """In a queue that a function reads: after six hours, when Lambda gives an event up, too."""
    for _, mapping in stack.of_type(MAPPING):
        queue = str(mapping.get("EventSourceArn")).removesuffix(".Arn}") + ".QueueName}"
        if not any(
            str(alarm.get("Threshold")) == "21600"
            and alarm.get("ComparisonOperator") == "GreaterThanThreshold"
            and listed(alarm.get("AlarmActions"))
            and any(
                dig(each, "MetricStat", "Metric", "MetricName") == AGE
                and dig(each, "MetricStat", "Metric", "Dimensions", 0, "Value") == queue
                and dig(each, "MetricStat", "Stat") == "Maximum"
                for each in listed(alarm.get("Metrics"))
            )
            for _, alarm in stack.of_type(ALARM)
        ):
            yield f"no alarm sees that a message waits in {queue}"


def nothing_counts_what_was_sent(stack: Stack) -> Iterator[str]:
    """That minute comes up to 15 minutes late from a queue that sleeps, and has been judged then."""
    for id, alarm in stack.of_type(ALARM):
        metrics = [dig(each, "MetricStat", "Metric", "MetricName") for each in listed(alarm.get("Metrics"))]
        if SENT in [alarm.get("MetricName"), *metrics]:
            yield f"{id} counts messages that were sent"


def a_message_that_no_queue_took_is_seen(stack: Stack) -> Iterator[str]:
    watched = [
        dimension.get("Value")
        for _, alarm in stack.of_type(ALARM)
        if alarm.get("MetricName") == LOST
        and str(alarm.get("Threshold")) == "0"
        and alarm.get("Namespace") == "AWS/Lambda"
        and alarm.get("Statistic") == "Sum"
        and alarm.get("ComparisonOperator") == "GreaterThanThreshold"
        for dimension in listed(alarm.get("Dimensions"))
    ]
    for id, _ in stack.of_type("AWS::Lambda::Function"):
        if "${" + id + "}" not in watched:
            yield f"no alarm sees the failures that no queue took from {id}"


PROPERTIES = (
    a_message_that_waits_is_seen,
    a_message_that_waits_too_long_is_seen,
    nothing_counts_what_was_sent,
    a_message_that_no_queue_took_is_seen,
)
