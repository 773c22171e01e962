"""The API: one route behind the authorizer, throttled and logged; or a function URL instead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from template.stack import Stack, dig, listed, true

API = "AWS::ApiGatewayV2::Api"
STAGE = "AWS::ApiGatewayV2::Stage"
ROUTE = "AWS::ApiGatewayV2::Route"
DEFAULT = "$default"
PREFLIGHT = "OPTIONS /{proxy+}"
URL = "AWS::Lambda::Url"

# Who called what, and how it was answered: the route is the same for every request.
# Lambda's id leads to the function's lines.
LOGGED = (
    "requestId",
    "integration.requestId",
    "httpMethod",
    "path",
    "status",
    "responseLatency",
    "integrationLatency",
)


def every_route_is_authorised(stack: Stack) -> Iterator[str]:
    """As chosen, `$default` too; only `Auth=none` leaves them open, and keys are the function's task.

    A browser asks before it calls, and without credentials: where browsers may call, OPTIONS is
    open, and API Gateway answers it.
    """
    for id, route in stack.of_type(ROUTE):
        preflight = route["RouteKey"] == PREFLIGHT and stack.values["CorsOrigins"] != ""
        kind = _kind(stack, route)
        chosen = "none" if stack.says("Auth", "keys") else stack.values["Auth"]
        if kind != ("none" if preflight else chosen):
            yield f"{id}: {route['RouteKey']} is open to {kind}"


def _kind(stack: Stack, route: dict[str, Any]) -> str:
    """Whom a route lets in: iam, jwt as chosen, none for everybody."""
    if route.get("AuthorizationType") == "AWS_IAM":
        return "iam"
    authorizer = stack.properties(str(route.get("AuthorizerId"))[2:-1])
    expected = {
        "AuthorizerType": "JWT",
        "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": {
            "Issuer": stack.values["JwtIssuer"],
            "Audience": stack.values["JwtAudience"].split(","),
        },
    }
    chosen = all(authorizer.get(name) == value for name, value in expected.items())
    return "jwt" if route.get("AuthorizationType") == "JWT" and chosen else "none"


def no_route_is_hidden(stack: Stack) -> Iterator[str]:
    """All routes are resources of their own, where the others of these checks see them."""
    for id, api in stack.of_type(API):
        for place in ("Body", "BodyS3Location", "Target", "RouteKey"):
            if place in api:
                yield f"{id} has routes in its {place}"


def there_is_one_route_and_one_for_browsers(stack: Stack) -> Iterator[str]:
    """API Gateway refuses some of many routes that CloudFormation creates side by side.

    Without `$default` it would answer unknown paths itself: our own 404 and 405 would not be seen.
    """
    wanted = [DEFAULT] + ([PREFLIGHT] if stack.values["CorsOrigins"] else [])
    if stack.says("Door", "url"):
        wanted = []
    found = [route["RouteKey"] for _, route in stack.of_type(ROUTE)]
    if sorted(found) != sorted(wanted):
        yield f"the routes are {found}, not {wanted}"


def routes_and_stage_are_made_one_after_another(stack: Stack) -> Iterator[str]:
    ids = [id for id, _ in stack.of_type(ROUTE, STAGE)]
    for position, one in enumerate(ids):
        for other in ids[position + 1 :]:
            if other not in _before(stack, one) and one not in _before(stack, other):
                yield f"{one} and {other} are made side by side"


def _before(stack: Stack, id: str) -> set[str]:
    """What `DependsOn` makes CloudFormation create earlier."""
    earlier = set(listed(stack.resources.get(id, {}).get("DependsOn")))
    return earlier.union(*(_before(stack, each) for each in earlier))


def every_route_goes_to_live(stack: Stack) -> Iterator[str]:
    for id, route in stack.of_type(ROUTE):
        integration = stack.properties(str(route.get("Target"))[len("integrations/${") : -1])
        alias = stack.properties(str(integration.get("IntegrationUri"))[2:-1])
        if alias.get("FunctionName") != "${ApiFunction}" or alias.get("Name") != "live":
            yield f"{id}: {route['RouteKey']} goes to {integration.get('IntegrationUri')}"
        if integration.get("PayloadFormatVersion") != "2.0":
            yield f"{id}: {route['RouteKey']} has another payload than 2.0"


def requests_are_throttled_and_logged(stack: Stack) -> Iterator[str]:
    for id, stage in stack.of_type(STAGE):
        settings = stage.get("DefaultRouteSettings")
        if str(dig(settings, "ThrottlingRateLimit")) != stack.values["ThrottleRate"]:
            yield f"{id} is throttled to {dig(settings, 'ThrottlingRateLimit')} a second"
        if str(dig(settings, "ThrottlingBurstLimit")) != stack.values["ThrottleBurst"]:
            yield f"{id} is throttled to {dig(settings, 'ThrottlingBurstLimit')} at once"
        if dig(stage, "AccessLogSettings", "DestinationArn") != "${AccessLogs.Arn}":
            yield f"{id} has no access logs"
    if stack.says("Door", "api") and not any(stack.of_type(STAGE)):
        yield "there is no stage"


def access_logs_say_what_was_called(stack: Stack) -> Iterator[str]:
    for id, stage in stack.of_type(STAGE):
        try:
            line = json.loads(dig(stage, "AccessLogSettings", "Format") or "{}")
        except ValueError:
            yield f"{id}'s access log is not JSON"
            continue
        for name in LOGGED:
            if f"$context.{name}" not in line.values():
                yield f"{id}'s access log lacks the {name}"
        if line.get("principal") != f"$context.{_principal(stack)}":
            yield f"{id}'s access log lacks the caller"


def _principal(stack: Stack) -> str:
    """Who called, by what names the tenant; Cognito's callers share a role."""
    if stack.says("Auth", "jwt"):
        return "authorizer.claims.sub"
    return "identity.cognitoIdentityId" if stack.says("TenantFrom", "cognito") else "identity.userArn"


