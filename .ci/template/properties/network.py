"""The network: none without a cache of ours, and with one no way in and no way out but two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from template.grants import Grant, grants
from template.stack import Stack, dig, listed, true

GROUP = "AWS::EC2::SecurityGroup"
WAYS_OUT = (
    "AWS::EC2::NatGateway",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::EgressOnlyInternetGateway",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::EC2::EIP",
    "AWS::EC2::Route",
)
GATEWAYS = ("s3", "dynamodb")
ROLES = ("ApiRole", "BatchRole")


def nothing_enters_from_outside(stack: Stack) -> Iterator[str]:
    ours = {name for id, _ in stack.of_type(GROUP) for name in _written(id)}
    for id, rule in _ingress(stack):
        if rule.get("SourceSecurityGroupId") not in ours:
            yield f"{id} lets in what is not of a group of the stack: {rule}"
        for way in ("CidrIp", "CidrIpv6", "SourcePrefixListId", "SourceSecurityGroupName"):
            if way in rule:
                yield f"{id} lets in {rule[way]}"


def _written(group: str) -> tuple[str, str]:
    """The two ways to refer to a security group of a VPC."""
    return "${" + group + "}", "${" + group + ".GroupId}"


def _ingress(stack: Stack) -> Iterator[tuple[str, dict[str, Any]]]:
    for id, group in stack.of_type(GROUP):
        for rule in listed(group.get("SecurityGroupIngress")):
            yield id, rule
    yield from stack.of_type("AWS::EC2::SecurityGroupIngress")


def nothing_is_public(stack: Stack) -> Iterator[str]:
    for id, _ in stack.of_type(*WAYS_OUT):
        yield f"{id} is a way to the internet"
    for id, subnet in stack.of_type("AWS::EC2::Subnet"):
        if true(subnet.get("MapPublicIpOnLaunch")):
            yield f"{id} gives public addresses"


def a_network_only_with_a_cache_of_ours(stack: Stack) -> Iterator[str]:
    if stack.says("Cache", "create"):
        if not any(stack.of_type("AWS::ElastiCache::ServerlessCache")):
            yield "there is no cache"
        return
    for id, resource in stack.resources.items():
        if resource["Type"].startswith(("AWS::EC2::", "AWS::ElastiCache::")):
            yield f"{id} is made, though Cache is {stack.values['Cache']}"


def functions_run_beside_the_cache(stack: Stack) -> Iterator[str]:
    places: dict[str, object] = {
        "create": {
            "SubnetIds": ["${SubnetA}", "${SubnetB}"],
            "SecurityGroupIds": ["${FunctionSecurityGroup}"],
        },
        "existing": {
            "SubnetIds": stack.values["CacheSubnetIds"].split(","),
            "SecurityGroupIds": [stack.values["CacheSecurityGroupId"]],
        },
        "none": None,
    }
    for id, function in stack.packaged():
        if function.get("VpcConfig") != places[stack.values["Cache"]]:
            yield f"{id} runs in {function.get('VpcConfig')}"


def tables_and_buckets_are_reached_for_free(stack: Stack) -> Iterator[str]:
    """By gateway endpoints, of all subnets, where there is a network of ours."""
    if not any(stack.of_type("AWS::EC2::VPC")):
        return
    endpoints = [each for _, each in stack.of_type("AWS::EC2::VPCEndpoint")]
    for service in GATEWAYS:
        found = [each for each in endpoints if each["ServiceName"].endswith("." + service)]
        if [each.get("VpcEndpointType") for each in found] != ["Gateway"]:
            yield f"{service} has no gateway endpoint"
        routed = {table for each in found for table in listed(each.get("RouteTableIds"))}
        for id, _ in stack.of_type("AWS::EC2::Subnet"):
            if not routed & _route_tables(stack, id):
                yield f"{id} has no way to {service}"
    if len(endpoints) != len(GATEWAYS):
        yield "there are endpoints that are paid for"


def _route_tables(stack: Stack, subnet: str) -> set[str]:
    return {
        each["RouteTableId"]
        for _, each in stack.of_type("AWS::EC2::SubnetRouteTableAssociation")
        if each["SubnetId"] == "${" + subnet + "}"
    }


def endpoints_allow_what_the_roles_may_do(stack: Stack) -> Iterator[str]:
    """In the network, AWS allows a call only if both the role and the endpoint's policy allow it."""
    endpoints = {
        service: id
        for id, each in stack.of_type("AWS::EC2::VPCEndpoint")
        for service in GATEWAYS
        if each["ServiceName"].endswith("." + service)
    }
    allowed = [each for each in grants(stack) if each.effect == "Allow"]
    for role in allowed:
        endpoint = endpoints.get(role.action.partition(":")[0])
        if role.who in ROLES and endpoint is not None:
            passing = (each for each in allowed if each.policy == endpoint)
            if not any(_lets_pass(each, role) for each in passing):
                yield f"{endpoint} does not allow {role.who} {role.action} on {role.resource}"


def _lets_pass(endpoint: Grant, role: Grant) -> bool:
    service = role.action.partition(":")[0]
    everything = "arn:${AWS::Partition}:" + service + ":::*"
    return (
        endpoint.action == role.action
        and endpoint.resource in (role.resource, everything)
        and "${" + role.who + ".Arn}" in endpoint.condition
    )


def only_functions_reach_the_cache(stack: Stack) -> Iterator[str]:
    for id, cache in stack.of_type("AWS::ElastiCache::ServerlessCache"):
        if cache.get("SecurityGroupIds") != ["${CacheSecurityGroup}"]:
            yield f"{id} is in {cache.get('SecurityGroupIds')}"
        if "UserGroupId" not in cache:
            yield f"{id} takes anybody"
    sources = {
        rule.get("SourceSecurityGroupId")
        for id, rule in _ingress(stack)
        if id == "CacheSecurityGroup" or rule.get("GroupId") in _written("CacheSecurityGroup")
    }
    if stack.says("Cache", "create") and not sources <= set(_written("FunctionSecurityGroup")):
        yield f"the cache is open to {sorted(map(str, sources))}"


def cache_users_are_known(stack: Stack) -> Iterator[str]:
    for id, user in stack.of_type("AWS::ElastiCache::User"):
        way = dig(user, "AuthenticationMode", "Type")
        if true(user.get("NoPasswordRequired")) or way == "no-password-required":
            if not str(user.get("AccessString", "")).startswith("off"):
                yield f"{id} needs no password"
        elif way != "iam":
            yield f"{id} comes in by {way}"


PROPERTIES = (
    nothing_enters_from_outside,
    nothing_is_public,
    a_network_only_with_a_cache_of_ours,
    functions_run_beside_the_cache,
    tables_and_buckets_are_reached_for_free,
    endpoints_allow_what_the_roles_may_do,
    only_functions_reach_the_cache,
    cache_users_are_known,
)
