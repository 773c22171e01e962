"""Writes a long CUR 2.0 as Parquet: python3 long_parquet.py FILE ROWS prints the sum of its costs.

It needs pyarrow. The file has row groups of 100,000 rows, Snappy, the columns that the audit reads
and some that it does not, 50,000 resources and 744 hours.
"""
import datetime
import random
import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

GROUP = 100_000
HOURS = 744
START = datetime.datetime(2026, 10, 1)
TYPES = ("Usage", "Usage", "Usage", "SavingsPlanCoveredUsage", "DiscountedUsage")
MAP = pa.map_(pa.string(), pa.string())
TIME = pa.timestamp("ms")
PRODUCT = [("product_name", "Amazon Elastic Compute Cloud"), ("operating_system", "Linux"),
           ("region", "eu-central-1")]


def columns(of, costs, rows):
    """Name, type and the value of each row of a group."""
    def all_rows(value):
        return [value] * len(of)
    times = [START + datetime.timedelta(hours=i * HOURS // rows) for i in of]
    hour = datetime.timedelta(hours=1)
    machines = [f"m5.{i % 40}xlarge" for i in of]
    return (
        ("identity_line_item_id", pa.string(), [f"{i:010}abcdabcdabcdabcdabcd" for i in of]),
        ("bill_billing_entity", pa.string(), all_rows("AWS")),
        ("bill_billing_period_start_date", TIME, all_rows(START)),
        ("line_item_usage_account_id", pa.string(), [f"{i % 20:012}" for i in of]),
        ("line_item_line_item_type", pa.string(), [TYPES[i % len(TYPES)] for i in of]),
        ("line_item_usage_start_date", TIME, times),
        ("line_item_usage_end_date", TIME, [time + hour for time in times]),
        ("line_item_product_code", pa.string(), all_rows("AmazonEC2")),
        ("line_item_usage_type", pa.string(), ["EUC1-BoxUsage:" + each for each in machines]),
        ("line_item_operation", pa.string(), all_rows("RunInstances:0002")),
        ("line_item_resource_id", pa.string(), [f"i-0abcdefabcd{i * 31 % 50000:06}" for i in of]),
        ("line_item_usage_amount", pa.float64(), all_rows(1.0)),
        ("line_item_currency_code", pa.string(), all_rows("USD")),
        ("line_item_unblended_cost", pa.float64(), costs),
        ("line_item_line_item_description", pa.string(), [f"price {i % 100}" for i in of]),
        ("product_servicecode", pa.string(), all_rows("AmazonEC2")),
        ("product_product_family", pa.string(), all_rows("Compute Instance")),
        ("product_instance_type", pa.string(), machines),
        ("product_region_code", pa.string(), all_rows("eu-central-1")),
        ("pricing_public_on_demand_cost", pa.float64(), costs),
        ("pricing_unit", pa.string(), all_rows("Hrs")),
        ("reservation_reservation_a_r_n", pa.string(), all_rows("")),
        ("reservation_effective_cost", pa.float64(), costs),
        ("savings_plan_savings_plan_effective_cost", pa.float64(), costs),
        ("product", MAP, all_rows(PRODUCT)),
        ("resource_tags", MAP, [[("user_team", f"t{i % 7}")] if i % 2 else [] for i in of]),
    )


def main(path, rows):
    chance = random.Random(18)
    total = Decimal(0)
    writer = None
    for first in range(0, rows, GROUP):
        of = range(first, min(first + GROUP, rows))
        costs = [round(chance.random(), 6) for _ in of]
        total += sum(Decimal(repr(cost)) for cost in costs)
        group = columns(of, costs, rows)
        table = pa.table({name: pa.array(values, type=kind) for name, kind, values in group})
        writer = writer or pq.ParquetWriter(path, table.schema, compression="snappy")
        writer.write_table(table)
    writer.close()
    print(total)


main(sys.argv[1], int(sys.argv[2]))
