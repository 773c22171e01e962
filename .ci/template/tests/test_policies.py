"""The policy review says what the template grants, no more and no less."""

from __future__ import annotations

import unittest

from template.grants import Grant
from template.paths import POLICIES
from template.policies import disagreements, granted, row_of


class PoliciesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.text = POLICIES.read_text(encoding="utf-8")

    def test_the_review_is_what_the_template_grants(self) -> None:
        self.assertEqual([], disagreements(self.text, granted()))

    def test_a_new_action_needs_a_row(self) -> None:
        new = Grant("ApiRole", "ApiRole", "Allow", "s3:DeleteBucket", "${In.Arn}", "")
        self.assertEqual(
            [f"no row for {row_of(new)}"], disagreements(self.text, (*granted(), new))
        )

    def test_a_denial_that_lost_its_condition_is_another_row(self) -> None:
        lost = tuple(each._replace(condition="") for each in granted())
        self.assertNotEqual([], disagreements(self.text, lost))

    def test_a_row_needs_an_action(self) -> None:
        gone = granted()[0]
        found = disagreements(self.text, granted()[1:])
        self.assertEqual([f"nothing grants {row_of(gone)}"], found)

    def test_a_row_needs_a_reason(self) -> None:
        row = row_of(granted()[0], "because")
        bare = f"## `{granted()[0].policy}`\n\n{row_of(granted()[0])}\n"
        self.assertEqual([], disagreements(bare.replace(row_of(granted()[0]), row), granted()[:1]))
        self.assertEqual(1, len(disagreements(bare, granted()[:1])))
