"""Tenants: both functions have the one rule that was chosen, and the authorizer gives what it reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from template.grants import grants
from template.properties.api import PREFLIGHT, ROUTE
from template.properties.functions import HANDLERS
from template.stack import Stack, dig

# The rule where none is given, by authorizer.
STANDARD = {"iam": "stack", "jwt": "claim:sub", "keys": "key", "none": "stack"}

# What the functions may do with the table of clients, with the condition that must narrow it.
OF_CLIENTS = {
    "dynamodb:BatchGetItem": "",
    "dynamodb:DeleteItem": "dynamodb:LeadingKeys",
    "dynamodb:Query": "dynamodb:LeadingKeys",
    "dynamodb:UpdateItem": "dynamodb:LeadingKeys",
}

# The partitions of counters: none of a tenant or a key, which `expires_at` would delete.
OF_COUNTERS = {"counts#*", "usage#*"}

# The partitions of the batches that run and wait.
OF_BATCHES = {"batches#*"}

# The attributes by which a key or a tenant lets somebody in, or more.
OF_ACCESS = {"state", "plan", "generation", "models", "routes", "expires", "tenant", "*"}

# The authorizer that gives what a rule reads; the rule `stack` reads nothing.
SOURCES = {"principal": "AWS_IAM", "cognito": "AWS_IAM", "claim": "JWT"}


def both_functions_have_one_rule(stack: Stack) -> Iterator[str]:
    """With two, a caller would not find the results of its own batches, or would find another's."""
    expected = {
        "PILOTLIGHT_TENANT_FROM": stack.values["TenantFrom"] or STANDARD[stack.values["Auth"]],
        "PILOTLIGHT_BATCH_TENANT_FROM": stack.values["BatchTenantFrom"],
    }
    yield from _other_variables(stack, expected)


def _other_variables(stack: Stack, expected: Mapping[str, str | None]) -> Iterator[str]:
    """Variables of either function that are not as expected; None for one that is not set."""
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
    yield from _other_variables(stack, expected)
    if ("Clients" in stack.resources) != keys:
        yield f"there is {'no' if keys else 'a'} table of clients"


def only_counters_of_clients_are_written(stack: Stack) -> Iterator[str]:
    """Nobody in the stack makes or changes a key or a tenant, nor deletes a counter.

    The batch function counts only where folders name tenants with keys.
    """
    counted = stack.says("Auth", "keys") and stack.says("BatchTenantFrom", "folder")
    for grant in grants(stack):
        if grant.effect != "Allow" or "Clients" not in grant.resource:
            continue
        narrowed = "PrincipalArn" in grant.condition or OF_CLIENTS.get(grant.action, "-") in grant.condition
        if grant.resource != "${Clients.Arn}" or not narrowed or grant.action not in OF_CLIENTS:
            yield f"{grant.policy} allows {grant.action} on {grant.resource}"
        elif OF_ACCESS & set(re.findall(r"[\w*]+", grant.condition.partition("Attributes")[2])):
            yield f"{grant.policy} allows {grant.action} of {grant.condition}"
        if "LeadingKeys" in grant.condition:
            partitions = set(grant.condition.partition("LeadingKeys ")[2].partition(";")[0].split(" or "))
            mine = OF_COUNTERS if "ApiRole" in grant.who else OF_COUNTERS | OF_BATCHES
            if not partitions <= (OF_BATCHES if grant.action == "dynamodb:DeleteItem" else mine):
                yield f"{grant.policy} allows {grant.action} in {sorted(partitions)}"
            changes = grant.action == "dynamodb:UpdateItem" and partitions & OF_COUNTERS
            if changes and "dynamodb:Attributes" not in grant.condition:
                yield f"{grant.policy} allows {grant.action} of every attribute"
        if grant.action != "dynamodb:BatchGetItem" and "BatchRole" in grant.who + grant.condition and not counted:
            yield f"batches may {grant.action}"


def batches_that_wait_are_looked_for(stack: Stack) -> Iterator[str]:
    """Else nothing starts them after a kill. Without tenants of keys no batch waits."""
    expected = "rate(5 minutes)" if stack.says("Auth", "keys") and stack.says("BatchTenantFrom", "folder") else None
    found = stack.properties("BatchFunctionContinue").get("ScheduleExpression")
    if found != expected:
        yield f"batches that wait are looked for by {found}, not {expected}"


def limits_are_as_chosen(stack: Stack) -> Iterator[str]:
    """By the function that checks keys; without keys nothing is set."""
    keys = stack.says("Auth", "keys")
    expected = {
        "PILOTLIGHT_PLANS": stack.values["Plans"] if keys else None,
        "PILOTLIGHT_LIMITS_ENVIRONMENTS": stack.values["LimitsEnvironments"] if keys else None,
        "PILOTLIGHT_OPERATOR_TENANT": stack.values["OperatorTenant"] or None,
    }
    yield from _other_variables(stack, expected)
    for id, version in stack.of_type("AWS::Lambda::Version"):
        for name in ("Plans", "LimitsEnvironments", "OperatorTenant"):
            if keys and stack.values[name] not in str(version.get("Description")):
                yield f"{id} stays when {name} changes"


def tenants_are_ranked_if_chosen(stack: Stack) -> Iterator[str]:
    """By the lines of usage of both functions, and by nothing else in their logs; by the query, too."""
    groups = stack.properties("UsageQuery").get("LogGroupNames", [])
    if stack.says("Auth", "keys") and groups != ["${ApiLogs}", "${BatchLogs}"]:
        yield f"the query of usage reads {groups}"
    rules = list(stack.of_type("AWS::CloudWatch::InsightRule"))
    chosen = stack.says("Auth", "keys") and stack.says("UsageInsights", "on")
    if len(rules) != chosen:
        yield f"there are {len(rules)} rules of Contributor Insights"
    for id, rule in rules:
        body = json.loads(rule["RuleBody"])
        contribution = body["Contribution"]
        if body["LogGroupNames"] != ["${ApiLogs}", "${BatchLogs}"] or body["LogFormat"] != "JSON":
            yield f"{id} reads {body['LogGroupNames']} as {body['LogFormat']}"
        if contribution["Filters"] != [{"Match": "$.message", "In": ["usage"]}]:
            yield f"{id} pays for the lines {contribution['Filters']}"
        if contribution["Keys"] != ["$.tenant"]:
            yield f"{id} ranks by {contribution['Keys']}"
        if (body["AggregateOn"], contribution.get("ValueOf")) != ("Sum", "$.usd_nano"):
            yield f"{id} has the {body['AggregateOn']} of {contribution.get('ValueOf')}"
        if rule["RuleState"] != "ENABLED":
            yield f"{id} is {rule['RuleState']}"


PROPERTIES = (
    keys_are_checked_if_chosen,
    tenants_are_ranked_if_chosen,
    only_counters_of_clients_are_written,
    limits_are_as_chosen,
    batches_that_wait_are_looked_for,
    both_functions_have_one_rule,
    the_authorizer_gives_what_the_rule_reads,
    a_new_rule_is_a_new_version,
)
