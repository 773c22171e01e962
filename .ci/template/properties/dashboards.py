"""The dashboard: it shows first what an on-call asks first, and costs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from template.stack import Stack, dig, listed

DASHBOARD = "AWS::CloudWatch::Dashboard"

# CloudWatch's free tier: three dashboards, each of up to 50 metrics.
METRICS_MAX = 50

# The first row under the alarms.
FIRST = ("Availability", "Latency, 99th percentile", "Hit rate", "Estimated cost of the last 24 hours, USD")


def a_dashboard_has_at_most_50_metrics(stack: Stack) -> Iterator[str]:
    """Each metric once, however many widgets show it; a search counts as one."""
    for id, dashboard in stack.of_type(DASHBOARD):
        metrics = {metric for widget in _widgets(dashboard) for metric in _metrics(widget)}
        if len(metrics) > METRICS_MAX:
            yield f"{id} has {len(metrics)} metrics"


def a_dashboard_answers_first_what_an_on_call_asks(stack: Stack) -> Iterator[str]:
    for id, dashboard in stack.of_type(DASHBOARD):
        widgets = [each for each in _widgets(dashboard) if each["type"] != "alarm"]
        top = min((each["y"] for each in widgets), default=0)
        first = {dig(each, "properties", "title") for each in widgets if each["y"] == top}
        for title in FIRST:
            if title not in first:
                yield f"{id} does not begin with {title}"


def a_dashboard_lists_the_last_errors(stack: Stack) -> Iterator[str]:
    for id, dashboard in stack.of_type(DASHBOARD):
        queries = [str(dig(each, "properties", "query")) for each in _widgets(dashboard) if each["type"] == "log"]
        for group in ("ApiLogs", "BatchLogs"):
            if not any("SOURCE '${" + group + "}'" in query and "ERROR" in query for query in queries):
                yield f"{id} does not list the errors in {group}"


def _widgets(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    widgets: list[dict[str, Any]] = json.loads(dashboard["DashboardBody"])["widgets"]
    return widgets


def _metrics(widget: dict[str, Any]) -> Iterator[str]:
    """Every metric as text, without its options; a search as its expression."""
    for row in listed(dig(widget, "properties", "metrics")):
        if isinstance(row[0], str):
            yield json.dumps([cell for cell in row if isinstance(cell, str)])
        elif "SEARCH(" in row[0].get("expression", ""):
            yield row[0]["expression"]


PROPERTIES = (
    a_dashboard_has_at_most_50_metrics,
    a_dashboard_answers_first_what_an_on_call_asks,
    a_dashboard_lists_the_last_errors,
)
