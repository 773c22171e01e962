"""The distribution before the API: no hit without a key, none across tenants, and no way around it."""

from __future__ import annotations

from collections.abc import Iterator

from template.sets import DEFAULT, PRESETS
from template.stack import Stack, dig, listed, true

DISTRIBUTION = "AWS::CloudFront::Distribution"

# CloudFront's own policy that caches nothing.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"

# The headers that the function writes on every request.
KEYED = {"x-pl-tenant", "x-pl-fresh"}

# The paths whose answers may be cached.
KEPT_PATHS = ["/v1/embeddings", "/predict", "/v1/results/*", "/v1/models*", "/v2/models*"]

# The statuses that CloudFront caches for a while without another choice.
ERRORS = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}

SECRETS = ("{{resolve:secretsmanager:${EdgeSecretA}}}", "{{resolve:secretsmanager:${EdgeSecretB}}}")

OF_AN_EDGE = {
    "AWS::CloudFront::CachePolicy": 1,
    DISTRIBUTION: 1,
    "AWS::CloudFront::Function": 1,
    "AWS::CloudFront::KeyValueStore": 1,
    "AWS::CloudFront::OriginRequestPolicy": 1,
    "AWS::CloudFront::ResponseHeadersPolicy": 1,
    "AWS::SecretsManager::Secret": 2,
}


def _config(stack: Stack) -> dict:
    return dig(stack.properties("EdgeDistribution"), "DistributionConfig") or {}


def _behaviours(stack: Stack) -> Iterator[tuple[str, dict]]:
    config = _config(stack)
    if config:
        yield "*", config.get("DefaultCacheBehavior", {})
    for behaviour in listed(config.get("CacheBehaviors")):
        yield behaviour.get("PathPattern"), behaviour


def edge_exists_only_if_chosen(stack: Stack) -> Iterator[str]:
    """No preset has one: it would close the address that its users call."""
    chosen = stack.says("Edge", "on")
    if chosen and stack.name in (DEFAULT, *PRESETS):
        yield "a preset has a distribution"
    for kind, count in OF_AN_EDGE.items():
        found = len(list(stack.of_type(kind)))
        if found != (count if chosen else 0):
            yield f"there are {found} of {kind}"


def every_behaviour_checks_keys(stack: Stack) -> Iterator[str]:
    expected = [{"EventType": "viewer-request", "FunctionARN": "${EdgeFunction.FunctionARN}"}]
    for pattern, behaviour in _behaviours(stack):
        if listed(behaviour.get("FunctionAssociations")) != expected:
            yield f"{pattern} has other functions"
        if listed(behaviour.get("LambdaFunctionAssociations")):
            yield f"{pattern} has a function of Lambda"
        if behaviour.get("ViewerProtocolPolicy") != "https-only":
            yield f"{pattern} accepts keys over plain HTTP"
        if behaviour.get("TargetOriginId") != "api":
            yield f"{pattern} has another origin"
    for id, function in stack.of_type("AWS::CloudFront::Function"):
        stores = [{"KeyValueStoreARN": "${EdgeKeys.Arn}"}]
        config = function.get("FunctionConfig", {})
        if config.get("Runtime") != "cloudfront-js-2.0" or not true(function.get("AutoPublish")):
            yield f"{id} is not published, or of another runtime"
        if listed(config.get("KeyValueStoreAssociations")) != stores:
            yield f"{id} reads other keys"


def cache_key_has_tenant_and_query(stack: Stack) -> Iterator[str]:
    for id, policy in stack.of_type("AWS::CloudFront::CachePolicy"):
        config = policy.get("CachePolicyConfig", {})
        keyed = config.get("ParametersInCacheKeyAndForwardedToOrigin", {})
        if dig(keyed, "HeadersConfig", "HeaderBehavior") != "whitelist":
            yield f"{id} has other headers in the key"
        if set(listed(dig(keyed, "HeadersConfig", "Headers"))) != KEYED:
            yield f"{id} has {dig(keyed, 'HeadersConfig', 'Headers')} in the key"
        if dig(keyed, "QueryStringsConfig", "QueryStringBehavior") != "all":
            yield f"{id} leaves parameters out of the key"
        if dig(keyed, "CookiesConfig", "CookieBehavior") != "none":
            yield f"{id} forwards cookies"
        for name in ("MinTTL", "DefaultTTL"):
            if str(config.get(name)) != "0":
                yield f"{id} caches answers that do not allow it: {name}"
        if int(config.get("MaxTTL", 0)) < int(stack.values["EdgeSeconds"]):
            yield f"{id} caches answers for less than EdgeSeconds"


def only_known_paths_are_cached(stack: Stack) -> Iterator[str]:
    patterns = [pattern for pattern, _ in _behaviours(stack)]
    if patterns and patterns != ["*", *KEPT_PATHS]:
        yield f"the behaviours are {patterns}"
    for pattern, behaviour in _behaviours(stack):
        expected = CACHING_DISABLED if pattern == "*" else "${EdgeKept}"
        if behaviour.get("CachePolicyId") != expected:
            yield f"{pattern} has the cache policy {behaviour.get('CachePolicyId')}"
        if behaviour.get("OriginRequestPolicyId") != "${EdgeForwarded}":
            yield f"{pattern} forwards by {behaviour.get('OriginRequestPolicyId')}"
        if "POST" not in listed(behaviour.get("AllowedMethods")):
            yield f"{pattern} takes no POST"
        if set(listed(behaviour.get("CachedMethods"))) - {"GET", "HEAD"}:
            yield f"{pattern} caches answers to {behaviour['CachedMethods']}"


