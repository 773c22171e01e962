"""cfn-lint sees what it is here for."""

from __future__ import annotations

import unittest

from template.lint import lint, write
from template.translate import translate


class LintTest(unittest.TestCase):
    def test_a_mistyped_action_and_a_property_that_does_not_exist_are_found(self) -> None:
        """Both only in what SAM made: cfn-lint does not look at the actions of SAM's source."""
        template = translate({})
        statement = {"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}
        role = template["Resources"]["ApiRole"]["Properties"]
        role["Policies"][0]["PolicyDocument"]["Statement"].append(statement)
        template["Resources"]["Results"]["Properties"]["BilingMode"] = "PAY_PER_REQUEST"
        file = write("planted", template)
        self.addCleanup(file.unlink)
        found = "\n".join(lint([file], ("W2001",)))
        self.assertIn("W3037", found)
        self.assertIn("BilingMode", found)