def browsers_only_from_chosen_origins(stack: Stack) -> Iterator[str]:
    chosen = [each for each in stack.values["CorsOrigins"].split(",") if each]
    for id, api in stack.of_type(API, URL):
        cors = api.get("CorsConfiguration") or api.get("Cors") or {}
        origins = listed(cors.get("AllowOrigins"))
        if origins != chosen:
            yield f"{id} takes browsers from {origins}"
        if true(cors.get("AllowCredentials")):
            yield f"{id} takes cookies from other sites"


def the_domain_speaks_new_tls(stack: Stack) -> Iterator[str]:
    domains = list(stack.of_type("AWS::ApiGatewayV2::DomainName"))
    if bool(domains) != bool(stack.values["DomainName"]):
        yield f"there are {len(domains)} domains"
    for id, domain in domains:
        for way in domain.get("DomainNameConfigurations", [{}]):
            if way.get("SecurityPolicy") != "TLS_1_2":
                yield f"{id} speaks {way.get('SecurityPolicy')}"


def a_domain_is_the_only_door(stack: Stack) -> Iterator[str]:
    for id, api in stack.of_type(API):
        if true(api.get("DisableExecuteApiEndpoint")) != bool(stack.values["DomainName"]):
            yield f"{id}'s own host name is open: {api.get('DisableExecuteApiEndpoint')}"


def there_is_the_chosen_door_and_no_other(stack: Stack) -> Iterator[str]:
    """With a function URL, API Gateway has nothing that could be called or billed."""
    unwanted = ["AWS::ApiGateway::RestApi"]
    unwanted += [API, STAGE, ROUTE] if stack.says("Door", "url") else [URL]
    for id, _ in stack.of_type(*unwanted):
        yield f"{id} is a second way in"
    doors = list(stack.of_type(URL if stack.says("Door", "url") else API))
    if len(doors) != 1:
        yield f"there are {len(doors)} doors"


def a_url_leads_to_live_and_asks_who_calls(stack: Stack) -> Iterator[str]:
    for id, url in stack.of_type(URL):
        if url.get("TargetFunctionArn") != "${ApiFunction}" or url.get("Qualifier") != "live":
            yield f"{id} leads to {url.get('TargetFunctionArn')}, {url.get('Qualifier')}"
        expected = {"iam": "AWS_IAM", "keys": "NONE", "none": "NONE"}.get(stack.values["Auth"])
        if url.get("AuthType") != expected:
            yield f"{id}'s AuthType is {url.get('AuthType')}, not {expected}"
        if not any(
            stack.resources.get(each, {}).get("Type") == "AWS::Lambda::Alias"
            for each in listed(stack.resources[id].get("DependsOn"))
        ):
            yield f"{id} may be made before the alias"


def everybody_may_call_only_an_open_url(stack: Stack) -> Iterator[str]:
    """Lambda asks a caller for both permissions, and each holds for calls through a URL alone."""
    wanted = set()
    if stack.says("Door", "url") and stack.values["Auth"] in ("none", "keys"):
        wanted = {
            ("lambda:InvokeFunctionUrl", "FunctionUrlAuthType", "NONE"),
            ("lambda:InvokeFunction", "InvokedViaFunctionUrl", "true"),
        }
    found = set()
    for id, permission in stack.of_type("AWS::Lambda::Permission"):
        if permission.get("Principal") == "*":
            names = ("FunctionUrlAuthType", "InvokedViaFunctionUrl")
            narrowed = [(name, str(permission[name])) for name in names if name in permission]
            for name, value in narrowed or [("", "")]:
                value = value.lower() if name == "InvokedViaFunctionUrl" else value
                found.add((permission["Action"], name, value))
    if found != wanted:
        yield f"everybody may {sorted(found)}, not {sorted(wanted)}"


PROPERTIES = (
    every_route_is_authorised,
    no_route_is_hidden,
    there_is_one_route_and_one_for_browsers,
    routes_and_stage_are_made_one_after_another,
    every_route_goes_to_live,
    requests_are_throttled_and_logged,
    access_logs_say_what_was_called,
    browsers_only_from_chosen_origins,
    the_domain_speaks_new_tls,
    a_domain_is_the_only_door,
    there_is_the_chosen_door_and_no_other,
    a_url_leads_to_live_and_asks_who_calls,
    everybody_may_call_only_an_open_url,
)
