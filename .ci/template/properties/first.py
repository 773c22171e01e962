"""The first deploy: a new account allows it, and if it fails, nothing stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from template.sets import DEFAULT, STARTER
from template.stack import Stack, dig, listed, true

FUNCTION = "AWS::Lambda::Function"
ROLE = "AWS::IAM::Role"

# What Lambda allows a new account.
MEMORY_MB = 3_008

# What Lambda does with a function's role to put the function into a network.
INTERFACES = {
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
}


def defaults_need_no_higher_quota(stack: Stack) -> Iterator[str]:
    """A new account has 10 concurrent executions, of which none can be reserved or provisioned."""
    if stack.name not in (DEFAULT, STARTER):
        return
    for id, function in stack.of_type(FUNCTION):
        if int(function.get("MemorySize", 128)) > MEMORY_MB:
            yield f"{id} has {function.get('MemorySize')} MB"
        if "ReservedConcurrentExecutions" in function:
            yield f"{id} reserves concurrency"
    for id, alias in stack.of_type("AWS::Lambda::Alias"):
        if "ProvisionedConcurrencyConfig" in alias:
            yield f"{id} provisions concurrency"
    for id, _ in stack.of_type("AWS::ApplicationAutoScaling::ScalableTarget"):
        yield f"{id} provisions concurrency"


def roles_may_make_network_interfaces_from_the_start(stack: Stack) -> Iterator[str]:
    """Before Lambda creates a function in a network, it checks its role without a resource.

    So the actions are for all resources, in a policy of the role itself, which is there as soon as
    the role is. A statement next to them keeps the function's code from using them.
    """
    for id, function in stack.of_type(FUNCTION):
        role = str(function.get("Role")).removeprefix("${").removesuffix(".Arn}")
        policies = [
            listed(dig(policy, "PolicyDocument", "Statement"))
            for policy in listed(stack.properties(role).get("Policies"))
        ]
        of_network = [each for each in policies if any(_of_network(one) for one in each)]
        if "VpcConfig" not in function:
            if of_network:
                yield f"{role} may make network interfaces without a network"
        elif len(of_network) != 1 or not _allows_what_lambda_checks(of_network[0]):
            yield f"{role} lets Lambda not make {id}'s network interfaces"
        elif not _denies_the_code(of_network[0]):
            yield f"{role} lets {id}'s code make network interfaces"
    for id, policy in stack.of_type("AWS::IAM::Policy"):
        if any(_of_network(one) for one in listed(dig(policy, "PolicyDocument", "Statement"))):
            yield f"{id} may come after the functions that need it"


def _of_network(statement: dict[str, Any]) -> bool:
    return any(str(action).startswith("ec2:") for action in listed(statement.get("Action")))


def _allows_what_lambda_checks(policy: list[dict[str, Any]]) -> bool:
    allowed = {
        action
        for statement in policy
        if statement.get("Effect") == "Allow"
        and listed(statement.get("Resource")) == ["*"]
        and "Condition" not in statement
        for action in listed(statement.get("Action"))
    }
    return allowed == INTERFACES and all(_of_network(statement) for statement in policy)


def _denies_the_code(policy: list[dict[str, Any]]) -> bool:
    condition = {"Null": {"lambda:SourceFunctionArn": "false"}}
    return any(
        statement.get("Effect") == "Deny"
        and listed(statement.get("Action")) == ["ec2:*"]
        and listed(statement.get("Resource")) == ["*"]
        and statement.get("Condition") == condition
        for statement in policy
    )


def a_failed_first_deploy_leaves_nothing(stack: Stack) -> Iterator[str]:
    for id, resource in stack.resources.items():
        if resource.get("DeletionPolicy") in ("Retain", "Snapshot"):
            yield f"{id} stays when the first deploy fails"
    if stack.name not in (DEFAULT, STARTER):
        return
    for id, table in stack.of_type("AWS::DynamoDB::Table"):
        if true(table.get("DeletionProtectionEnabled")):
            yield f"{id} is protected before the first deploy has succeeded"


PROPERTIES = (
    defaults_need_no_higher_quota,
    roles_may_make_network_interfaces_from_the_start,
    a_failed_first_deploy_leaves_nothing,
)
