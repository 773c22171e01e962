"""Tenants: both functions have the one rule that was chosen, and the authorizer gives what it reads."""

from __future__ import annotations

from collections.abc import Iterator

from template.grants import grants
from template.properties.api import PREFLIGHT, ROUTE
from template.properties.functions import HANDLERS
from template.stack import Stack, dig

# The rule where none is given, by authorizer.
STANDARD = {"iam": "stack", "jwt": "claim:sub", "keys": "key", "none": "stack"}

# What the functions may do with the table of clients.
OF_CLIENTS = {"dynamodb:BatchGetItem"}

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


def keys_are_checked_if_chosen(stack: Stack) -> Iterator[str]:
    """By both functions, in the stack's table; without keys there is no table to pay for."""
    keys = stack.says("Auth", "keys")
    expected = {
        "PILOTLIGHT_AUTH": "keys" if keys else "gateway",
        "PILOTLIGHT_CLIENTS_TABLE": "${Clients}" if keys else None,
    }
    for id in HANDLERS:
        variables = dig(stack.properties(id), "Environment", "Variables")
        for name, value in expected.items():
            if variables.get(name) != value:
                yield f"{id}'s {name} is {variables.get(name)}, not {value}"
    if ("Clients" in stack.resources) != keys:
        yield f"there is {'no' if keys else 'a'} table of clients"


def clients_are_only_read(stack: Stack) -> Iterator[str]:
    """By the keys that a request or a batch names; nobody in the stack lists, makes or changes keys."""
    for grant in grants(stack):
        if grant.effect == "Allow" and "Clients" in grant.resource:
            if grant.resource != "${Clients.Arn}" or grant.action not in OF_CLIENTS:
                yield f"{grant.policy} allows {grant.action} on {grant.resource}"


PROPERTIES = (
    keys_are_checked_if_chosen,
    clients_are_only_read,
    both_functions_have_one_rule,
    the_authorizer_gives_what_the_rule_reads,
    a_new_rule_is_a_new_version,
)