def cached_answers_are_private_to_the_client(stack: Stack) -> Iterator[str]:
    """`s-maxage` would let a cache nearer to the client answer others without a key."""
    for pattern, behaviour in _behaviours(stack):
        cached = behaviour.get("CachePolicyId") != CACHING_DISABLED
        if cached and behaviour.get("ResponseHeadersPolicyId") != "${EdgeAnswers}":
            yield f"{pattern} has the answer's own headers"
    for id, policy in stack.of_type("AWS::CloudFront::ResponseHeadersPolicy"):
        items = listed(dig(policy, "ResponseHeadersPolicyConfig", "CustomHeadersConfig", "Items"))
        found = [each for each in items if str(each.get("Header")).lower() == "cache-control"]
        if len(found) != 1 or not true(found[0].get("Override")) or "private" not in str(found[0].get("Value")):
            yield f"{id} lets caches nearer to the client keep answers: {found}"


def the_origin_gets_all_but_the_host(stack: Stack) -> Iterator[str]:
    """API Gateway refuses a request for another host; cookies would be in no key."""
    for id, policy in stack.of_type("AWS::CloudFront::OriginRequestPolicy"):
        config = policy.get("OriginRequestPolicyConfig", {})
        if config.get("HeadersConfig") != {"HeaderBehavior": "allExcept", "Headers": ["host"]}:
            yield f"{id} forwards {config.get('HeadersConfig')}"
        if dig(config, "QueryStringsConfig", "QueryStringBehavior") != "all":
            yield f"{id} leaves out parameters"
        if dig(config, "CookiesConfig", "CookieBehavior") != "none":
            yield f"{id} forwards cookies"


def errors_are_not_cached(stack: Stack) -> Iterator[str]:
    if _config(stack):
        found = {
            int(each["ErrorCode"]): str(each.get("ErrorCachingMinTTL"))
            for each in listed(_config(stack).get("CustomErrorResponses"))
        }
        if found != {status: "0" for status in ERRORS}:
            yield f"errors are cached: {found}"


def only_the_distribution_reaches_the_function(stack: Stack) -> Iterator[str]:
    """The function takes both secrets, and the distribution sends the one of EdgeSecret's parity."""
    variables = dig(stack.properties("ApiFunction"), "Environment", "Variables")
    expected = ",".join(SECRETS) if stack.says("Edge", "on") else None
    if variables.get("PILOTLIGHT_EDGE_SECRETS") != expected:
        yield f"the function takes {variables.get('PILOTLIGHT_EDGE_SECRETS')}"
    seconds = stack.values["EdgeSeconds"] if expected else None
    if variables.get("PILOTLIGHT_EDGE_SECONDS") not in (seconds, seconds and int(seconds)):
        yield f"the function allows {variables.get('PILOTLIGHT_EDGE_SECONDS')} seconds"
    hook = dig(stack.properties("PreTraffic"), "Environment", "Variables", "EDGE_SECRET")
    if hook != (SECRETS[0] if expected else ""):
        yield f"the test before traffic sends {hook}"
    for id, secret in stack.of_type("AWS::SecretsManager::Secret"):
        made = secret.get("GenerateSecretString", {})
        if int(made.get("PasswordLength", 0)) < 32 or not true(made.get("ExcludePunctuation")):
            yield f"{id} generates a secret that the function refuses"
    for id, _ in stack.of_type(DISTRIBUTION):
        origins = listed(_config(stack).get("Origins"))
        sent = SECRETS[0] if int(stack.values["EdgeSecret"]) % 2 else SECRETS[1]
        headers = [{"HeaderName": "x-pl-origin", "HeaderValue": sent}]
        if len(origins) != 1 or origins[0].get("OriginCustomHeaders") != headers:
            yield f"{id} sends {[each.get('OriginCustomHeaders') for each in origins]}"
        for origin in origins:
            custom = origin.get("CustomOriginConfig", {})
            if custom.get("OriginProtocolPolicy") != "https-only":
                yield f"{id} sends keys in clear"
            if custom.get("OriginSSLProtocols") != ["TLSv1.2"]:
                yield f"{id} uses {custom.get('OriginSSLProtocols')} to the origin"
        depends = listed(stack.resources[id].get("DependsOn"))
        if not any(dig(stack.resources, each, "Type") == "AWS::Lambda::Alias" for each in depends):
            yield f"{id} may send a secret before the function takes it"


def queries_are_not_logged(stack: Stack) -> Iterator[str]:
    """They have texts."""
    if "Logging" in _config(stack):
        yield "the distribution has a log"
    for pattern, behaviour in _behaviours(stack):
        if "RealtimeLogConfigArn" in behaviour:
            yield f"{pattern} has a log"
    for id, stage in stack.of_type("AWS::ApiGatewayV2::Stage"):
        if "uery" in str(dig(stage, "AccessLogSettings", "Format")):
            yield f"{id} logs queries"


def a_new_secret_is_a_new_version(stack: Stack) -> Iterator[str]:
    """`live` runs a version: one that stays as it is would refuse a new secret."""
    if stack.says("Edge", "on"):
        ends = f" {stack.values['EdgeSecret']} {stack.values['EdgeSeconds']}"
        for id, version in stack.of_type("AWS::Lambda::Version"):
            of_api = version.get("FunctionName") == "${ApiFunction}"
            if of_api and not str(version.get("Description")).endswith(ends):
                yield f"{id} stays when EdgeSecret changes"


PROPERTIES = (
    edge_exists_only_if_chosen,
    every_behaviour_checks_keys,
    cache_key_has_tenant_and_query,
    only_known_paths_are_cached,
    cached_answers_are_private_to_the_client,
    the_origin_gets_all_but_the_host,
    errors_are_not_cached,
    only_the_distribution_reaches_the_function,
    queries_are_not_logged,
    a_new_secret_is_a_new_version,
)
