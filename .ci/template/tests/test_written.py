"""Parameters and samconfig.toml let a first deploy work, and planted mistakes are found."""

from __future__ import annotations

import unittest
from typing import Any

from template.properties.written import (
    WHOLE,
    a_failed_first_deploy_is_deleted,
    both_doors_take_the_same_browsers,
    config,
    nothing_hidden_has_a_default,
    presets_are_whole,
)
from template.sets import ADDRESS, DEFAULT, PRESETS, SETS, STARTER, of_environment
from template.stack import Stack
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

    def test_presets_are_whole(self) -> None:
        self.assertEqual([], list(presets_are_whole(config())))

    def test_a_preset_that_is_not_whole_is_found(self) -> None:
        for key in (*WHOLE, "stack_name", "parameter_overrides"):
            for name in PRESETS.values():
                planted = config()
                del planted[name]["deploy"]["parameters"][key]
                with self.subTest(key=key, name=name):
                    self.assertNotEqual([], list(presets_are_whole(planted)))
        for key, value in (
            ("parameter_overrides", "Cache=create StartMode=provisioned"),
            ("parameter_overrides", ["Cache"]),
            ("parameter_overrides", ["Cache=create", "Cache=none"]),
            ("stack_name", "pilotlight"),
            ("tags", "service=pilotlight"),
        ):
            planted = config()
            planted["production"]["deploy"]["parameters"][key] = value
            with self.subTest(key=key, value=value):
                self.assertNotEqual([], list(presets_are_whole(planted)))
        without = config()
        del without["busy"]
        self.assertEqual(["the environments are ['default', 'production']"], list(presets_are_whole(without)))

    def test_starter_is_what_the_template_makes_without_parameters(self) -> None:
        self.assertEqual(Stack.of(DEFAULT).values, Stack.of(STARTER).values)
        self.assertEqual(Stack.of(DEFAULT).resources, Stack.of(STARTER).resources)

    def test_the_checks_add_no_parameter_but_the_address(self) -> None:
        for name, environment in PRESETS.items():
            added = set(SETS[name].items()) - set(of_environment(environment).items())
            self.assertLessEqual(added, set(ADDRESS.items()))
