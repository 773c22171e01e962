"""Mistakes with the distribution before the API."""

from __future__ import annotations

from template.properties import edge
from template.sets import STARTER
from template.tests.mistakes import Mistake, add, attribute, chosen, drop, gone, put

CONFIG = "DistributionConfig"
KEYED = ("CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin")
FORWARDED = "OriginRequestPolicyConfig"
KEPT = (CONFIG, "CacheBehaviors", 0)
REST = (CONFIG, "DefaultCacheBehavior")
ORIGIN = (CONFIG, "Origins", 0)
ANSWER = ("ResponseHeadersPolicyConfig", "CustomHeadersConfig", "Items", 0)
VARIABLES = ("Environment", "Variables")

MISTAKES = (
    Mistake(edge.edge_exists_only_if_chosen, "none", gone("EdgeDistribution"), "edge"),
    Mistake(edge.edge_exists_only_if_chosen, "one secret", gone("EdgeSecretB"), "edge"),
    Mistake(edge.edge_exists_only_if_chosen, "unasked", add("AWS::CloudFront::Distribution")),
    Mistake(edge.edge_exists_only_if_chosen, "in a preset", chosen("Edge", "on"), STARTER),
    *(
        Mistake(edge.every_behaviour_checks_keys, what, make, "edge")
        for what, make in (
            ("a path without", drop("EdgeDistribution", *KEPT, "FunctionAssociations")),
            ("the rest without", drop("EdgeDistribution", *REST, "FunctionAssociations")),
            ("too late", put("EdgeDistribution", *KEPT, "FunctionAssociations", 0, "EventType", "viewer-response")),
            ("in clear", put("EdgeDistribution", *REST, "ViewerProtocolPolicy", "allow-all")),
            ("elsewhere", put("EdgeDistribution", *KEPT, "TargetOriginId", "other")),
            ("old runtime", put("EdgeFunction", "FunctionConfig", "Runtime", "cloudfront-js-1.0")),
            ("a draft", put("EdgeFunction", "AutoPublish", False)),
            ("other keys", drop("EdgeFunction", "FunctionConfig", "KeyValueStoreAssociations")),
        )
    ),
    *(
        Mistake(edge.cache_key_has_tenant_and_query, what, make, "edge")
        for what, make in (
            ("no tenant", put("EdgeKept", *KEYED, "HeadersConfig", "Headers", ["x-pl-fresh"])),
            ("no-cache shares", put("EdgeKept", *KEYED, "HeadersConfig", "Headers", ["x-pl-tenant"])),
            ("the key", put("EdgeKept", *KEYED, "HeadersConfig", "Headers", ["x-pl-tenant", "x-pl-fresh", "authorization"])),
            ("no headers", put("EdgeKept", *KEYED, "HeadersConfig", {"HeaderBehavior": "none"})),
            ("no query", put("EdgeKept", *KEYED, "QueryStringsConfig", "QueryStringBehavior", "none")),
            ("cookies", put("EdgeKept", *KEYED, "CookiesConfig", "CookieBehavior", "all")),
            ("no-store", put("EdgeKept", "CachePolicyConfig", "MinTTL", 1)),
            ("by default", put("EdgeKept", "CachePolicyConfig", "DefaultTTL", 86400)),
            ("too short", put("EdgeKept", "CachePolicyConfig", "MaxTTL", 60)),
        )
    ),
    *(
        Mistake(edge.only_known_paths_are_cached, what, make, "edge")
        for what, make in (
            ("another path", put("EdgeDistribution", *KEPT, "PathPattern", "/v1/*")),
            ("all", put("EdgeDistribution", *REST, "CachePolicyId", "${EdgeKept}")),
            ("none", put("EdgeDistribution", *KEPT, "CachePolicyId", edge.CACHING_DISABLED)),
            ("fewer headers", drop("EdgeDistribution", *KEPT, "OriginRequestPolicyId")),
            ("no POST", put("EdgeDistribution", *REST, "AllowedMethods", ["GET", "HEAD"])),
            ("OPTIONS", put("EdgeDistribution", *KEPT, "CachedMethods", ["GET", "HEAD", "OPTIONS"])),
        )
    ),
    *(
        Mistake(edge.cached_answers_are_private_to_the_client, what, make, "edge")
        for what, make in (
            ("a path without", drop("EdgeDistribution", *KEPT, "ResponseHeadersPolicyId")),
            ("public", put("EdgeAnswers", *ANSWER, "Value", "public, max-age=0")),
            ("only if absent", put("EdgeAnswers", *ANSWER, "Override", False)),
            ("another header", put("EdgeAnswers", *ANSWER, "Header", "x-cache-control")),
        )
    ),
    *(
        Mistake(edge.the_origin_gets_all_but_the_host, what, make, "edge")
        for what, make in (
            ("the host", put("EdgeForwarded", FORWARDED, "HeadersConfig", {"HeaderBehavior": "allViewer"})),
            ("no query", put("EdgeForwarded", FORWARDED, "QueryStringsConfig", "QueryStringBehavior", "none")),
            ("cookies", put("EdgeForwarded", FORWARDED, "CookiesConfig", "CookieBehavior", "all")),
        )
    ),
    Mistake(edge.errors_are_not_cached, "all", drop("EdgeDistribution", CONFIG, "CustomErrorResponses"), "edge"),
    Mistake(edge.errors_are_not_cached, "one", drop("EdgeDistribution", CONFIG, "CustomErrorResponses", 2), "edge"),
    *(
        Mistake(edge.only_the_distribution_reaches_the_function, what, make, "edge")
        for what, make in (
            ("open", drop("ApiFunction", *VARIABLES, "PILOTLIGHT_EDGE_SECRETS")),
            ("one secret", put("ApiFunction", *VARIABLES, "PILOTLIGHT_EDGE_SECRETS", edge.SECRETS[0])),
            ("another time", put("ApiFunction", *VARIABLES, "PILOTLIGHT_EDGE_SECONDS", "1")),
            ("untested", put("PreTraffic", *VARIABLES, "EDGE_SECRET", "")),
            ("short", put("EdgeSecretA", "GenerateSecretString", "PasswordLength", 8)),
            ("marks", drop("EdgeSecretB", "GenerateSecretString", "ExcludePunctuation")),
            ("the other", put("EdgeDistribution", *ORIGIN, "OriginCustomHeaders", 0, "HeaderValue", edge.SECRETS[1])),
            ("none sent", drop("EdgeDistribution", *ORIGIN, "OriginCustomHeaders")),
            ("in clear", put("EdgeDistribution", *ORIGIN, "CustomOriginConfig", "OriginProtocolPolicy", "match-viewer")),
            ("old TLS", put("EdgeDistribution", *ORIGIN, "CustomOriginConfig", "OriginSSLProtocols", ["TLSv1"])),
            ("too early", attribute("EdgeDistribution", "DependsOn", "Api")),
        )
    ),
    *(
        Mistake(edge.queries_are_not_logged, what, make, "edge")
        for what, make in (
            ("all", put("EdgeDistribution", CONFIG, "Logging", {"Bucket": "logs"})),
            ("a path", put("EdgeDistribution", *KEPT, "RealtimeLogConfigArn", "arn")),
            ("the API", put("ApiStage", "AccessLogSettings", "Format", '{"q":"$context.queryString"}')),
        )
    ),
    Mistake(edge.a_new_secret_is_a_new_version, "of a secret", chosen("EdgeSecret", "3"), "edge"),
    Mistake(edge.a_new_secret_is_a_new_version, "of a time", chosen("EdgeSeconds", "60"), "edge"),
)
