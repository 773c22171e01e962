"""Who may do what: nothing by a wildcard that need not be one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from template.grants import grants
from template.stack import Stack

# Where a policy must say `*` for a resource, and why. A new one has to be argued for here.
UNNAMED: Mapping[str, str] = {
    "xray:GetSamplingRules": "X-Ray knows no resource of it",
    "xray:GetSamplingTargets": "X-Ray knows no resource of it",
    "xray:PutTraceSegments": "X-Ray knows no resource of it",
    "xray:PutTelemetryRecords": "X-Ray knows no resource of it",
    "ec2:AssignPrivateIpAddresses": "Lambda checks it without a resource before it makes a function",
    "ec2:CreateNetworkInterface": "Lambda checks it without a resource before it makes a function",
    "ec2:DeleteNetworkInterface": "Lambda checks it without a resource before it makes a function",
    "ec2:DescribeNetworkInterfaces": "EC2 has no resources to name for descriptions",
    "ec2:DescribeSubnets": "EC2 has no resources to name for descriptions",
    "ec2:UnassignPrivateIpAddresses": "Lambda checks it without a resource before it makes a function",
}

# Who may do anything to something, and why.
ANYTHING: Mapping[tuple[str, str], str] = {
    ("arn:${AWS::Partition}:iam::${AWS::AccountId}:root", "kms:*"): "the account itself: a key that "
    "its account has no hold of can never be changed or deleted again",
}

# What ends in `*` though it could, in principle, be named, and why it cannot be here.
PARTLY_NAMED: Mapping[str, str] = {
    "${Out.Arn}/.pilotlight/shards/*": "plans are named after batches",
    "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:pilotlight-fan-out-"
    "01234567-89ab-cdef-0123-456789abcdef/shards:*": "Step Functions names the executions of shards",
    "${In.Arn}/*": "any object that is put in is read",
    "${In.Arn}/*openai/batch_*.jsonl": "copies are in their tenants' folders and have random names",
    "${Out.Arn}/*": "answers are named after what was put in",
    "${Out.Arn}/.pilotlight/files/*": "files have random names",
    "${Out.Arn}/.pilotlight/uploads/*": "parts of files have random names",
    "${LargeResults.Arn}/results/*": "results are named by their ids",
    "${LargeResults.Arn}/results/packed/*": "packs are named by owner, batch and line",
    "${Models.Arn}/models/*": "models are found by listing",
    "${ApiFunction.Arn}:*": "a deployment shifts an alias between versions, which have numbers",
    "${BatchFunction.Arn}:*": "a deployment shifts an alias between versions, which have numbers",
    "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*": "CodeDeploy asks for "
    "alarms by a call that is checked against all of them",
    "arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:"
    "${ServerlessDeploymentApplication}/*": "the group's role names the hook, so the hook cannot name it",
    "arn:${AWS::Partition}:apigateway:${AWS::Region}::/apis/${Api}/stages/*": "the API has one stage, "
    "and how a policy spells $default is not documented",
    "arn:${AWS::Partition}:s3:::*": "the endpoint is for this account's buckets; a condition says so",
}


def no_action_is_a_wildcard(stack: Stack) -> Iterator[str]:
    for grant in grants(stack):
        if grant.effect == "Allow" and "*" in grant.action and grant[1:4:2] not in ANYTHING:
            yield f"{grant.policy} allows {grant.action}"


def no_resource_is_a_wildcard_but_those_with_a_reason(stack: Stack) -> Iterator[str]:
    for grant in grants(stack):
        if grant.effect != "Allow" or "*" not in grant.resource:
            continue
        if grant.resource == "*" and grant.action in UNNAMED:
            continue
        if grant.resource not in PARTLY_NAMED:
            yield f"{grant.policy} allows {grant.action} on {grant.resource}"


def nobody_is_everybody(stack: Stack) -> Iterator[str]:
    """A statement that lets everybody do something says on what condition."""
    for grant in grants(stack):
        if grant.effect == "Allow" and grant.who == "*" and not grant.condition:
            yield f"{grant.policy} lets everybody {grant.action}"


def services_act_for_this_account_only(stack: Stack) -> Iterator[str]:
    """Else another account's bucket, API or alarm could use ours through the service.

    Not keys: not every service says for whom it asks for one, and alarms that may not use the key
    are silent. What it encrypts is only reached through the topic.
    """
    exempt = {id for id, _ in stack.of_type("AWS::IAM::Role", "AWS::KMS::Key")}
    for grant in grants(stack):
        if grant.effect == "Allow" and grant.policy not in exempt and ".amazonaws.com" in grant.who:
            if not any(name in grant.condition for name in ("SourceArn", "SourceAccount")):
                yield f"{grant.policy} lets {grant.who} in for any account"


def roles_are_for_one_service(stack: Stack) -> Iterator[str]:
    for id, _ in stack.of_type("AWS::IAM::Role"):
        trusted = [g.who for g in grants(stack) if g.policy == id and g.action == "sts:AssumeRole"]
        if len(trusted) != 1 or not trusted[0].endswith(".amazonaws.com"):
            yield f"{id} may be taken by {trusted}"


def no_policy_is_another_s(stack: Stack) -> Iterator[str]:
    """A managed policy is not in this file, so not in the review."""
    for grant in grants(stack):
        if grant.action == "managed policy":
            yield f"{grant.policy} has {grant.resource}"


PROPERTIES = (
    no_action_is_a_wildcard,
    no_resource_is_a_wildcard_but_those_with_a_reason,
    nobody_is_everybody,
    services_act_for_this_account_only,
    roles_are_for_one_service,
    no_policy_is_another_s,
)
