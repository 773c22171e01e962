"""Runs the scenarios through a stack's alarms: which are on when, and who is paged."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from template.simulation import expression
from template.simulation.judge import Alarm
from template.simulation.scenarios import NOON, SCENARIOS, world
from template.simulation.series import DAY, World
from template.stack import Stack

BEFORE = 30  # minutes before noon
AFTER = 330
MEMBER = re.compile(r'ALARM\("\$\{(\w+)}"\)')

On = tuple[bool, ...]
_worlds = functools.cache(world)


def spans(name: str) -> range:
    """The minutes that are evaluated: a quiet day as a whole, else the hours around noon."""
    return range(0, DAY) if name.startswith("quiet") else range(NOON - BEFORE, NOON + AFTER)


def _on(alarm: str, scenario: str, stack: Stack) -> On:
    # for the cache: the worlds differ in this queue only
    return _judged(alarm, scenario, stack.says("BatchSource", "queue") and "${BatchFailures." in alarm)


@functools.cache
def _judged(alarm: str, scenario: str, queued: bool) -> On:
    return on_in(alarm, _worlds(scenario, queued), spans(scenario))


def on_in(alarm: str, world: World, minutes: Iterable[int]) -> On:
    """Whether the alarm, written in JSON, is on in each of these minutes."""
    judge = Alarm(json.loads(alarm))
    return tuple(judge.on(world, minute) for minute in minutes)


def alarms(stack: Stack) -> dict[str, str]:
    """The metric alarms, in JSON; those of a deployment aside, which need one."""
    return {
        id: json.dumps(alarm, sort_keys=True)
        for id, alarm in stack.of_type("AWS::CloudWatch::Alarm")
        if not id.removesuffix("Answers").endswith("Rollback")
    }


def composite(rule: str, parts: Mapping[str, On]) -> On:
    """Of the states of its parts; `NOT` and other states are refused."""
    return _composite(rule, tuple((id, parts[id]) for id in MEMBER.findall(rule)))


@functools.cache
def _composite(rule: str, parts: tuple[tuple[str, On], ...]) -> On:
    tree = expression.parse(MEMBER.sub(r"\1", rule))
    ids = [id for id, _ in parts]
    return tuple(
        bool(expression.value(tree, dict(zip(ids, map(float, states))).__getitem__))
        for states in zip(*(on for _, on in parts), strict=True)
    )


def pages(stack: Stack, scenario: str) -> dict[str, list[int]]:
    """Who notifies somebody, in which minutes after noon."""
    on = {id: _on(alarm, scenario, stack) for id, alarm in alarms(stack).items()}
    return begins(stack, on, spans(scenario))


def begins(stack: Stack, on: dict[str, On], minutes: range) -> dict[str, list[int]]:
    for id, one in stack.of_type("AWS::CloudWatch::CompositeAlarm"):
        on[id] = composite(one["AlarmRule"], on)
    found = {}
    for id, states in on.items():
        if stack.properties(id).get("AlarmActions"):
            starts = [
                minutes[i] - NOON
                for i, state in enumerate(states)
                if state and not (i and states[i - 1])
            ]
            if starts:
                found[id] = starts
    return found


def firing(stack: Stack, scenario: str) -> dict[str, int]:
    """The alarms that go on, and the first minute after noon."""
    found = {}
    for id, alarm in alarms(stack).items():
        states = _on(alarm, scenario, stack)
        if True in states and not states[0]:
            found[id] = spans(scenario)[states.index(True)] - NOON
    return found


def rows(few: Stack, all: Stack) -> list[str]:
    """The table: for each scenario who pages, and which alarms are on, by minutes after noon."""
    found = ["| metrics | `Alarms=few` pages | `Alarms=all` pages | alarms of `all` that are on |", "|---|---|---|---|"]
    for name in SCENARIOS:
        cells = [cell(pages(few, name)), cell(pages(all, name)), cell(firing(all, name))]
        found.append("| " + " | ".join([name, *cells]) + " |")
    return found


def cell(found: Mapping[str, Any]) -> str:
    """Who, and when."""
    texts = [
        f"`{id}` {', '.join(str(each) for each in (at if isinstance(at, list) else [at]))}"
        for id, at in sorted(found.items(), key=lambda one: str(one[0]))
    ]
    return ", ".join(texts) or "–"
