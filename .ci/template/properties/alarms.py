"""Alarms: each failure pages, once, whatever its metrics; and what starter watches is free."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from template.documented import queries, runbook, simulated
from template.sets import DEFAULT
from template.simulation import run
from template.simulation.months import false_pages
from template.simulation.scenarios import BUSY, SCENARIOS
from template.stack import Stack, dig, listed

ALARM = "AWS::CloudWatch::Alarm"
COMPOSITE = "AWS::CloudWatch::CompositeAlarm"
BAND = "AWS::CloudWatch::AnomalyDetector"
FREE_METRICS = 10  # of an account, a month
# what these choices watch beyond them: BatchWaits and BatchUndelivered; throttles and invocations;
# BreakerAlarm and BreakerFailed; FanOutFailed
BILLED = {"queue": 2, "url": 2, "breaker": 3, "fan-out": 1}
URL_METRICS = "GatewayErrors", "3", "5"  # as docs/operate.md has them, and as a URL needs them
# through a URL these may be strangers, so nobody is paged
SELDOM_LOST = "silent gateway failure, 30 requests an hour"
QUIET_DAYS = 5
IDS = re.compile(r"`\w+`")
BAND_METRICS = 3  # AWS bills the metric and both ends of the band
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
    """In a queue that a function reads: at the latest after six hours, when Lambda gives an event up."""
    for _, mapping in stack.of_type(MAPPING):
        queue = str(mapping.get("EventSourceArn")).removesuffix(".Arn}") + ".QueueName}"
        if not any(
            str(alarm.get("Threshold")) in ("3600", "21600")
            and alarm.get("ComparisonOperator") == "GreaterThanThreshold"
            and alarm.get("MetricName") == AGE
            and dig(alarm, "Dimensions", 0, "Value") == queue
            and alarm.get("Statistic") == "Maximum"
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
    if stack.says("Alarms", "few"):
        return
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
    for id, _ in stack.packaged():
        if "${" + id + "}" not in watched:
            yield f"no alarm sees the failures that no queue took from {id}"


def metrics(alarm: dict[str, Any]) -> int:
    """As AWS bills them."""
    watched = sum("MetricStat" in each for each in listed(alarm.get("Metrics"))) or 1
    return watched + (BAND_METRICS - 1 if "ThresholdMetricId" in alarm else 0)


def few_alarms_are_free(stack: Stack) -> Iterator[str]:
    if not stack.says("Alarms", "few"):
        return
    watched = sum(metrics(alarm) for _, alarm in stack.of_type(ALARM))
    paid = (
        BILLED["queue"] * stack.says("BatchSource", "queue")
        + BILLED["url"] * stack.says("Door", "url")
        + BILLED["breaker"] * (not stack.says("BreakerUsdPerHour", "0"))
        + BILLED["fan-out"] * (not stack.says("BatchFanOutBytes", "0"))
    )
    if watched > FREE_METRICS + paid:
        yield f"the alarms watch {watched} metrics"
    for id, _ in stack.of_type(COMPOSITE, BAND):
        yield f"{id} costs"


def the_runbook_has_every_alarm(stack: Stack) -> Iterator[str]:
    """With the metrics that it costs with few alarms, and a query that is there."""
    rows = runbook()
    for id, alarm in stack.of_type(ALARM):
        if id not in rows:
            yield f"docs/operate.md has no {id}"
        elif stack.says("Alarms", "few") and _few(stack, id, rows[id].few) != str(metrics(alarm)):
            yield f"docs/operate.md has {rows[id].few} metrics of {id}, not {metrics(alarm)}"
    known = queries(stack)
    for id, row in rows.items():
        if stack.says("Alarms", "few") and row.few.isdigit() and id not in stack.resources:
            yield f"{id} is not among the few"
        for query in row.queries - known:
            if not (query == "calls by path" and stack.says("Door", "url")):  # there is no access log
                yield f"{id}'s query {query} is not saved"


def _few(stack: Stack, id: str, few: str) -> str:
    """The metrics that docs/operate.md has; in parentheses, those of an alarm by choice."""
    alarm, api, url = URL_METRICS
    if stack.says("Door", "url") and id == alarm and few == api:
        return url
    return few.strip("()")


def every_alarm_pages_by_one_way(stack: Stack) -> Iterator[str]:
    """Itself or by one composite; what lasts until somebody acts, apart from Incident."""
    members = {
        id: run.MEMBER.findall(composite["AlarmRule"]) for id, composite in stack.of_type(COMPOSITE)
    }
    for id in [*members, *run.alarms(stack)]:
        alarm = stack.properties(id)
        parts = [composite for composite, its in members.items() if id in its]
        pages = [way for way in ("AlarmActions", "OKActions") if alarm.get(way) == ["${Alerts}"]]
        if len(parts) + bool(pages) != 1 or len(pages) == 1:
            yield f"{id} pages by {[*parts, *pages]}"
        if alarm.get("MetricName") == WAITING and "Incident" in parts:
            yield f"{id} lasts, and would hide other incidents"


def what_is_filled_is_judged_twice(stack: Stack) -> Iterator[str]:
    """A value that comes late was filled when its period ended, and is seen only later.

    A sum is then too low, so a later look is enough; a difference or a share may be too high.
    """
    for id, alarm in stack.of_type(ALARM):
        filled = any("FILL" in str(each.get("Expression")) for each in listed(alarm.get("Metrics")))
        sums = all("-" not in e and "IF(" not in e for e in _expressions(alarm))
        seen = int(alarm.get("EvaluationPeriods", 1)) if sums else int(alarm.get("DatapointsToAlarm", 1))
        if filled and seen < 2:
            yield f"{id} believes a value that may be late"


def _expressions(alarm: dict[str, Any]) -> list[str]:
    return [str(each["Expression"]) for each in listed(alarm.get("Metrics")) if "Expression" in each]


def alarms_fire_as_the_table_says(stack: Stack) -> Iterator[str]:
    """The table of decision 31; without Redis, nobody sees it away.

    The minutes are those of the default thresholds. Through a function URL, a lost permission is
    seen later: when requests of the time before are a tenth of the period's; and only if there are
    20 requests in the period.
    """
    few = stack.says("Alarms", "few")
    standard = Stack.of(DEFAULT).values
    timed = all(stack.values[name] == standard[name] for name in ("MonthlyBudget", "SlowMillis"))
    for name in SCENARIOS:
        if not few and name == "Redis away" and "RedisAway" not in stack.resources:
            continue
        exact = timed and not (name.startswith("silent gateway failure") and stack.says("Door", "url"))
        pages, firing = (run.cell(each(stack, name)) for each in (run.pages, run.firing))
        row = simulated()[name]
        if name == SELDOM_LOST and stack.says("Door", "url"):
            row = [run.cell({})] * len(row)
        if not _same(pages, row[0 if few else 1], exact):
            yield f"{name}: pages {pages}"
        if not few and not _same(firing, row[2], exact):
            yield f"{name}: on are {firing}"


def _same(found: str, expected: str, timed: bool) -> bool:
    return found == expected or (not timed and IDS.findall(found) == IDS.findall(expected))


def an_incident_pages_once(stack: Stack) -> Iterator[str]:
    if stack.says("Alarms", "few"):
        return
    for name in SCENARIOS:
        found = run.pages(stack, name)
        if sum(len(starts) for starts in found.values()) > 1:
            yield f"{name}: pages {run.cell(found)}"


def quiet_days_page_nobody(stack: Stack) -> Iterator[str]:
    for name in SCENARIOS:
        if name.startswith("quiet") and run.pages(stack, name):
            yield f"{name}: pages {run.cell(run.pages(stack, name))}"
    if not stack.says("Alarms", "few"):
        found = false_pages(stack, BUSY, QUIET_DAYS, seed=2)
        if found:
            yield f"{QUIET_DAYS} quiet days: pages {dict(found)}"


PROPERTIES = (
    a_message_that_waits_is_seen,
    a_message_that_waits_too_long_is_seen,
    nothing_counts_what_was_sent,
    a_message_that_no_queue_took_is_seen,
    few_alarms_are_free,
    the_runbook_has_every_alarm,
    every_alarm_pages_by_one_way,
    what_is_filled_is_judged_twice,
    alarms_fire_as_the_table_says,
    an_incident_pages_once,
    quiet_days_page_nobody,
)
