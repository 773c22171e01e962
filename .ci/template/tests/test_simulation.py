"""The evaluator does what CloudWatch documents, and refuses what it does not understand."""

from __future__ import annotations

import unittest

from template.documented import simulated
from template.sets import DEFAULT
from template.simulation.expression import parse, value
from template.simulation.judge import Alarm, breaches
from template.simulation.quiet import METRICS
from template.simulation.run import alarms, composite, firing, on_in, rows, spans
from template.simulation.scenarios import SCENARIOS, world
from template.simulation.series import Metric, World
from template.stack import Stack

BUSY = {"ApiBusy"}  # it is on before noon already


class SimulationTest(unittest.TestCase):
    def test_missing_data_is_treated_as_in_the_documentation_s_examples(self) -> None:
        """CloudWatch's guide, "Configuring how CloudWatch alarms treat missing data"; its last five
        points, the oldest first; M, then whether the alarm is on if they breach, and if not."""
        examples = (
            ("0-X-X", 3, False, False),
            ("0----", 3, False, False),
            ("-----", 3, True, False),
            ("0XX-X", 3, True, True),
            ("--X--", 3, True, False),
            ("0-X-X", 2, True, True),
            ("00X0X", 2, True, True),
            ("0-X--", 2, True, False),
            ("----0", 2, True, False),
            ("---X-", 2, True, False),
        )
        for text, needed, breaching, not_breaching in examples:
            with self.subTest(points=text, needed=needed):
                points = [{"0": False, "X": True, "-": None}[each] for each in text]
                self.assertEqual(breaching, breaches(points, needed, 3, "breaching"))
                self.assertEqual(not_breaching, breaches(points, needed, 3, "notBreaching"))

    def test_expressions(self) -> None:
        values = {"a": 2.0, "b": 3.0, "none": None, "zero": 0.0}
        for text, expected in {
            "a + b * 2": 8,
            "(a + b) * 2": 10,
            "b - a - 1": 0,
            "a / zero": None,
            "a > 1 AND b > 3 OR b == 3": True,
            "a + none": None,
            "a + FILL(none, 0)": 2,
            "FILL(a, 0)": 2,
            "IF(a >= 2, b, 0)": 3,
            "IF(a > 2, b, 0)": 0,
            "IF(none > 2, b, 0)": None,
            "1.5 * a": 3,
        }.items():
            with self.subTest(text=text):
                self.assertEqual(expected, value(parse(text), values.__getitem__))

    def test_what_is_not_understood_is_refused(self) -> None:
        for text in ("RATE(a)", "FILL(a, REPEAT", "a +", "a b", "a ^ 2", "FILL(a)", "NOT(a)", "", "a[1]"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                parse(text)
        with self.assertRaises(KeyError):
            value(parse("FILL(a, REPEAT)"), {"a": None}.__getitem__)
        with self.assertRaises(ValueError):
            value(parse("ANOMALY_DETECTION_BAND(a, 2)"), {"a": 1.0}.__getitem__)
        with self.assertRaises(ValueError):
            breaches([None], 1, 1, "ignore")
        plain = {
            "Namespace": "N",
            "MetricName": "M",
            "Dimensions": [],
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "Statistic": "Sum",
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
        }
        one = World()
        one.of[Metric.of(plain)].values[1] = 2
        self.assertTrue(Alarm(plain).on(one, 2))
        with self.assertRaises(ValueError):
            Alarm({**plain, "Statistic": "SampleCount"}).on(one, 2)
        with self.assertRaises(KeyError):
            Alarm({**plain, "ComparisonOperator": "LessThanThreshold"})

    def test_a_composite_is_of_its_parts(self) -> None:
        parts = {"A": (True, True, False), "B": (True, False, False), "C": (False, False, True)}
        rule = 'ALARM("${A}") AND ALARM("${B}") OR ALARM("${C}")'
        self.assertEqual((True, False, True), composite(rule, parts))
        with self.assertRaises((ValueError, KeyError)):
            composite('NOT ALARM("${A}")', parts)
        with self.assertRaises((ValueError, KeyError)):
            composite('OK("${A}")', parts)

    def test_every_alarm_is_on_in_a_scenario(self) -> None:
        stack = Stack.of("all-alarms")
        seen = {id for name in SCENARIOS if not name.startswith("quiet") for id in firing(stack, name)}
        self.assertEqual(BUSY, set(alarms(stack)) - seen)

    def test_the_gateway_need_not_write_zeros(self) -> None:
        """The alarm begins as it does with them; it may end later."""
        alarm = alarms(Stack.of("all-alarms"))["GatewayErrors"]
        for name in ("quiet day", "10 % errors", "silent gateway failure", "only-if-cached"):
            with self.subTest(scenario=name):
                without = world(name)
                series = without.of[METRICS["gateway.5xx"]]
                series.values = {minute: count for minute, count in series.values.items() if count}
                minutes = spans(name)[::5]
                first = (*on_in(alarm, world(name), minutes), True).index(True)
                self.assertEqual(first, (*on_in(alarm, without, minutes), True).index(True))

    def test_a_lost_permission_of_a_url_needs_twenty_requests(self) -> None:
        """In the period: of fewer, all may be of strangers."""
        url = METRICS["url.requests"]
        for form, period in (("url", 15), ("busy-url", 5)):
            alarm = alarms(Stack.of(form))["GatewayErrors"]
            for count, expected in ((19, False), (20, True), (200, True)):
                with self.subTest(set=form, requests=count):
                    lost = World()
                    lost.of[url].values.update({back * period: count for back in range(3)})
                    self.assertEqual((expected,), on_in(alarm, lost, (3 * period,)))

    def test_decision_31_has_every_scenario(self) -> None:
        self.assertEqual(list(SCENARIOS), list(simulated()))
        page = rows(Stack.of(DEFAULT), Stack.of("all-alarms"))
        self.assertEqual(len(SCENARIOS) + 2, len(page))
