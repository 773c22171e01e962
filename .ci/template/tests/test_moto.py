"""moto makes starter's resources, and has them as the template says."""

from __future__ import annotations

import json
import os
import unittest
from typing import Any
from unittest import mock

from moto import mock_aws

from template.moto import BY_CALL, BY_CLOUDFORMATION, LEFT_OUT, Made, client
from template.properties.functions import HANDLERS
from template.sets import STARTER
from template.stack import Stack, listed

KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


@mock.patch.dict(os.environ, KEYS)
@mock_aws
class MotoTest(unittest.TestCase):
    def setUp(self) -> None:
        self.made = Made(Stack.of(STARTER))

    def physical(self, *types: str) -> list[str]:
        return sorted(self.made.ids[id] for id, _ in self.made.stack.of_type(*types))

    def test_everything_is_made_that_is_not_left_out_for_a_reason(self) -> None:
        for id, resource in self.made.stack.resources.items():
            with self.subTest(id=id):
                self.assertEqual(id in self.made.ids, resource["Type"] not in LEFT_OUT)
        self.assertFalse(LEFT_OUT.keys() & (BY_CALL.keys() | BY_CLOUDFORMATION))

    def test_the_table_has_its_key_and_is_on_demand(self) -> None:
        (name,) = client("dynamodb").list_tables()["TableNames"]
        table = client("dynamodb").describe_table(TableName=name)["Table"]
        self.assertEqual([name], self.physical("AWS::DynamoDB::Table"))
        self.assertEqual([{"AttributeName": "pk", "KeyType": "HASH"}], table["KeySchema"])
        self.assertEqual("PAY_PER_REQUEST", table["BillingModeSummary"]["BillingMode"])

    def test_buckets_refuse_plain_http(self) -> None:
        buckets = self.physical("AWS::S3::Bucket")
        self.assertEqual(4, len(buckets))
        for bucket in buckets:
            policy = json.loads(client("s3").get_bucket_policy(Bucket=bucket)["Policy"])
            statement = policy["Statement"][0]
            self.assertEqual("Deny", statement["Effect"])
            self.assertEqual(f"arn:aws:s3:::{bucket}", statement["Resource"][0])

    def test_functions_find_the_table_and_no_redis(self) -> None:
        (table,) = self.physical("AWS::DynamoDB::Table")
        for id in HANDLERS:
            function = client("lambda").get_function_configuration(FunctionName=self.made.ids[id])
            variables = function["Environment"]["Variables"]
            self.assertEqual(table, variables["PILOTLIGHT_TABLE"])
            self.assertEqual("off", variables["PILOTLIGHT_REDIS"])
            self.assertLessEqual(function["MemorySize"], 3008)

    def test_the_only_route_leads_to_live(self) -> None:
        (api,) = self.physical("AWS::ApiGatewayV2::Api")
        gateway = client("apigatewayv2")
        (route,) = gateway.get_routes(ApiId=api)["Items"]
        (integration,) = gateway.get_integrations(ApiId=api)["Items"]
        self.assertEqual(("$default", "AWS_IAM"), (route["RouteKey"], route["AuthorizationType"]))
        self.assertEqual(f"integrations/{integration['IntegrationId']}", route["Target"])
        self.assertEqual(self.made.ids["ApiFunctionAliaslive"], integration["IntegrationUri"])

    def test_alarms_tell_the_topic(self) -> None:
        alarms = client("cloudwatch").describe_alarms()["MetricAlarms"]
        self.assertEqual(self.physical("AWS::CloudWatch::Alarm"), sorted(each["AlarmName"] for each in alarms))
        told: set[Any] = {action for each in alarms for action in listed(each.get("AlarmActions"))}
        self.assertEqual(set(self.physical("AWS::SNS::Topic")), told)


@mock.patch.dict(os.environ, KEYS)
class PlantedTest(unittest.TestCase):
    def test_a_property_of_another_name_is_refused(self) -> None:
        for id, name in (("ApiStage", "ThrottlingRate"), ("ApiFailed", "Treshold")):
            planted = Stack.of(STARTER).copy()
            planted.properties(id)[name] = 5
            with self.subTest(id=id), mock_aws(), self.assertRaisesRegex(Exception, name):
                Made(planted)
