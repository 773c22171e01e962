"""What the pages say of the alarms."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from template.paths import ALARMS_DECISION, OPERATE
from template.stack import Stack


class Row(NamedTuple):
    """Of an alarm in the runbook: its metrics with few alarms, and the saved queries that help."""

    few: str
    queries: frozenset[str]


@functools.cache
def runbook() -> Mapping[str, Row]:
    rows = _rows(OPERATE.read_text(encoding="utf-8"), "| alarm | few | on when | query | what to do |")
    return {
        id: Row(few, frozenset(re.findall(r"`([^`]+)`", query)))
        for ids, few, _, query, _ in rows
        for id in re.findall(r"`(\w+)`", ids)
    }


@functools.cache
def simulated() -> Mapping[str, list[str]]:
    """Who pages with few and with all alarms, and which alarms are on, by scenario."""
    page = ALARMS_DECISION.read_text(encoding="utf-8")
    return {name: cells for name, *cells in _rows(page, "| metrics | ")}


def queries(stack: Stack) -> frozenset[str]:
    """The names of the saved queries, without the stack's."""
    found = (query["Name"] for _, query in stack.of_type("AWS::Logs::QueryDefinition"))
    return frozenset(name.split("/", 1)[1] for name in found)


def _rows(page: str, head: str) -> Iterator[list[str]]:
    """The cells of the table with that head."""
    lines = iter(page.splitlines())
    if not any(line.startswith(head) for line in lines):
        raise ValueError(f"no table {head}")
    next(lines)
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]
