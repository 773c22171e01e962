"""Mistakes that a template could have, one at least for each property: its check must see them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from template.properties import (
    Property,
    access,
    alarms,
    api,
    batches,
    buckets,
    dashboards,
    data,
    fanout,
    first,
    functions,
    network,
    presets,
    spend,
    tenants,
)
from template.sets import BUSY, DEFAULT, PRODUCTION, STARTER
from template.stack import Stack, dig

Make = Callable[[Stack], None]

# one metric over what is free
MANY = [["Pilotlight", f"Metric{i}"] for i in range(51)]


# a rule of Contributor Insights, as it must be where it is chosen
RANKED = {
    "RuleState": "ENABLED",
    "RuleBody": json.dumps(
        {
            "LogGroupNames": ["${ApiLogs}", "${BatchLogs}"],
            "LogFormat": "JSON",
            "Contribution": {
                "Keys": ["$.tenant"],
                "ValueOf": "$.usd_nano",
                "Filters": [{"Match": "$.message", "In": ["usage"]}],
            },
            "AggregateOn": "Sum",
        }
    ),
}


class Mistake(NamedTuple):
    """What to do to the stack of a set, that a property is to find."""

    property: Property
    what: str
    make: Make
    set: str = DEFAULT


def put(id: str, *path: Any) -> Make:
    """Puts the last of the path there where the others lead."""
    *steps, last, value = path

    def make(stack: Stack) -> None:
        dig(stack.resources[id]["Properties"], *steps)[last] = value

    return make


def drop(id: str, *path: Any) -> Make:
    *steps, last = path

    def make(stack: Stack) -> None:
        del dig(stack.resources[id]["Properties"], *steps)[last]

    return make


def add(kind: str, **properties: Any) -> Make:
    def make(stack: Stack) -> None:
        stack.resources["Planted"] = {"Type": kind, "Properties": properties}

    return make


def gone(id: str) -> Make:
    def make(stack: Stack) -> None:
        del stack.resources[id]

    return make


def grant(action: str, resource: str, **more: Any) -> Make:
    """One statement more of what both functions may do."""

    def make(stack: Stack) -> None:
        statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
        stack.resources["SharedAccess"]["Properties"]["PolicyDocument"]["Statement"].append(statement)

    return make


def attribute(id: str, name: str, value: Any) -> Make:
    """Of the resource itself, beside its properties."""

    def make(stack: Stack) -> None:
        stack.resources[id][name] = value

    return make


def replaced(id: str, old: str, new: str, *path: Any) -> Make:
    """Replaces a part of a text."""
    *steps, last = path

    def make(stack: Stack) -> None:
        place = dig(stack.resources[id]["Properties"], *steps)
        assert old in place[last]
        place[last] = place[last].replace(old, new)

    return make


def lifecycle(bucket: str, **rule: Any) -> Make:
    return put(bucket, "LifecycleConfiguration", "Rules", [{"Status": "Enabled", **rule}])


def chosen(parameter: str, value: str) -> Make:
    """The parameter says something else than the stack has."""

    def make(stack: Stack) -> None:
        stack.values = {**stack.values, parameter: value}

    return make


def defined(old: str, new: str) -> Make:
    """Another definition of the machine of shards."""
    return replaced("FanOut", old, new, "DefinitionString")


def rule(id: str, old: str, new: str) -> Make:
    """Another rule of a composite alarm."""

    def make(stack: Stack) -> None:
        properties = stack.resources[id]["Properties"]
        if old not in properties["AlarmRule"]:
            raise ValueError(f"{id} has no {old}")
        properties["AlarmRule"] = properties["AlarmRule"].replace(old, new)

    return make


def filled_sum_of_what_was_sent(stack: Stack) -> None:
    """As it is often written: a sum that comes 15 minutes late, and until then is filled by 0."""
    properties = stack.resources["BatchFailed"]["Properties"]
    metric = {
        "Namespace": properties.pop("Namespace"),
        "MetricName": properties.pop("MetricName").replace(alarms.WAITING, alarms.SENT),
        "Dimensions": properties.pop("Dimensions"),
    }
    stat = {"Metric": metric, "Period": properties.pop("Period"), "Stat": "Sum"}
    properties["Metrics"] = [
        {"Id": "filled", "Expression": "FILL(sent, 0)"},
        {"Id": "sent", "ReturnData": "false", "MetricStat": stat},
    ]


def versions_stay(stack: Stack) -> None:
    for id, _ in stack.of_type("AWS::Lambda::Version"):
        stack.resources[id]["DeletionPolicy"] = "Retain"


def versions_are_alike(stack: Stack) -> None:
    for _, version in stack.of_type("AWS::Lambda::Version"):
        version["Description"] = "1"


def poll_twice(stack: Stack) -> None:
    """Two queues: together more requests than are free."""
    for id in ("ApiFailures", "BatchFailures"):
        stack.resources[f"Polls{id}"] = {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {"EventSourceArn": "${" + id + ".Arn}"},
        }


def without_bands(stack: Stack) -> None:
    for id, alarm in list(stack.of_type("AWS::CloudWatch::Alarm")):
        if "ThresholdMetricId" in alarm:
            del stack.resources[id]


def without_composites(stack: Stack) -> None:
    for id, _ in list(stack.of_type("AWS::CloudWatch::CompositeAlarm")):
        del stack.resources[id]


METRIC = {"Id": "m", "MetricStat": {}}
LARGE = json.dumps({"widgets": [{"properties": {"metrics": [["AWS/Lambda", f"M{each}"] for each in range(51)]}}]})
NETWORK = ("Policies", 1, "PolicyDocument", "Statement")
VARIABLES = ("Environment", "Variables")
DENIAL = ("PolicyDocument", "Statement", 0)
WORLD = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
METRIC = ("MetricStat", "Metric")
ALL = "all-alarms"
LIVE = "ApiFunctionAliaslive"
TRACKING = "TargetTrackingScalingPolicyConfiguration"

CALLS = {"Event": "s3:ObjectCreated:*", "Function": batches.LIVE}
SENDS = {"Event": "s3:ObjectCreated:*", "Queue": batches.LINES}
SUFFIX = {"Name": "suffix", "Value": ".txt"}
SENDER = ("PolicyDocument", "Statement", 1, "Condition")
BATCH = ("Policies", 0, "PolicyDocument", "Statement")
CLIENTS = ("SharedAccess", "PolicyDocument", "Statement", 1)
COUNTING = ("ApiRole", *BATCH, -1, "Condition")
COUNTED = ("BatchRole", *BATCH, -2, "Condition")
TURNS = ("BatchRole", *BATCH, -1, "Condition")
QUEUES = -1
OF_RULE = "${BatchFunctionContinue.Arn}"
SENDERS = (*SENDER, "ArnLike", "aws:SourceArn")
ANY_RULE = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"
CLOSED = ("Definition", "States", "CloseApi")
CLOSING = (*CLOSED, "Parameters")
BRANCH = (*CLOSED, "Branches", 0)
BREAKS = ("Policies", 0, "PolicyDocument", "Statement", 0)

MISTAKES: tuple[Mistake, ...] = (
    # access
    Mistake(access.no_action_is_a_wildcard, "s3:*", grant("s3:*", "${In.Arn}/*")),
    Mistake(
        access.no_action_is_a_wildcard,
        "a service may use the key as it likes",
        put("AlertsKey", "KeyPolicy", "Statement", 1, "Action", "kms:*"),
        PRODUCTION,
    ),
    Mistake(access.no_action_is_a_wildcard, "s3:Get*", grant("s3:Get*", "${In.Arn}/*")),
    Mistake(
        access.no_resource_is_a_wildcard_but_those_with_a_reason,
        "any table",
        grant("dynamodb:GetItem", "*"),
    ),
    Mistake(
        access.no_resource_is_a_wildcard_but_those_with_a_reason,
        "any object of a bucket",
        grant("s3:GetObject", "${LargeResults.Arn}/*"),
    ),
    Mistake(
        access.nobody_is_everybody,
        "a public bucket",
        put("InPolicy", *DENIAL, {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "x"}),
    ),
    Mistake(
        access.services_act_for_this_account_only, "any API", drop("ApiPermission", "SourceArn")
    ),
    Mistake(
        access.services_act_for_this_account_only,
        "any account's alarms",
        drop("AlertsPolicy", "PolicyDocument", "Statement", 1, "Condition"),
    ),
    Mistake(
        access.roles_are_for_one_service,
        "any account takes the role",
        put("ApiRole", "AssumeRolePolicyDocument", "Statement", 0, "Principal", {"AWS": "*"}),
    ),
    Mistake(
        access.no_policy_is_another_s,
        "a managed policy",
        put("ApiRole", "ManagedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"]),
    ),
    # alarms
    *(
        Mistake(alarms.a_message_that_waits_is_seen, what, make)
        for what, make in (
            ("no alarm", gone("BatchFailed")),
            ("what was sent", put("ApiFailed", "MetricName", alarms.SENT)),
            ("of another queue", put("ApiFailed", "Dimensions", 0, "Value", "${BatchFailures.QueueName}")),
            ("more than one", put("BatchFailed", "Threshold", 1)),
        )
    ),
    *(
        Mistake(alarms.a_message_that_waits_is_seen, what, make, "queue")
        for what, make in (
            ("not what failed", put("BatchFailed", "Dimensions", 0, "Value", "${BatchFailures.QueueName}")),
            ("not what was not delivered", gone("BatchUndelivered")),
        )
    ),
    *(
        Mistake(alarms.a_message_that_waits_too_long_is_seen, what, make, "queue")
        for what, make in (
            ("no alarm", gone("BatchWaits")),
            ("one of two", put("BatchLate", "MetricName", "AsyncEventAge")),
            ("too late", put("BatchWaits", "Threshold", 1_209_600)),
            ("the other one's", put("BatchWaits", "Dimensions", 0, "Value", "${BatchLines.QueueName}")),
        )
    ),
    Mistake(
        alarms.nothing_counts_what_was_sent,
        "in an expression",
        put("ApiFailed", "Metrics", [{"MetricStat": {"Metric": {"MetricName": alarms.SENT}}}]),
    ),
    Mistake(alarms.a_message_that_no_queue_took_is_seen, "no alarm", gone("BatchLost"), ALL),
    Mistake(alarms.few_alarms_are_free, "an eleventh metric", add(alarms.ALARM, MetricName="x")),
    Mistake(
        alarms.few_alarms_are_free,
        "a band",
        put("ApiNotLoaded", "ThresholdMetricId", "band"),
    ),
    Mistake(alarms.few_alarms_are_free, "a composite", add(alarms.COMPOSITE)),
    Mistake(alarms.the_runbook_has_every_alarm, "a new alarm", add(alarms.ALARM), ALL),
    Mistake(alarms.the_runbook_has_every_alarm, "one is gone", gone("BatchLate")),
    Mistake(
        alarms.the_runbook_has_every_alarm, "another price", drop("GatewayErrors", "Metrics", -1)
    ),
    Mistake(alarms.the_runbook_has_every_alarm, "no query", gone("ErrorsQuery"), ALL),
    Mistake(alarms.every_alarm_pages_by_one_way, "none", drop("BatchLate", "AlarmActions")),
    Mistake(alarms.every_alarm_pages_by_one_way, "two", put("ApiLost", "AlarmActions", ["${Alerts}"]), ALL),
    *(
        Mistake(alarms.every_alarm_pages_by_one_way, what, rule("Incident", old, new), ALL)
        for what, old, new in (
            ("not at all", 'OR ALARM("${ApiLost}")', ""),
            ("by both composites", 'OR ALARM("${ApiLost}")', 'OR ALARM("${ApiLost}") OR ALARM("${BatchLost}")'),
            ("what lasts", 'OR ALARM("${ApiLost}")', 'OR ALARM("${ApiLost}") OR ALARM("${ApiFailed}")'),
        )
    ),
    Mistake(
        alarms.what_is_filled_is_judged_twice, "one period", put("GatewayErrors", "DatapointsToAlarm", 1)
    ),
    Mistake(
        alarms.what_is_filled_is_judged_twice,
        "one look at a sum",
        put("BreakerFailed", "EvaluationPeriods", 1),
        "limited",
    ),
    *(
        Mistake(alarms.alarms_fire_as_the_table_says, what, make, form)
        for what, make, form in (
            ("milliseconds of a queue", put("BatchLate", "Threshold", 3_600_000), "queue"),
            ("of an API", put("GatewayErrors", "Metrics", 3, *METRIC, "MetricName", "Count"), "url"),
            ("throttles of a URL", put("GatewayErrors", "Metrics", 1, "Expression", "errors"), "url"),
            (
                "a lost permission of a URL",
                put(
                    "GatewayErrors",
                    "Metrics",
                    1,
                    "Expression",
                    "FILL(errors, 0) - FILL(notCached, 0) + FILL(throttles, 0) + 0 * FILL(invocations, 0)",
                ),
                "url",
            ),
            *(
                (
                    f"a stranger, {form}",
                    put(
                        "GatewayErrors",
                        "Metrics",
                        1,
                        "Expression",
                        "FILL(errors, 0) - FILL(notCached, 0) + FILL(throttles, 0)"
                        " + IF(10 * FILL(invocations, 0) < requests, requests, 0)",
                    ),
                    form,
                )
                for form in ("url", "busy-url")
            ),
        )
    ),
    *(
        Mistake(alarms.alarms_fire_as_the_table_says, what, make)
        for what, make in (
            ("a sum of what was sent, filled", filled_sum_of_what_was_sent),
            ("another function", put("ApiNotLoaded", "Dimensions", 0, "Value", "${BatchFunction}")),
            ("another API", put("GatewayErrors", "Metrics", 3, *METRIC, "Dimensions", 0, "Value", "${Apis}")),
            ("4xx", put("GatewayErrors", "Metrics", 3, *METRIC, "MetricName", "4xx")),
            ("only-if-cached counts", put("GatewayErrors", "Metrics", 1, "Expression", "errors + 0 * requests")),
            ("seconds, not milliseconds", put("BatchLate", "Threshold", 3600)),
        )
    ),
    *(
        Mistake(alarms.alarms_fire_as_the_table_says, what, make, ALL)
        for what, make in (
            ("an outage without FILL", put("ApiErrorShare", "Metrics", 1, "Expression", "server + errors")),
            ("no data is bad", put("ApiThrottles", "TreatMissingData", "breaching")),
            ("three of three", put("GatewayErrors", "DatapointsToAlarm", 3)),
            ("hits of Redis", put("RedisAway", "Metrics", 2, *METRIC, "MetricName", "RedisHits")),
        )
    ),
    Mistake(
        alarms.an_incident_pages_once, "a drop is soon over", put("BatchDropped", "Period", 60), ALL
    ),
    Mistake(
        alarms.quiet_days_page_nobody,
        "a band without a floor",
        rule("Incident", 'ALARM("${ApiManyColdStarts}") AND', ""),
        ALL,
    ),
    Mistake(alarms.quiet_days_page_nobody, "one request", put("BatchLate", "Threshold", 100)),
    # api
    *(
        Mistake(api.every_route_is_authorised, f"{route} is open", put(route, "AuthorizationType", "NONE"))
        for route in ("EverythingRoute",)
    ),
    Mistake(
        api.every_route_is_authorised,
        "tokens of another issuer",
        put("JwtAuthorizer", "JwtConfiguration", "Issuer", "https://evil.example.com"),
        "jwt",
    ),
    Mistake(
        api.every_route_is_authorised,
        "no audience",
        drop("JwtAuthorizer", "JwtConfiguration", "Audience"),
        "jwt",
    ),
    Mistake(
        api.every_route_is_authorised,
        "OPTIONS without browsers",
        add("AWS::ApiGatewayV2::Route", RouteKey=api.PREFLIGHT, AuthorizationType="NONE"),
    ),
    Mistake(api.no_route_is_hidden, "an OpenAPI body", put("Api", "Body", {"paths": {}})),
    Mistake(api.there_is_one_route_and_one_for_browsers, "no $default", gone("EverythingRoute")),
    Mistake(
        api.there_is_one_route_and_one_for_browsers,
        "a route of its own",
        add("AWS::ApiGatewayV2::Route", RouteKey="POST /v1/embeddings"),
    ),
    Mistake(api.there_is_one_route_and_one_for_browsers, "no OPTIONS", gone("PreflightRoute"), "jwt"),
    Mistake(
        api.routes_and_stage_are_made_one_after_another,
        "both routes",
        attribute("PreflightRoute", "DependsOn", None),
        "jwt",
    ),
    Mistake(
        api.routes_and_stage_are_made_one_after_another,
        "a route and the stage",
        attribute("ApiStage", "DependsOn", None),
    ),
    Mistake(
        api.every_route_goes_to_live,
        "the function, not its alias",
        put("ApiIntegration", "IntegrationUri", "${ApiFunction.Arn}"),
    ),
    Mistake(
        api.every_route_goes_to_live,
        "the older payload",
        put("ApiIntegration", "PayloadFormatVersion", "1.0"),
    ),
    Mistake(api.requests_are_throttled_and_logged, "no throttle", drop("ApiStage", "DefaultRouteSettings")),
    Mistake(api.requests_are_throttled_and_logged, "no logs", drop("ApiStage", "AccessLogSettings")),
    Mistake(
        api.access_logs_say_what_was_called,
        "only the route",
        put("ApiStage", "AccessLogSettings", "Format", '{"route":"$context.routeKey"}'),
    ),
    Mistake(
        api.access_logs_say_what_was_called,
        "not JSON",
        put("ApiStage", "AccessLogSettings", "Format", "$context.path"),
    ),
    Mistake(
        api.access_logs_say_what_was_called,
        "not Lambda's id",
        replaced("ApiStage", "$context.integration.requestId", "", "AccessLogSettings", "Format"),
    ),
    Mistake(
        api.access_logs_say_what_was_called,
        "not the caller",
        replaced("ApiStage", "$context.identity.userArn", "", "AccessLogSettings", "Format"),
    ),
    Mistake(
        api.browsers_only_from_chosen_origins,
        "any page",
        put("Api", "CorsConfiguration", {"AllowOrigins": ["*"]}),
    ),
    Mistake(
        api.the_domain_speaks_new_tls,
        "old TLS",
        put("Domain", "DomainNameConfigurations", 0, "SecurityPolicy", "TLS_1_0"),
        "own-domain",
    ),
    Mistake(
        api.a_domain_is_the_only_door,
        "the other host name is open",
        put("Api", "DisableExecuteApiEndpoint", False),
        "own-domain",
    ),
    Mistake(
        api.browsers_only_from_chosen_origins,
        "any page calls the URL",
        put("ApiUrl", "Cors", "AllowOrigins", ["*"]),
        "url",
    ),
    *(
        Mistake(api.there_is_the_chosen_door_and_no_other, what, make, set)
        for what, make, set in (
            ("a function URL", add("AWS::Lambda::Url", AuthType="NONE"), DEFAULT),
            ("an API", add("AWS::ApiGatewayV2::Api", ProtocolType="HTTP"), "url"),
            ("no API", gone("Api"), DEFAULT),
            ("no URL", gone("ApiUrl"), "url"),
        )
    ),
    *(
        Mistake(api.a_url_leads_to_live_and_asks_who_calls, what, make, "url")
        for what, make in (
            ("open", put("ApiUrl", "AuthType", "NONE")),
            ("the newest code", drop("ApiUrl", "Qualifier")),
            ("another function", put("ApiUrl", "TargetFunctionArn", "${BatchFunction}")),
            ("too early", attribute("ApiUrl", "DependsOn", None)),
        )
    ),
    *(
        Mistake(api.everybody_may_call_only_an_open_url, what, make, set)
        for what, make, set in (
            ("one permission", gone("UrlInvokePermission"), "open-url"),
            ("the other", gone("UrlPermission"), "open-url"),
            ("not only by URL", drop("UrlInvokePermission", "InvokedViaFunctionUrl"), "open-url"),
            (
                "with IAM",
                add("AWS::Lambda::Permission", Action="lambda:InvokeFunction", Principal="*", FunctionName="x"),
                "url",
            ),
        )
    ),
    # buckets
    *(
        Mistake(buckets.block_public_access, block, put("Out", "PublicAccessBlockConfiguration", block, False))
        for block in buckets.BLOCKS
    ),
    Mistake(buckets.block_public_access, "a new bucket", add("AWS::S3::Bucket")),
    Mistake(buckets.encrypt, "no encryption", drop("Models", "BucketEncryption")),
    Mistake(buckets.refuse_plain_http, "no policy", gone("InPolicy")),
    Mistake(buckets.refuse_plain_http, "objects left out", put("InPolicy", *DENIAL, "Resource", "${In.Arn}")),
    Mistake(
        buckets.refuse_plain_http,
        "refuses TLS instead",
        put("InPolicy", *DENIAL, "Condition", "Bool", "aws:SecureTransport", "true"),
    ),
    Mistake(
        buckets.abort_unfinished_uploads,
        "of a prefix only",
        lifecycle("Out", Prefix="x/", AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}),
    ),
    Mistake(buckets.abort_unfinished_uploads, "not at all", drop("LargeResults", "LifecycleConfiguration")),
    Mistake(buckets.forget_old_versions, "for ever", lifecycle("In", ExpirationInDays=5)),
    Mistake(buckets.move_to_intelligent_tiering, "no tiering", drop("Models", "LifecycleConfiguration")),
    Mistake(
        buckets.what_is_soon_deleted_is_not_tiered,
        "results of a month",
        put(
            "LargeResults",
            "LifecycleConfiguration",
            "Rules",
            [
                {"Status": "Enabled", "Transitions": [{"StorageClass": "INTELLIGENT_TIERING"}]},
                {"Status": "Enabled", "ExpirationInDays": 31},
            ],
        ),
    ),
    Mistake(
        buckets.what_is_soon_deleted_is_not_tiered,
        "batches of a month",
        put(
            "In",
            "LifecycleConfiguration",
            "Rules",
            [
                {"Status": "Enabled", "Transitions": [{"StorageClass": "INTELLIGENT_TIERING"}]},
                {"Status": "Enabled", "ExpirationInDays": 30},
            ],
        ),
        "short-batches",
    ),
    Mistake(
        buckets.batches_are_kept_as_long_as_chosen,
        "answers for ever",
        lifecycle("Out", AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}),
        "short-batches",
    ),
    Mistake(
        buckets.batches_are_kept_as_long_as_chosen,
        "input not chosen",
        lifecycle("In", ExpirationInDays=30),
    ),
    *(
        Mistake(
            buckets.archive_only_where_chosen,
            f"archive tiers of {bucket}",
            put(bucket, "IntelligentTieringConfigurations", [{"Id": "archive"}]),
            "bucket-models",
        )
        for bucket in ("Models", "LargeResults")
    ),
    Mistake(
        buckets.archive_only_where_chosen,
        "a glacier by lifecycle",
        lifecycle("Models", Transitions=[{"StorageClass": "GLACIER"}]),
    ),
    Mistake(
        buckets.archive_only_where_chosen, "not asked for", put("In", "IntelligentTieringConfigurations", [{}])
    ),
    # dashboards
    Mistake(
        dashboards.a_dashboard_has_at_most_50_metrics,
        "every metric of a list",
        put(
            "Dashboard",
            "DashboardBody",
            json.dumps({"widgets": [{"type": "metric", "y": 0, "properties": {"metrics": MANY}}]}),
        ),
    ),
    Mistake(
        dashboards.a_dashboard_answers_first_what_an_on_call_asks,
        "availability further down",
        replaced("Dashboard", '"x": 0, "y": 3', '"x": 0, "y": 99', "DashboardBody"),
    ),
    Mistake(
        dashboards.a_dashboard_lists_the_last_errors,
        "only the API's",
        replaced("Dashboard", "| SOURCE '${BatchLogs}' ", "", "DashboardBody"),
    ),
    # data
    Mistake(data.table_is_on_demand_and_forgets, "provisioned", put("Results", "BillingMode", "PROVISIONED")),
    Mistake(data.table_is_on_demand_and_forgets, "no TTL", drop("Results", "TimeToLiveSpecification")),
    Mistake(data.table_can_be_recovered, "no recovery", drop("Results", "PointInTimeRecoverySpecification")),
    Mistake(data.table_can_be_recovered, "no encryption", drop("Results", "SSESpecification")),
    Mistake(data.table_can_be_recovered, "not protected", put("Results", "DeletionProtectionEnabled", False), "watched"),
    Mistake(data.queues_are_encrypted, "plain", drop("ApiFailures", "SqsManagedSseEnabled")),
    Mistake(data.queues_and_topics_refuse_plain_http, "queues", gone("FailuresPolicy")),
    Mistake(data.queues_and_topics_refuse_plain_http, "the topic", gone("AlertsPolicy")),
    Mistake(data.topics_are_encrypted_as_chosen, "plain", drop("Alerts", "KmsMasterKeyId"), PRODUCTION),
    *(
        Mistake(
            data.topics_are_encrypted_as_chosen, "AWS's key", put("Alerts", "KmsMasterKeyId", "alias/aws/sns"), each
        )
        for each in (STARTER, PRODUCTION)
    ),
    Mistake(data.keys_are_changed_by_the_year, "never", drop("AlertsKey", "EnableKeyRotation"), PRODUCTION),
    Mistake(data.logs_are_kept_as_long_as_chosen, "for ever", drop("ApiLogs", "RetentionInDays")),
    Mistake(
        data.only_logs_without_metrics_are_infrequent,
        "the functions' lines",
        put("ApiLogs", "LogGroupClass", "INFREQUENT_ACCESS"),
    ),
    Mistake(
        data.only_logs_without_metrics_are_infrequent,
        "the access log",
        drop("AccessLogs", "LogGroupClass"),
    ),
    Mistake(data.functions_log_where_that_holds, "elsewhere", drop("BatchFunction", "LoggingConfig")),
    Mistake(
        data.functions_log_where_that_holds,
        "lines for every invocation",
        drop("ApiFunction", "LoggingConfig", "SystemLogLevel"),
    ),
    Mistake(
        data.saved_queries_read_lines_that_are_written,
        "Lambda's durations",
        put("SlowQuery", "QueryString", "stats max(@duration) by bin(1h)"),
    ),
    Mistake(
        data.saved_queries_read_lines_that_are_written,
        "another log",
        put("CostQuery", "LogGroupNames", ["/aws/lambda/other"]),
    ),
    Mistake(data.data_outlives_the_stack, "a bucket", attribute("In", "DeletionPolicy", "Delete")),
    Mistake(data.data_outlives_the_stack, "after a failed deploy", attribute("In", "DeletionPolicy", "Retain")),
    Mistake(data.data_outlives_the_stack, "a table", attribute("Results", "UpdateReplacePolicy", "Delete")),
    Mistake(data.data_outlives_the_stack, "a queue", attribute("BatchFailures", "DeletionPolicy", None)),
    Mistake(data.nothing_refers_to_what_is_not_made, "a topic", gone("Alerts")),
    Mistake(data.nothing_refers_to_what_is_not_made, "order", attribute("In", "DependsOn", "Nothing")),
    # first deploy
    *(
        Mistake(first.defaults_need_no_higher_quota, what, make)
        for what, make in (
            ("two vCPUs", put("BatchFunction", "MemorySize", "3538")),
            ("reserved", put("BatchFunction", "ReservedConcurrentExecutions", 1)),
            ("provisioned", put(LIVE, "ProvisionedConcurrencyConfig", {"ProvisionedConcurrentExecutions": 1})),
            ("scaled", add("AWS::ApplicationAutoScaling::ScalableTarget")),
        )
    ),
    *(
        Mistake(first.roles_may_make_network_interfaces_from_the_start, what, make, PRODUCTION)
        for what, make in (
            ("not at all", drop("BatchRole", "Policies", 1)),
            ("some only", put("ApiRole", *NETWORK, 0, "Resource", "arn:aws:ec2:us-east-1:1:subnet/*")),
            ("not deleted", put("ApiRole", *NETWORK, 0, "Action", sorted(first.INTERFACES)[:5])),
            ("by the code", drop("ApiRole", *NETWORK, 1)),
            ("by no code", drop("ApiRole", *NETWORK, 1, "Condition")),
            ("not only these", put("ApiRole", *NETWORK, 1, "Action", ["s3:GetObject"])),
            ("in a policy that may be late", grant("ec2:CreateNetworkInterface", "*")),
        )
    ),
    Mistake(
        first.roles_may_make_network_interfaces_from_the_start,
        "without a network",
        drop("ApiFunction", "VpcConfig"),
        PRODUCTION,
    ),
    Mistake(first.a_failed_first_deploy_leaves_nothing, "a table", attribute("Results", "DeletionPolicy", "Retain")),
    Mistake(
        first.a_failed_first_deploy_leaves_nothing,
        "a protected table",
        put("Results", "DeletionProtectionEnabled", True),
    ),
    # functions
    Mistake(
        functions.models_are_as_chosen,
        "no lock",
        drop("ApiFunction", "Environment", "Variables", "PILOTLIGHT_MODELS_LOCK"),
        "locked-models",
    ),
    Mistake(
        functions.models_are_as_chosen,
        "a lock that nobody chose",
        put("BatchFunction", "Environment", "Variables", "PILOTLIGHT_MODELS_LOCK", "0" * 32),
    ),
    Mistake(functions.models_are_as_chosen, "another /tmp", put("ApiFunction", "EphemeralStorage", "Size", "1024")),
    Mistake(
        functions.another_lock_is_another_version,
        "without the lock",
        put("BatchFunction", "Description", "1: provided.al2023"),
        "locked-models",
    ),
    Mistake(functions.another_lock_is_another_version, "too long", put("ApiFunction", "Description", "x" * 257)),
    Mistake(functions.run_what_was_chosen, "runtime", put("ApiFunction", "Runtime", "java21")),
    Mistake(functions.run_what_was_chosen, "handler", put("BatchFunction", "Handler", "a.B::c")),
    Mistake(functions.run_what_was_chosen, "processor", drop("ApiFunction", "Architectures"), "arm64"),
    Mistake(functions.run_what_was_chosen, "image", put("ApiFunction", "PackageType", "Image")),
    Mistake(functions.run_what_was_chosen, "a third one", add("AWS::Lambda::Function")),
    Mistake(functions.live_is_what_is_called, "no alias", gone("BatchFunctionAliaslive")),
    Mistake(
        functions.live_is_what_is_called,
        "the function is",
        put("ApiPermission", "FunctionName", "${ApiFunction}"),
    ),
    Mistake(
        functions.provisioned_only_if_chosen,
        "nothing provisioned",
        drop(LIVE, "ProvisionedConcurrencyConfig"),
        "provisioned",
    ),
    Mistake(
        functions.provisioned_only_if_chosen,
        "billed though not chosen",
        put(LIVE, "ProvisionedConcurrencyConfig", {"ProvisionedConcurrentExecutions": 1}),
    ),
    Mistake(
        functions.snapstart_only_if_chosen,
        "chosen in vain",
        drop("ApiFunction", "SnapStart"),
        "snapstart",
    ),
    Mistake(
        functions.snapstart_only_if_chosen,
        "not chosen",
        put("ApiFunction", "SnapStart", {"ApplyOn": "PublishedVersions"}),
        "managed-runtime",
    ),
    Mistake(
        functions.never_both,
        "both",
        put(LIVE, "ProvisionedConcurrencyConfig", {"ProvisionedConcurrentExecutions": 1}),
        "snapstart",
    ),
    Mistake(
        functions.never_both, "a runtime of ours", put("ApiFunction", "Runtime", "provided.al2023"), "snapstart"
    ),
    *(
        Mistake(functions.provisioned_is_scaled, what, make, "provisioned")
        for what, make in (
            ("to 50", put("ProvisionedTarget", "MaxCapacity", 50)),
            ("to 0", put("ProvisionedTarget", "MinCapacity", 0)),
            ("the function", put("ProvisionedTarget", "ResourceId", "function:${ApiFunction}")),
            ("not", gone("ProvisionedTarget")),
            ("too early", attribute("ProvisionedTarget", "DependsOn", None)),
        )
    ),
    Mistake(
        functions.provisioned_is_scaled,
        "never up",
        drop("ProvisionedTarget", "ScheduledActions", 0),
        "scheduled",
    ),
    Mistake(
        functions.provisioned_follows_its_use,
        "too full",
        put("ProvisionedTracking", TRACKING, "TargetValue", 0.95),
        "provisioned",
    ),
    Mistake(
        functions.concurrency_is_reserved_only_if_chosen,
        "reserved",
        put("ApiFunction", "ReservedConcurrentExecutions", 10),
    ),
    Mistake(functions.old_versions_are_deleted, "kept", versions_stay),
    Mistake(
        functions.failures_are_kept, "lost", drop("BatchFunctionEventInvokeConfig", "DestinationConfig")
    ),
    Mistake(
        functions.failures_are_kept, "of another", put("ApiFunctionEventInvokeConfig", "Qualifier", "$LATEST")
    ),
    Mistake(functions.batches_may_go_on, "stopped", drop("BatchFunction", "RecursiveLoop")),
    Mistake(functions.batches_may_go_on, "API may", put("ApiFunction", "RecursiveLoop", "Allow")),
    Mistake(functions.trace_as_chosen, "not traced", drop("ApiFunction", "TracingConfig"), "traced"),
    Mistake(
        functions.a_bad_version_is_rolled_back,
        "no alarm",
        drop("ApiFunctionDeploymentGroup", "AlarmConfiguration"),
    ),
    Mistake(
        functions.a_bad_version_is_rolled_back,
        "by errors of any version",
        drop("ApiRollback", "Dimensions"),
    ),
    Mistake(functions.a_bad_version_is_rolled_back, "all at once", chosen("Deployment", "AllAtOnce")),
    *(
        Mistake(functions.a_new_version_is_tested_before_traffic, what, make)
        for what, make in (
            ("not at all", attribute(LIVE, "UpdatePolicy", {"CodeDeployLambdaAliasUpdate": {}})),
            ("by a name that may not be called", put("PreTraffic", "FunctionName", "hook")),
            ("an older one", put("PreTraffic", "Environment", "Variables", "VERSION", "${Other}")),
            ("it may not report", drop("PreTrafficAccess", "PolicyDocument", "Statement", 2)),
            ("it may not call", drop("PreTrafficAccess", "PolicyDocument", "Statement", 1)),
            ("CodeDeploy may not", drop("DeploymentRole", "Policies", 0, "PolicyDocument", "Statement", 1)),
        )
    ),
    # batches
    Mistake(batches.every_object_starts_a_batch, "none", drop("In", "NotificationConfiguration")),
    *(
        Mistake(batches.every_object_starts_a_batch, what, put("In", "NotificationConfiguration", way), set)
        for what, way, set in (
            ("by suffix", {"LambdaConfigurations": [{**CALLS, "Filter": {"S3Key": {"Rules": [SUFFIX]}}}]}, DEFAULT),
            ("some events", {"LambdaConfigurations": [{**CALLS, "Event": "s3:ObjectCreated:Put"}]}, DEFAULT),
            ("called at once", {"LambdaConfigurations": [CALLS]}, "queue"),
            ("twice", {"LambdaConfigurations": [CALLS], "QueueConfigurations": [SENDS]}, "queue"),
            ("to another queue", {"QueueConfigurations": [{**SENDS, "Queue": "${BatchDead.Arn}"}]}, "queue"),
        )
    ),
    Mistake(batches.what_goes_on_has_a_way_of_its_own, "Out is deaf", drop("Out", "NotificationConfiguration")),
    Mistake(batches.what_goes_on_has_a_way_of_its_own, "no rule", gone("BatchFunctionContinue")),
    Mistake(
        batches.what_goes_on_has_a_way_of_its_own,
        "behind new objects",
        put("BatchFunctionContinue", "Targets", 0, "Arn", batches.LINES),
        "queue",
    ),
    Mistake(batches.the_bucket_is_made_after_what_it_calls, "any time", attribute("In", "Metadata", None)),
    Mistake(batches.the_bucket_is_made_after_what_it_calls, "any time", attribute("In", "Metadata", None), "queue"),
    Mistake(
        batches.only_the_bucket_and_the_rule_may_send, "any bucket", drop("BatchFunctionLinesPermission", "SourceArn")
    ),
    *(
        Mistake(batches.only_the_bucket_and_the_rule_may_send, what, make, "queue")
        for what, make in (
            ("another bucket", put("BatchLinesPolicy", *SENDER, "ArnEquals", "aws:SourceArn", "${Out.Arn}")),
            ("a bucket whose name another account may take", drop("BatchLinesPolicy", *SENDER, "StringEquals")),
            ("any rule", drop("BatchContinuationsPolicy", *SENDER, "ArnLike")),
            ("not the rule of a version before", drop("BatchContinuationsPolicy", *SENDERS, 1)),
            ("not the rule", drop("BatchContinuationsPolicy", *SENDERS, 0)),
            ("any rule of the account", put("BatchContinuationsPolicy", *SENDERS, 1, ANY_RULE)),
            ("any rule may fail", drop("FailuresPolicy", *SENDER)),
            ("a rule of another name", put(batches.CONTINUE, "Name", "continue")),
            ("not what S3 had on its way", gone("BatchFunctionLinesPermission")),
            ("not what EventBridge repeats", gone("BatchFunctionContinuePermission")),
            ("nobody", gone("BatchLinesPolicy")),
            ("another name", put("In", "BucketName", "pilotlight-in")),
            ("past the queue", add(batches.PERMISSION, FunctionName=batches.LIVE, Principal="s3.amazonaws.com")),
        )
    ),
    Mistake(batches.only_the_bucket_and_the_rule_may_send, "it may not fail", gone("FailuresPolicy")),
    *(
        Mistake(batches.the_rule_sends_where_it_may, what, make, form)
        for what, make, form in (
            ("before the policy", attribute(batches.CONTINUE, "Metadata", None), "queue"),
            ("before the permission", attribute(batches.CONTINUE, "DependsOn", ["FailuresPolicy"]), DEFAULT),
            ("before it may fail", attribute(batches.CONTINUE, "DependsOn", "BatchFunctionContinuePermission"), DEFAULT),
            ("a policy of the rule", put("BatchContinuationsPolicy", *SENDER, "ArnEquals", OF_RULE), "queue"),
            ("a permission of the rule", put("BatchFunctionContinuePermission", "SourceArn", OF_RULE), DEFAULT),
        )
    ),
    *(
        Mistake(batches.a_continuation_that_is_not_delivered_is_kept, what, make, form)
        for form in (DEFAULT, "queue")
        for what, make in (
            ("nowhere", drop(batches.CONTINUE, "Targets", 0, "DeadLetterConfig")),
            ("elsewhere", put(batches.CONTINUE, "Targets", 0, "DeadLetterConfig", "Arn", "${ApiFailures.Arn}")),
        )
    ),
    *(
        Mistake(batches.a_queue_that_goes_keeps_its_messages, id, attribute(id, "DeletionPolicy", None), "queue")
        for id in ("BatchContinuations", "BatchLinesPolicy", "BatchContinuationsPolicy")
    ),
    *(
        Mistake(batches.messages_come_one_at_a_time_to_live, what, make, "queue")
        for what, make in (
            ("ten", put("BatchLinesSource", "BatchSize", 10)),
            ("by standard", drop("BatchLinesSource", "BatchSize")),
            ("after a while", put("BatchLinesSource", "MaximumBatchingWindowInSeconds", 5)),
            ("some fail", put("BatchLinesSource", "FunctionResponseTypes", ["ReportBatchItemFailures"])),
            ("some are dropped", put("BatchLinesSource", "FilterCriteria", {"Filters": []})),
            ("none", put("BatchLinesSource", "Enabled", False)),
            ("any version", put("BatchLinesSource", "FunctionName", "${BatchFunction}")),
            ("no limit", drop("BatchContinuationsSource", "ScalingConfig")),
            ("one", put("BatchContinuationsSource", "ScalingConfig", "MaximumConcurrency", "1")),
            ("no continuations", gone("BatchContinuationsSource")),
        )
    ),
    Mistake(batches.messages_come_one_at_a_time_to_live, "not chosen", add(batches.MAPPING, BatchSize=1)),
    Mistake(batches.batches_have_one_limit, "two", put("BatchFunction", "ReservedConcurrentExecutions", "5"), "queue"),
    Mistake(batches.batches_have_one_limit, "none", chosen("BatchReservedConcurrency", "5")),
    *(
        Mistake(batches.a_message_outlives_an_invocation, what, make, "queue")
        for what, make in (
            ("while it runs", put("BatchLines", "VisibilityTimeout", 900)),
            ("an hour later", put("BatchLines", "VisibilityTimeout", 5400)),
            ("by standard", drop("BatchContinuations", "VisibilityTimeout")),
            ("four days", drop("BatchContinuations", "MessageRetentionPeriod")),
            ("late", put("BatchLines", "DelaySeconds", 60)),
        )
    ),
    *(
        Mistake(batches.a_message_that_fails_five_times_is_kept, what, make, "queue")
        for what, make in (
            ("for ever", drop("BatchLines", "RedrivePolicy")),
            ("once", put("BatchLines", "RedrivePolicy", "maxReceiveCount", 1)),
            ("fewer than AWS advises", put("BatchContinuations", "RedrivePolicy", "maxReceiveCount", 3)),
            ("to the other", put("BatchLines", "RedrivePolicy", "deadLetterTargetArn", batches.CONTINUATIONS)),
            ("for four days", drop("BatchDead", "MessageRetentionPeriod")),
        )
    ),
    Mistake(batches.the_function_may_read_its_queues, "neither", drop("BatchRole", *BATCH, QUEUES), "queue"),
    Mistake(
        batches.the_function_may_read_its_queues,
        "one",
        put("BatchRole", *BATCH, QUEUES, "Resource", [batches.LINES]),
        "queue",
    ),
    # network
    *(
        Mistake(
            network.nothing_enters_from_outside,
            f"from {source}",
            put("CacheSecurityGroup", "SecurityGroupIngress", [{**WORLD, way: source}]),
            PRODUCTION,
        )
        for way, source in (
            ("CidrIp", "0.0.0.0/0"),
            ("CidrIpv6", "::/0"),
            ("CidrIp", "10.0.0.0/8"),
            ("SourceSecurityGroupId", "sg-0123456789abcdef0"),
        )
    ),
    Mistake(
        network.nothing_enters_from_outside,
        "by a rule of its own",
        add("AWS::EC2::SecurityGroupIngress", **WORLD, CidrIp="0.0.0.0/0"),
    ),
    *(Mistake(network.nothing_is_public, kind, add(kind)) for kind in network.WAYS_OUT),
    Mistake(network.nothing_is_public, "public addresses", put("SubnetA", "MapPublicIpOnLaunch", True), PRODUCTION),
    Mistake(network.a_network_only_with_a_cache_of_ours, "a VPC", add("AWS::EC2::VPC")),
    Mistake(
        network.a_network_only_with_a_cache_of_ours,
        "a second cache",
        add("AWS::ElastiCache::ServerlessCache"),
        "existing-cache",
    ),
    Mistake(network.functions_run_beside_the_cache, "outside", drop("ApiFunction", "VpcConfig"), PRODUCTION),
    Mistake(
        network.functions_run_beside_the_cache,
        "inside",
        put("ApiFunction", "VpcConfig", {"SubnetIds": ["subnet-0"]}),
    ),
    Mistake(network.tables_and_buckets_are_reached_for_free, "no S3", gone("S3Endpoint"), PRODUCTION),
    Mistake(network.tables_and_buckets_are_reached_for_free, "no route", gone("SubnetBRoutes"), PRODUCTION),
    Mistake(
        network.tables_and_buckets_are_reached_for_free,
        "one that costs",
        put("DynamoDbEndpoint", "VpcEndpointType", "Interface"),
        PRODUCTION,
    ),
    Mistake(
        network.endpoints_allow_what_the_roles_may_do,
        "a table's action that does not pass",
        put("DynamoDbEndpoint", "PolicyDocument", "Statement", 0, "Action", ["dynamodb:GetItem"]),
        PRODUCTION,
    ),
    Mistake(
        network.endpoints_allow_what_the_roles_may_do,
        "a bucket's action that does not pass",
        grant("s3:GetObjectTagging", "${LargeResults.Arn}/results/*"),
        PRODUCTION,
    ),
    Mistake(
        network.endpoints_allow_what_the_roles_may_do,
        "a table that does not pass",
        put("DynamoDbEndpoint", "PolicyDocument", "Statement", 0, "Resource", "${Other.Arn}"),
        PRODUCTION,
    ),
    Mistake(
        network.endpoints_allow_what_the_roles_may_do,
        "a role that does not pass",
        put("S3Endpoint", "PolicyDocument", "Statement", 0, "Condition", "ArnEquals", "aws:PrincipalArn", "${ApiRole.Arn}"),
        PRODUCTION,
    ),
    Mistake(network.only_functions_reach_the_cache, "anybody", drop("Valkey", "UserGroupId"), PRODUCTION),
    Mistake(
        network.only_functions_reach_the_cache,
        "another group",
        put("CacheSecurityGroup", "SecurityGroupIngress", 0, "SourceSecurityGroupId", "${CacheSecurityGroup}"),
        PRODUCTION,
    ),
    Mistake(
        network.cache_users_are_known,
        "no password",
        put("CacheUser", "AuthenticationMode", {"Type": "no-password-required"}),
        PRODUCTION,
    ),
    Mistake(network.cache_users_are_known, "a password", put("CacheUser", "AuthenticationMode", "Type", "password"), PRODUCTION),
    # presets
    Mistake(presets.every_type_has_a_price, "a gateway by the hour", add("AWS::EC2::NatGateway")),
    Mistake(
        presets.every_type_has_a_price,
        "an endpoint by the hour",
        put("S3Endpoint", "VpcEndpointType", "Interface"),
        PRODUCTION,
    ),
    *(
        Mistake(presets.starter_has_nothing_that_is_billed_unused, what, make, each)
        for each in (DEFAULT, STARTER)
        for what, make in (
            ("a network", add("AWS::EC2::VPC")),
            ("a cache", add("AWS::ElastiCache::ServerlessCache")),
            ("a key", add("AWS::KMS::Key")),
            ("a composite", add("AWS::CloudWatch::CompositeAlarm")),
            ("in a network", put("BatchFunction", "VpcConfig", {"SubnetIds": ["subnet-0"]})),
            ("traces", put("ApiFunction", "TracingConfig", {"Mode": "Active"})),
        )
    ),
    *(
        Mistake(presets.starter_stays_in_the_free_tier, what, make, STARTER)
        for what, make in (
            ("an alarm of many metrics", put("ApiFailed", "Metrics", [METRIC] * 4)),
            ("a band", add("AWS::CloudWatch::Alarm", Metrics=[METRIC], ThresholdMetricId="band")),
            ("two dashboards", add("AWS::CloudWatch::Dashboard", DashboardBody='{"widgets": []}')),
            ("a large dashboard", put("Dashboard", "DashboardBody", LARGE)),
            ("environments that wait", put(LIVE, "ProvisionedConcurrencyConfig", {"ProvisionedConcurrentExecutions": 1})),
            ("queues that are polled", poll_twice),
        )
    ),
    *(
        Mistake(presets.every_alarm_of_starter_pages, f"{alarm} is silent", drop(alarm, "AlarmActions"), STARTER)
        for alarm in ("ApiFailed", "BatchFailed")
    ),
    *(
        Mistake(presets.production_is_fast_and_bounded, what, make, each)
        for each in (PRODUCTION, BUSY)
        for what, make in (
            ("no cache", gone("Valkey")),
            ("cold", drop(LIVE, "ProvisionedConcurrencyConfig")),
            ("never more", gone("ProvisionedTracking")),
            ("nothing reserved", drop("ApiFunction", "ReservedConcurrentExecutions")),
            ("too few reserved", put("ApiFunction", "ReservedConcurrentExecutions", 4)),
        )
    ),
    *(
        Mistake(presets.production_is_watched, what, make, each)
        for each in (PRODUCTION, BUSY)
        for what, make in (
            ("by nobody", drop("Alerts", "Subscription")),
            ("no bands", without_bands),
            ("each alarm by itself", without_composites),
            ("no budget", gone("Budget")),
            ("the whole account", drop("Budget", "Budget", "CostFilters")),
        )
    ),
    Mistake(presets.busy_runs_on_arm, "one does not", put("BatchFunction", "Architectures", ["x86_64"]), BUSY),
    # tenants
    *(
        Mistake(tenants.both_functions_have_one_rule, what, make, each)
        for each in (STARTER, PRODUCTION, BUSY)
        for what, make in (
            ("another for batches", put("BatchFunction", *VARIABLES, "PILOTLIGHT_TENANT_FROM", "principal")),
            ("none for the API", drop("ApiFunction", *VARIABLES, "PILOTLIGHT_TENANT_FROM")),
            ("folders", put("BatchFunction", *VARIABLES, "PILOTLIGHT_BATCH_TENANT_FROM", "folder")),
        )
    ),
    Mistake(tenants.both_functions_have_one_rule, "not the one chosen", chosen("TenantFrom", "principal")),
    *(
        Mistake(tenants.the_authorizer_gives_what_the_rule_reads, what, make, each)
        for each, what, make in (
            (PRODUCTION, "claims", put("ApiFunction", *VARIABLES, "PILOTLIGHT_TENANT_FROM", "claim:sub")),
            ("cognito-tenants", "nobody", put("EverythingRoute", "AuthorizationType", "NONE")),
            ("jwt", "signatures", put("EverythingRoute", "AuthorizationType", "AWS_IAM")),
        )
    ),
    *(
        Mistake(tenants.keys_are_checked_if_chosen, what, make, each)
        for each, what, make in (
            ("keys", "not by the API", put("ApiFunction", *VARIABLES, "PILOTLIGHT_AUTH", "gateway")),
            ("keys-url", "not at the URL", drop("ApiFunction", *VARIABLES, "PILOTLIGHT_AUTH")),
            ("keys", "not by batches", put("BatchFunction", *VARIABLES, "PILOTLIGHT_AUTH", "gateway")),
            ("keys", "in another table", put("ApiFunction", *VARIABLES, "PILOTLIGHT_CLIENTS_TABLE", "${Results}")),
            ("keys", "in no table", gone("Clients")),
            (STARTER, "unasked for", put("ApiFunction", *VARIABLES, "PILOTLIGHT_AUTH", "keys")),
        )
    ),
    *(
        Mistake(tenants.only_counters_of_clients_are_written, what, make, "keys")
        for what, make in (
            ("the function makes keys", put(*CLIENTS, "Action", "dynamodb:PutItem")),
            ("all tables", put(*CLIENTS, "Resource", "${Clients.Arn}/*")),
            ("plans are changed", put(*COUNTING, "ForAllValues:StringEquals", "dynamodb:Attributes", 0, "plan")),
            ("tenants expire", put(*COUNTING, "ForAllValues:StringLike", "dynamodb:LeadingKeys", 0, "tenant#*")),
            ("every attribute is changed", drop(*COUNTING, "ForAllValues:StringEquals")),
            ("a batch changes plans", put(*COUNTED, "ForAllValues:StringEquals", "dynamodb:Attributes", 0, "plan")),
            ("a batch deletes counters", put(*TURNS, "ForAllValues:StringLike", "dynamodb:LeadingKeys", 0, "counts#*")),
            ("a batch deletes tenants", drop(*TURNS, "ForAllValues:StringLike")),
        )
    ),
    Mistake(
        tenants.only_counters_of_clients_are_written, "batches of the stack", chosen("BatchTenantFrom", "stack"), "keys"
    ),
    *(
        Mistake(tenants.batches_that_wait_are_looked_for, what, make, each)
        for each, what, make in (
            ("keys", "never", drop(batches.CONTINUE, "ScheduleExpression")),
            (STARTER, "unasked for", put(batches.CONTINUE, "ScheduleExpression", "rate(5 minutes)")),
        )
    ),
    *(
        Mistake(tenants.limits_are_as_chosen, what, make, each)
        for each, what, make in (
            ("keys", "other plans", put("ApiFunction", *VARIABLES, "PILOTLIGHT_PLANS", "off")),
            ("keys", "no operator", drop("ApiFunction", *VARIABLES, "PILOTLIGHT_OPERATOR_TENANT")),
            ("keys", "another share", put("ApiFunction", *VARIABLES, "PILOTLIGHT_LIMITS_ENVIRONMENTS", "1")),
            (STARTER, "unasked for", put("ApiFunction", *VARIABLES, "PILOTLIGHT_PLANS", "default")),
        )
    ),
    *(
        Mistake(tenants.tenants_are_ranked_if_chosen, what, make, each)
        for each, what, make in (
            ("keys", "not at all", gone("UsageRule")),
            ("keys-url", "unasked for", add("AWS::CloudWatch::InsightRule", **RANKED)),
            ("keys", "while it is off", put("UsageRule", "RuleState", "DISABLED")),
            ("keys", "by all lines", replaced("UsageRule", '[{"Match": "$.message", "In": ["usage"]}]', "[]", "RuleBody")),
            ("keys", "by model", replaced("UsageRule", "$.tenant", "$.model", "RuleBody")),
            ("keys", "by lines", replaced("UsageRule", '"Sum"', '"Count"', "RuleBody")),
            ("keys", "without batches", replaced("UsageRule", ', "${BatchLogs}"', "", "RuleBody")),
            ("keys", "by a query without batches", put("UsageQuery", "LogGroupNames", ["${ApiLogs}"])),
        )
    ),
    Mistake(tenants.a_new_rule_is_a_new_version, "no rule", versions_are_alike, "cognito-tenants"),
    # spend
    Mistake(spend.a_breaker_only_if_chosen, "unasked for", add(spend.MACHINE)),
    Mistake(spend.a_breaker_only_if_chosen, "none", gone("Breaker"), "limited"),
    *(
        Mistake(spend.an_hour_that_costs_too_much_trips_it, what, make, "limited")
        for what, make in (
            ("another sum", chosen("BreakerUsdPerHour", "50")),
            ("of batches", put("BreakerAlarm", "Dimensions", 0, "Value", "${BatchFunction}")),
            ("of a day", put("BreakerAlarm", "Period", 86400)),
            ("of nothing", put("BreakerAlarm", "TreatMissingData", "breaching")),
            ("in silence", drop("BreakerAlarm", "AlarmActions")),
            ("without metrics", put("ApiFunction", "Environment", "Variables", "PILOTLIGHT_METRICS", "off")),
        )
    ),
    *(
        Mistake(spend.the_alarm_starts_the_breaker, what, make, "limited")
        for what, make in (
            ("nothing", gone("BreakerRule")),
            ("when it is over", put("BreakerRule", "EventPattern", "detail", "state", "value", ["OK"])),
            ("any alarm", drop("BreakerRule", "EventPattern", "resources")),
            ("something else", put("BreakerRule", "Targets", 0, "Arn", "${Alerts}")),
        )
    ),
    *(
        Mistake(spend.the_breaker_closes_the_door, what, make, "limited")
        for what, make in (
            ("half", put("Breaker", *CLOSING, "DefaultRouteSettings", "ThrottlingRateLimit", 1)),
            ("another", put("Breaker", *CLOSING, "StageName", "live")),
            ("nothing", put("Breaker", *CLOSED, "Resource", "arn:aws:states:::sns:publish")),
            ("or not", drop("Breaker", *CLOSED, "Retry")),
            ("may not", drop("BreakerRole", "Policies", 0)),
        )
    ),
    *(
        Mistake(spend.the_breaker_closes_the_door, what, make, "limited-url")
        for what, make in (
            ("half", put("Breaker", *CLOSING, "ReservedConcurrentExecutions", 1)),
            ("another", put("Breaker", *CLOSING, "FunctionName", "${BatchFunction}")),
            ("what is not there", chosen("Door", "api")),
            ("or not", drop("Breaker", *CLOSED, "Retry")),
            ("any function", put("BreakerRole", *BREAKS, "Resource", "*")),
            ("and more", put("BreakerRole", *BREAKS, "Action", ["lambda:PutFunctionConcurrency", "lambda:InvokeFunction"])),
        )
    ),
    *(
        Mistake(spend.the_breaker_closes_the_door, what, make, "production-url")
        for what, make in (
            ("below what is provisioned", put("Breaker", *BRANCH, "StartAt", "ReserveNone")),
            ("the first call alone", drop("Breaker", *BRANCH, "States", "DeleteProvisioned", "Next")),
            ("may not", drop("BreakerRole", "Policies", 0, "PolicyDocument", "Statement", 1)),
        )
    ),
    *(
        Mistake(spend.what_was_provisioned_is_no_obstacle, what, make, "production-url")
        for what, make in (
            ("nothing was", drop("Breaker", *BRANCH, "States", "DeleteProvisioned", "Catch")),
            ("again", put("Breaker", *BRANCH, "States", "ReserveNone", "Retry", [{"ErrorEquals": ["States.ALL"]}])),
            ("at once", put("Breaker", *CLOSED, "Type", "Task")),
        )
    ),
    Mistake(spend.a_breaker_that_fails_is_seen, "no alarm", gone("BreakerFailed"), "limited"),
    Mistake(spend.a_breaker_that_fails_is_seen, "half", drop("BreakerFailed", "Metrics", 2), "limited"),
    Mistake(spend.the_table_is_limited_as_chosen, "not", drop("Results", "OnDemandThroughput"), "limited"),
    Mistake(
        spend.the_table_is_limited_as_chosen,
        "writes, too",
        put("Results", "OnDemandThroughput", "MaxWriteRequestUnits", "1"),
        "reads-limited",
    ),
    Mistake(
        spend.the_table_is_limited_as_chosen,
        "keys, too",
        put("Clients", "OnDemandThroughput", {"MaxReadRequestUnits": "4000"}),
        "keys",
    ),
    Mistake(spend.the_table_is_limited_as_chosen, "unasked for", put("Results", "OnDemandThroughput", {"MaxReadRequestUnits": "1"})),
    *(
        Mistake(fanout.machine_exists_only_if_chosen, what, make, set)
        for what, make, set in (
            ("none", gone("FanOut"), "fan-out"),
            ("no alarm", gone("FanOutFailed"), "fan-out"),
            ("no events", drop("In", "NotificationConfiguration", "EventBridgeConfiguration"), "fan-out"),
            ("no events before", drop("In", "NotificationConfiguration", "EventBridgeConfiguration"), "queue"),
            ("unasked", chosen("BatchFanOutBytes", "0"), "fan-out"),
        )
    ),
    *(
        Mistake(fanout.every_object_starts_it, what, make, "fan-out")
        for what, make in (
            ("another size", chosen("BatchFanOutBytes", "5")),
            ("a size", replaced("FanOutRule", '"object": {', '"object": {"size": [{"numeric": [">", 5]}], ', "EventPattern")),
            ("another prefix", chosen("InPrefix", "other/")),
            ("another bucket", replaced("FanOutRule", "pilotlight-in-", "pilotlight-out-", "EventPattern")),
            ("another machine", put("FanOutRule", "Targets", 0, "Arn", "${Breaker}")),
            ("the function takes them", put("BatchFunction", "Environment", "Variables", "PILOTLIGHT_BATCH_FAN_OUT_BYTES", "5")),
            ("other shards", chosen("BatchShardLines", "7")),
        )
    ),
    *(
        Mistake(fanout.steps_are_retried_and_time_out, what, make, "fan-out")
        for what, make in (
            ("another function", defined("${BatchFunction.Arn}:live", "${ApiFunction.Arn}:live")),
            ("no end", defined('"TimeoutSeconds": 960,', "")),
            ("ends before the function", defined('"TimeoutSeconds": 960', '"TimeoutSeconds": 600')),
            ("throttled once", defined("Lambda.TooManyRequestsException", "Other")),
            ("any error", defined("Lambda.Unknown", "States.ALL")),
            ("an error caught", defined('"Label": "shards"', '"Label": "shards", "Catch": []')),
        )
    ),
    *(
        Mistake(fanout.machine_exists_before_traffic_shifts, what, make, "fan-out")
        for what, make in (
            ("by the alias", defined("${BatchFunction.Arn}:live", "${BatchFunctionAliaslive}")),
            ("by the bucket", replaced("FanOutRule", '"pilotlight-in-', '"${In}-', "EventPattern")),
        )
    ),
    *(
        Mistake(fanout.a_batch_waits_for_its_turn_without_an_environment, what, make, "fan-out")
        for what, make in (
            ("at once", defined('"StringEquals": "waits", "Next": "TenantsTurn"', '"StringEquals": "waits", "Next": "Plan"')),
            ("never", defined('"StringEquals": "waits"', '"StringEquals": "wait"')),
        )
    ),
    *(
        Mistake(fanout.shards_run_concurrently_within_the_limit, what, make, "fan-out")
        for what, make in (
            ("without limit", defined('"MaxConcurrency": 5', '"MaxConcurrency": 0')),
            ("a limit as text", defined('"MaxConcurrency": 5', '"MaxConcurrency": "5"')),
            ("five minutes at most", defined('"ExecutionType": "STANDARD"', '"ExecutionType": "EXPRESS"')),
            ("one may fail", defined('"ToleratedFailurePercentage": 0', '"ToleratedFailurePercentage": 1')),
            ("all results", defined('"ResultPath": null', '"ResultPath": "$.all"')),
        )
    ),
    *(
        Mistake(fanout.machine_role_has_least_privilege, what, make, "fan-out")
        for what, make in (
            ("all functions", put("FanOutRole", "Policies", 0, "PolicyDocument", "Statement", 0, "Resource", "*")),
            ("all objects", put("FanOutRole", "Policies", 0, "PolicyDocument", "Statement", 1, "Resource", "${Out.Arn}/*")),
            ("no shards", drop("FanOutRole", "Policies", 0, "PolicyDocument", "Statement", 2)),
            ("another name", put("FanOut", "StateMachineName", "fan-out")),
        )
    ),
    *(
        Mistake(fanout.failed_execution_alarms_and_is_written_to_out, what, make, "fan-out")
        for what, make in (
            ("in silence", drop("FanOutFailed", "AlarmActions")),
            ("of another", put("FanOutFailed", "Dimensions", 0, "Value", "${Breaker}")),
            ("not if stopped", put("FanOutEnded", "EventPattern", "detail", "status", ["FAILED"])),
            ("of any machine", drop("FanOutEnded", "EventPattern", "detail", "stateMachineArn")),
            ("nobody", put("FanOutEnded", "Targets", 0, "Arn", "${Alerts}")),
            ("dropped", drop("FanOutRule", "Targets", 0, "DeadLetterConfig")),
            ("changed", put("FanOutEnded", "Targets", 0, "InputPath", "$.detail")),
            ("too early", attribute("FanOutEnded", "DependsOn", "FailuresPolicy")),
        )
    ),
)
