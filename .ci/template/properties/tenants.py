"""Tenants: both functions have the one rule that was chosen, and the authorizer gives what it reads."""

from __future__ import annotations

from collections.abc import Iterator

from template.properties.api import PREFLIGHT, ROUTE
from template.properties.functions import HANDLERS
from template.stack import Stack, dig

# The rule where none is given, by authorizer.
STANDARD = {"iam": "stack", "jwt": "claim:sub", "none": "stack"}

# The authorizer that gives what a rule reads; the rule `stack` reads nothing.
SOURCES = {"principal": "AWS_IAM", "cognito": "AWS_IAM", "claim": "JWT"}


def both_functions_have_one_rule(stack: Stack) -> Iterator[str]:
    """With two, a caller would not find the results of its own batches, or would find another's."""
    expected = {
        "PILOTLIGHT_TENANT_FROM": stack.values["TenantFrom"] or STANDARD[stack.values["Auth"]],
        "PILOTLIGHT_BATCH_TENANT_FROM": stack.values["BatchTenantFrom"],
    }
    for id in HANDLERS:
        for name, value in expected.items():
            found = dig(stack.properties(id), "Environment", "Variables", name)
            if found != value:
                yield f"{id}'s {name} is {found}, not {value}"


def the_authorizer_gives_what_the_rule_reads(stack: Stack) -> Iterator[str]:
    """Else every caller would get a 403."""
    for id in HANDLERS:
        rule = str(dig(stack.properties(id), "Environment", "Variables", "PILOTLIGHT_TENANT_FROM"))
        wanted = SOURCES.get(rule.partition(":")[0])
        for route, properties in stack.of_type(ROUTE):
            found = properties.get("AuthorizationType")
            if wanted not in (None, found) and properties["RouteKey"] != PREFLIGHT:
                yield f"{id} reads tenants from {rule}, and {route} authorises by {found}"


def a_new_rule_is_a_new_version(stack: Stack) -> Iterator[str]:
    """`live` runs a version: one that stays as it is keeps the rule it had."""
    for id, version in stack.of_type("AWS::Lambda::Version"):
        for name in ("TenantFrom", "BatchTenantFrom"):
            value = stack.values[name]
            if value and value not in str(version.get("Description")):
                yield f"{id} stays when {name} changes"


PROPERTIES = (
    both_functions_have_one_rule,
    the_authorizer_gives_what_the_rule_reads,
    a_new_rule_is_a_new_version,
)
