"""When an alarm is on: period, M of N, missing data, threshold or band.

CloudWatch evaluates an alarm every minute, of the periods that end then. If periods have no value
it looks further back: for three periods it takes five (its documentation's example); here two more
than the alarm's for any number.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

from template.simulation import expression
from template.simulation.expression import Value
from template.simulation.series import DAY, Metric, World

FURTHER_BACK = 2
COMPARISONS = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanUpperThreshold": operator.gt,
}
FILLED = {"notBreaching": False, "breaching": True}


def breaches(points: Sequence[bool | None], needed: int, periods: int, missing: str) -> bool:
    """Whether the alarm is on, of the points of its evaluation range, the oldest first."""
    if missing not in FILLED:
        raise ValueError(f"unknown treatment of missing data {missing}")
    real = [point for point in points if point is not None]
    judged = real[-periods:] + [FILLED[missing]] * (periods - len(real))
    return sum(judged) >= needed


class Alarm:
    """A metric alarm of a stack."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        self.periods = int(properties["EvaluationPeriods"])
        self.needed = int(properties.get("DatapointsToAlarm", self.periods))
        self.missing = properties["TreatMissingData"]
        self.compare = COMPARISONS[properties["ComparisonOperator"]]
        queries = properties.get("Metrics") or [{"Id": "m", "MetricStat": _plain(properties)}]
        stats = {each["Id"]: each["MetricStat"] for each in queries if "MetricStat" in each}
        self.stats = {id: (Metric.of(stat["Metric"]), stat["Stat"]) for id, stat in stats.items()}
        self.expressions = {
            each["Id"]: expression.parse(each["Expression"]) for each in queries if "Expression" in each
        }
        (period,) = {int(stat["Period"]) for stat in stats.values()}
        self.minutes = period // 60
        self.band = self.expressions.pop(properties.get("ThresholdMetricId"), None)
        self.threshold = None if self.band else float(properties["Threshold"])
        returned = [
            each["Id"]
            for each in queries
            if str(each.get("ReturnData", True)).lower() == "true"
            and each["Id"] != properties.get("ThresholdMetricId")
        ]
        if len(returned) != 1:
            raise ValueError(f"returns {returned}")
        self.judged = returned[0]

    def on(self, world: World, now: int) -> bool:
        points = [
            self._point(world, now - back * self.minutes, now)
            for back in range(self.periods + FURTHER_BACK, 0, -1)
        ]
        return breaches(points, self.needed, self.periods, self.missing)

    def _point(self, world: World, begin: int, now: int) -> bool | None:
        value = self._value(world, self.judged, begin, now)
        threshold = self._upper(world, begin) if self.band else self.threshold
        return None if value is None or threshold is None else self.compare(value, threshold)

    def _value(self, world: World, id: str, begin: int, now: int) -> Value:
        if id in self.expressions:
            return expression.value(
                self.expressions[id], lambda other: self._value(world, other, begin, now)
            )
        metric, stat = self.stats[id]
        return world.of[metric].over(begin, self.minutes, stat, now)

    def _upper(self, world: World, begin: int) -> Value:
        function, (judged,), (width,) = self.band
        if function != "ANOMALY_DETECTION_BAND" or judged != self.judged:
            raise ValueError(f"{function} of {judged} is no band of {self.judged}")
        metric, stat = self.stats[judged]
        learned = world.of[metric].band(begin % DAY // 5 * 5, self.minutes, stat)
        return None if learned is None else learned[0] + width * learned[1]


def _plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    """An alarm on one metric, in the form of one with expressions."""
    return {"Metric": properties, "Period": properties["Period"], "Stat": properties["Statistic"]}
