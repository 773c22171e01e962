"""One rule for tenants, under every preset: with each authorizer, for the API and batches together."""

from __future__ import annotations

import itertools
import unittest
from collections.abc import Iterator, Mapping

from template.properties import functions, tenants
from template.rules import refusals
from template.sets import PRESETS, SETS
from template.stack import Stack

JWT = {"JwtIssuer": "https://issuer.example.com", "JwtAudience": "pilotlight"}
AUTHS: tuple[Mapping[str, str], ...] = (
    {},
    {"Auth": "iam"},
    {"Auth": "jwt", **JWT},
    {"Auth": "keys"},
    {"Auth": "none"},
)
RULES = ("", "stack", "principal", "cognito", "key", "claim:custom:tenant")
BATCHES = ("stack", "folder")

# What callers of an authorizer have: the rules that can be read from it.
READABLE = {
    "iam": {"", "stack", "principal", "cognito"},
    "jwt": {"", "stack", "claim:custom:tenant"},
    "keys": {"", "key"},
    "none": {"", "stack"},
}


def choices() -> Iterator[dict[str, str]]:
    """Every choice of authorizer, rule and owner of batches; what is empty is not given."""
    for auth, rule, batch in itertools.product(AUTHS, RULES, BATCHES):
        yield {**auth, **({"TenantFrom": rule} if rule else {}), "BatchTenantFrom": batch}


def possible(choice: Mapping[str, str]) -> bool:
    """Whether callers have what the rule reads, and folders can be tenants."""
    auth, rule = choice.get("Auth", "iam"), choice.get("TenantFrom", "")
    shared = (rule or tenants.STANDARD[auth]) == "stack"
    return rule in READABLE[auth] and not (shared and choice["BatchTenantFrom"] == "folder")


class TenantsTest(unittest.TestCase):
    def test_what_is_possible_is_deployed_with_one_rule_and_the_rest_is_refused(self) -> None:
        made = 0
        for preset in PRESETS:
            for choice in choices():
                values = {**SETS[preset], **choice}
                with self.subTest(preset=preset, choice=choice):
                    self.assertEqual(possible(choice), refusals(values) == [])
                    if possible(choice):
                        made += 1
                        stack = Stack.made(preset, values)
                        for property in tenants.PROPERTIES:
                            self.assertEqual([], list(property(stack)))
        self.assertEqual(len(PRESETS) * 23, made)

    def test_the_longest_description_fits_with_keys(self) -> None:
        longest = {name: value for name, value in SETS["locked-models"].items() if name not in JWT}
        values = {
            **SETS["existing-cache"],
            **longest,
            "Auth": "keys",
            "TenantFrom": "key",
            "Plans": "plans.json",
            "LimitsEnvironments": "10000",
            "OperatorTenant": "t" * 40,
            "BatchFanOutBytes": "5000000000000",
            "BatchFanOutConcurrency": "5",
            "BatchShardLines": "1000000",
            "BatchShardBytes": "5000000000",
            "BatchRetentionDays": "365",
        }
        self.assertEqual([], refusals(values))
        self.assertEqual([], list(functions.another_lock_is_another_version(Stack.made("longest", values))))

    def test_presets_share_all_results_unless_another_rule_is_chosen(self) -> None:
        for preset in PRESETS:
            variables = Stack.of(preset).properties("BatchFunction")["Environment"]["Variables"]
            with self.subTest(preset=preset):
                self.assertEqual("stack", variables["PILOTLIGHT_TENANT_FROM"])
                self.assertEqual("stack", variables["PILOTLIGHT_BATCH_TENANT_FROM"])
                self.assertEqual(
                    "AWS_IAM", Stack.of(preset).properties("EverythingRoute")["AuthorizationType"]
                )
