"""Quiet months: how often alarms page though nothing is wrong."""

from __future__ import annotations

from collections import Counter

from template.simulation.quiet import quiet
from template.simulation.run import alarms, begins, on_in
from template.simulation.series import DAY
from template.stack import Stack

STEP = 5  # minutes between evaluations


def false_pages(stack: Stack, requests: float, days: int, seed: int) -> Counter[str]:
    """Pages in so many quiet days, by who pages.

    :param requests: a minute, on average
    """
    world = quiet(requests, days, seed)
    minutes = range(0, days * DAY, STEP)
    on = {id: on_in(alarm, world, minutes) for id, alarm in alarms(stack).items()}
    return Counter({id: len(starts) for id, starts in begins(stack, on, minutes).items()})
