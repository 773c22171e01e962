"""The template that is translated beforehand."""

from __future__ import annotations

import unittest
from typing import Any

from template.fixed import BUCKET, FUNCTIONS, KEY, fixed
from template.sets import BUSY, SETS, STARTER
from template.translate import Template, source, translate


def _without_versions(value: Any, versions: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {versions.get(k, k): _without_versions(v, versions) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_versions(each, versions) for each in value]
    return versions.get(value, value) if isinstance(value, str) else value


def _versions(template: Template) -> dict[str, str]:
    """The ids of the functions' versions, each with a name that stays."""
    ids = [id for id, each in template["Resources"].items() if each["Type"] == "AWS::Lambda::Version"]
    return {id: next(f for f in FUNCTIONS if id.startswith(f)) + "Version" for id in ids}


class FixedTest(unittest.TestCase):
    def test_it_has_the_resources_of_the_translation(self) -> None:
        for name in (STARTER, BUSY):
            template, other = fixed(SETS[name], "digest"), translate(SETS[name])
            expected = _without_versions(other["Resources"], _versions(other))
            found = _without_versions(template["Resources"], _versions(template))
            for function in FUNCTIONS:
                place = found[function]["Properties"].pop("Code")
                self.assertEqual(place, {"S3Bucket": {"Ref": BUCKET}, "S3Key": {"Ref": KEY}})
                expected[function]["Properties"].pop("Code")
            self.assertEqual(found, expected)
            self.assertNotIn("Transform", template)

    def test_parameters_inlined_by_the_translator_are_fixed(self) -> None:
        template = fixed({"Deployment": "AllAtOnce", "MemorySize": "3008"}, "digest")
        written = source()["Parameters"]
        self.assertEqual(set(template["Parameters"]), {*written, BUCKET, KEY})
        changed = {name for name in written if template["Parameters"][name] != written[name]}
        self.assertEqual(changed, {"Deployment", "MemorySize"})
        self.assertEqual(template["Parameters"]["Deployment"]["AllowedValues"], ["AllAtOnce"])
        self.assertEqual(template["Parameters"]["MemorySize"], {**written["MemorySize"], "Default": "3008"})

    def test_no_other_parameter_changes_the_translation(self) -> None:
        first, other = fixed({}, "digest"), fixed({k: v for k, v in SETS[BUSY].items() if k != "Deployment"}, "digest")
        self.assertEqual(first["Resources"], other["Resources"])

    def test_another_package_makes_other_versions(self) -> None:
        first = set(_versions(fixed({}, "a")))
        self.assertEqual(len(first), len(FUNCTIONS))
        self.assertEqual(first, set(_versions(fixed({}, "a"))))
        self.assertTrue(first.isdisjoint(_versions(fixed({}, "b"))))

    def test_unknown_parameters_are_refused(self) -> None:
        with self.assertRaises(ValueError):
            fixed({"Memory": "3008"}, "digest")


if __name__ == "__main__":
    unittest.main()
