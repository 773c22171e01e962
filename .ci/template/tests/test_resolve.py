"""CloudFormation's functions are evaluated as CloudFormation does."""

from __future__ import annotations

import unittest
from typing import Any

from template.resolve import NO_VALUE, Resolver
from template.rules import refusals
from template.sets import SETS, of_environment
from template.stack import Stack
from template.translate import source

TEMPLATE: dict[str, Any] = {
    "Parameters": {"Size": {"Type": "Number"}, "Many": {"Type": "CommaDelimitedList"}},
    "Mappings": {"Sizes": {"of": {"one": "small"}}},
    "Conditions": {
        "Small": {"Fn::Equals": [{"Ref": "Size"}, 1]},
        "Not": {"Fn::Not": [{"Condition": "Small"}]},
        "Both": {"Fn::And": [{"Condition": "Small"}, {"Condition": "Not"}]},
        "Either": {"Fn::Or": [{"Condition": "Small"}, {"Condition": "Not"}]},
    },
}


class ResolveTest(unittest.TestCase):
    def setUp(self) -> None:
        self.resolver = Resolver(TEMPLATE, {"Size": "1", "Many": "a, b"})

    def test_conditions(self) -> None:
        self.assertTrue(self.resolver.holds("Small"))
        self.assertFalse(self.resolver.holds("Not"))
        self.assertFalse(self.resolver.holds("Both"))
        self.assertTrue(self.resolver.holds("Either"))

    def test_functions(self) -> None:
        expected = (
            ({"Ref": "Size"}, "1"),
            ({"Ref": "Many"}, ["a", "b"]),
            ({"Ref": "Table"}, "${Table}"),
            ({"Fn::GetAtt": ["Table", "Arn"]}, "${Table.Arn}"),
            ({"Fn::Sub": "${Table.Arn}/${Size}/${!x}"}, "${Table.Arn}/1/${!x}"),
            ({"Fn::Sub": ["${own}-${Size}", {"own": {"Ref": "Table"}}]}, "${Table}-1"),
            ({"Fn::Join": ["/", [{"Ref": "Table"}, True]]}, "${Table}/true"),
            ({"Fn::Select": ["1", {"Fn::Split": [":", "a:b"]}]}, "b"),
            ({"Fn::FindInMap": ["Sizes", "of", "one"]}, "small"),
            ({"Fn::If": ["Small", {"a": 1}, "other"]}, {"a": 1}),
            ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
            ({"Fn::GetAZs": ""}, {"Fn::GetAZs": ""}),
        )
        for value, wanted in expected:
            with self.subTest(value=value):
                self.assertEqual(wanted, self.resolver.resolve(value))
        self.assertIs(NO_VALUE, self.resolver.resolve({"Fn::If": ["Not", 1, {"Ref": "AWS::NoValue"}]}))

    def test_only_an_attribute_may_lack_a_part(self) -> None:
        parts = {"Fn::Split": ["/", {"Fn::GetAtt": ["Url", "FunctionUrl"]}]}
        self.assertEqual({"Fn::Select": [2, ["${Url.FunctionUrl}"]]}, self.resolver.resolve({"Fn::Select": [2, parts]}))
        with self.assertRaises(IndexError):
            self.resolver.resolve({"Fn::Select": [2, {"Ref": "Many"}]})

    def test_an_unknown_condition_is_an_error(self) -> None:
        with self.assertRaisesRegex(ValueError, "unknown condition"):
            self.resolver.holds({"Fn::Magic": []})


class RulesTest(unittest.TestCase):
    """The template's own rules: what cannot be deployed is refused before anything is made."""

    def test_every_set_is_taken(self) -> None:
        for name, values in SETS.items():
            with self.subTest(set=name):
                self.assertEqual([], refusals(values))

    def test_what_is_contradictory_or_incomplete_is_refused(self) -> None:
        for values in (
            {"StartMode": "snapstart"},
            {"BatchSource": "queue", "BatchReservedConcurrency": "5"},
            {"BreakerUsdPerHour": "5", "Metrics": "off"},
            {"Auth": "jwt"},
            {"Auth": "jwt", "JwtIssuer": "https://issuer.example.com"},
            {"Cache": "existing"},
            {"CachePasswordSecret": "cache"},
            {
                **SETS["existing-cache"],
                "CachePasswordSecret": "cache",
            },
            {"DomainName": "inference.example.com"},
            {"Alarms": "all"},
            of_environment("production"),
            of_environment("busy"),
            {**SETS["jwt"], "Door": "url"},
            {"Door": "url", "TenantFrom": "cognito"},
            {"ArchiveTiers": "true", "BatchRetentionDays": "30"},
            {**SETS["own-domain"], "Door": "url"},
            {"BatchFanOutBytes": "1000"},
            {"BatchFanOutBytes": "1000", "BatchFanOutConcurrency": "50"},
            {"ModelsLock": "0123456789abcdef0123456789abcdef"},
        ):
            with self.subTest(values=values):
                self.assertNotEqual([], refusals(values))

    def test_a_set_of_an_unknown_parameter_is_an_error(self) -> None:
        with self.assertRaisesRegex(ValueError, "has no parameter Runtimes"):
            refusals({"Runtimes": "java25"})
        with self.assertRaisesRegex(ValueError, "Runtime cannot be java8"):
            refusals({"Runtime": "java8"})


class SetsTest(unittest.TestCase):
    def test_every_value_of_a_choice_is_in_a_set(self) -> None:
        """But of those that are handed on as they are."""
        handed_on = {"Answer", "BatchRetentionDays", "Store", "Deployment", "LogRetentionDays"}
        for name, parameter in source()["Parameters"].items():
            if name in handed_on:
                continue
            for value in parameter.get("AllowedValues", []):
                with self.subTest(parameter=name, value=value):
                    self.assertIn(str(value), {Stack.of(each).values[name] for each in SETS})
