"""Parameters and samconfig.toml let a first deploy work, and planted mistakes are found."""

from __future__ import annotations

import unittest
from typing import Any

from template.properties.written import (
    a_failed_first_deploy_is_deleted,
    both_doors_take_the_same_browsers,
    config,
    nothing_hidden_has_a_default,
)
from template.sets import SETS, of_environment
from template.translate import source, translate


class WrittenTest(unittest.TestCase):
    def test_no_parameter_of_the_template_or_of_a_set_is_hidden_with_a_default(self) -> None:
        self.assertEqual([], list(nothing_hidden_has_a_default(source())))
        for name, values in SETS.items():
            with self.subTest(set=name):
                self.assertEqual([], list(nothing_hidden_has_a_default(translate(values))))

    def test_a_hidden_parameter_with_an_empty_default_is_found(self) -> None:
        template = source()
        template["Parameters"]["CachePassword"] = {"Type": "String", "NoEcho": True, "Default": ""}
        found = list(nothing_hidden_has_a_default(template))
        self.assertEqual(["CachePassword is hidden, and its default cannot be chosen"], found)

    def test_both_doors_take_the_same_browsers(self) -> None:
        template = source()
        self.assertEqual([], list(both_doors_take_the_same_browsers(template)))
        cors = template["Resources"]["ApiUrl"]["Properties"]["Cors"]["Fn::If"][1]
        cors["AllowHeaders"].remove("authorization")
        self.assertEqual(1, len(list(both_doors_take_the_same_browsers(template))))

    def test_a_failed_first_deploy_is_deleted(self) -> None:
        self.assertEqual([], list(a_failed_first_deploy_is_deleted(config())))

    def test_an_environment_that_keeps_a_failed_stack_is_found(self) -> None:
        planted: tuple[dict[str, Any], ...] = (
            {"version": 0.1},
            {"default": {"deploy": {"parameters": {"stack_name": "pilotlight"}}}},
            {"default": {"deploy": {"parameters": {"on_failure": "ROLLBACK"}}}},
            {**config(), "production": {"deploy": {"parameters": {}}}},
        )
        for each in planted:
            with self.subTest(config=each):
                self.assertEqual(1, len(list(a_failed_first_deploy_is_deleted(each))))

    def test_production_has_provisioned_concurrency_on_the_alias(self) -> None:
        template = translate(of_environment("production"))
        alias = template["Resources"]["ApiFunctionAliaslive"]["Properties"]
        self.assertIn("ProvisionedConcurrencyConfig", str(alias))
        self.assertEqual("provisioned", template["Parameters"]["StartMode"]["Default"])
