"""Metrics as CloudWatch has them: a value a minute, known some minutes after it.

Minute 0 is midnight of the day that is simulated; negative minutes are the days before.
"""

from __future__ import annotations

import functools
import statistics
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

DAY = 1_440
LAG = 1  # minutes until a value is known, unless a scenario says otherwise


class Metric(NamedTuple):
    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]

    @staticmethod
    def of(stat: Mapping[str, Any]) -> Metric:
        """The metric that an alarm, or a `Metric` in it, names."""
        dimensions = frozenset((each["Name"], each["Value"]) for each in stat.get("Dimensions", []))
        return Metric(stat["Namespace"], stat["MetricName"], dimensions)


class Series:
    """One metric's values by minute, and when those are known that come late."""

    def __init__(self) -> None:
        self.values: dict[int, float] = {}
        self.late: dict[int, int] = {}

    def over(self, begin: int, minutes: int, stat: str, now: int) -> float | None:
        """The statistic of the minutes from begin on, of what is known now.

        The p99 of a period is taken as the highest of its minutes: not below the true one.
        """
        found = [
            self.values[minute]
            for minute in range(begin, begin + minutes)
            if minute in self.values and minute + self.late.get(minute, LAG) <= now
        ]
        if not found:
            return None
        if stat == "Sum":
            return sum(found)
        if stat in ("Maximum", "p99"):
            return max(found)
        raise ValueError(f"unknown statistic {stat}")

    @functools.lru_cache(maxsize=None)
    def band(self, minute: int, minutes: int, stat: str) -> tuple[float, float] | None:
        """Mean and standard deviation at that minute of the day, or up to ten minutes from it, in the
        two weeks before: the stand-in for what CloudWatch learns, whose model is not published."""
        begins = (day * DAY + minute + off for day in range(-14, 0) for off in range(-10, 11, 5))
        found = [one for each in begins if (one := self.over(each, minutes, stat, 0)) is not None]
        return (statistics.mean(found), statistics.pstdev(found)) if len(found) > 1 else None


class World:
    """All metrics of a scenario; one that nobody writes has no values."""

    def __init__(self) -> None:
        self.of: dict[Metric, Series] = defaultdict(Series)

    def copy(self) -> World:
        other = World()
        for metric, series in self.of.items():
            other.of[metric].values = dict(series.values)
        return other
