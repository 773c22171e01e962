"""Who may do what: every statement of every policy of a stack, one action and resource at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

from template.stack import Stack, dig, listed

DOCUMENTS = (
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::EC2::VPCEndpoint",
    "AWS::Logs::ResourcePolicy",
)

# What narrows a Lambda permission.
CONDITIONS = ("SourceArn", "SourceAccount", "FunctionUrlAuthType", "InvokedViaFunctionUrl")


class Grant(NamedTuple):
    """One row of the review.

    `policy` is the logical id of what holds the statement, `who` a role or a principal, `condition`
    as one line of text, empty if there is none.
    """

    policy: str
    who: str
    effect: str
    action: str
    resource: str
    condition: str


def grants(stack: Stack) -> list[Grant]:
    """Every grant and denial of the stack, without repetition, in the template's order."""
    return list(dict.fromkeys(_all(stack)))


def _all(stack: Stack) -> Iterator[Grant]:
    for id, resource in stack.resources.items():
        kind, properties = resource["Type"], resource.get("Properties", {})
        if kind == "AWS::IAM::Role":
            trust = properties["AssumeRolePolicyDocument"]
            yield from _document(id, trust, ["${" + id + ".Arn}"], [])
            for policy in listed(properties.get("Policies")):
                yield from _document(id, policy["PolicyDocument"], [], [id])
            for managed in listed(properties.get("ManagedPolicyArns")):
                yield Grant(id, id, "Allow", "managed policy", managed, "")
        elif kind == "AWS::IAM::Policy":
            roles = [role[2:-1] for role in listed(properties.get("Roles"))]
            yield from _document(id, properties["PolicyDocument"], [], roles)
        elif kind == "AWS::KMS::Key":  # `*` is the key itself there
            yield from _document(id, properties["KeyPolicy"], ["${" + id + ".Arn}"], [])
        elif kind in DOCUMENTS:
            yield from _document(id, properties.get("PolicyDocument", {}), [], [])
        elif kind == "AWS::Lambda::Permission":
            yield _permission(id, properties)


def _document(
    id: str, document: dict[str, Any], resources: list[str], who: list[str]
) -> Iterator[Grant]:
    for statement in listed(dig(document, "Statement")):
        for form in ("NotAction", "NotResource", "NotPrincipal"):
            if form in statement:
                raise ValueError(f"{id} says {form}: say what is meant")
        for each, action, resource in itertools.product(
            who or _principals(statement.get("Principal")),
            listed(statement["Action"]),
            resources or listed(statement["Resource"]),
        ):
            condition = _condition(statement.get("Condition", {}))
            yield Grant(id, each, statement["Effect"], action, resource, condition)


def _principals(principal: Any) -> list[str]:
    if isinstance(principal, dict):
        return [each for some in principal.values() for each in listed(some)]
    return [str(principal)]


def _condition(condition: dict[str, Any]) -> str:
    return "; ".join(
        f"{operator} {key} {' or '.join(map(str, listed(value)))}"
        for operator, tests in condition.items()
        for key, value in tests.items()
    )


def _permission(id: str, properties: dict[str, Any]) -> Grant:
    sources = [f"{name} {properties[name]}" for name in CONDITIONS if name in properties]
    return Grant(
        id,
        properties["Principal"],
        "Allow",
        properties["Action"],
        properties["FunctionName"],
        "; ".join(sources),
    )
