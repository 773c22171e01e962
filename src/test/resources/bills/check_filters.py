"""Applies the filters of a report to its bill: python3 -B check_filters.py BILL < audit.json.

Each filter is a condition in SQL over the names that docs/audit.md has. SQLite finds the rows, and
Python's decimals sum them. It prints the figures that differ, and the number of figures.
"""
import datetime
import json
import sqlite3
import sys
from decimal import Decimal

from sum_bill import line, rows, text

NAMES = ("place", "month", "service", "usage_type", "account", "resource", "region", "off",
         "instance_type", "kind", "apart", "role")
ROLES = (
    ("SageMaker", ("ServerlessInf",), "BY_USE"),
    ("SageMaker", ("Host:", "Hosting", "Endpoint"), "ENDPOINT"),
    ("SageMaker", ("Train", "Processing", "Notebk", "Notebook"), "JOB"),
    ("SageMaker", ("",), None),
    ("EC2", ("BoxUsage", "SpotUsage", "DedicatedUsage", "HostUsage"), "MACHINE"),
    ("Lambda", ("Provisioned-Concurrency",), None),
    ("Lambda", ("",), "BY_USE"),
    ("", ("Fargate-",), "BY_USE"),
    ("AppRunner", ("",), "BY_USE"),
    ("", ("NatGateway-Hours",), "NAT_HOURS"),
    ("", ("NatGateway-",), "NAT_BYTES"),
    ("", ("DataTransfer", "-Out-Bytes", "-In-Bytes"), "TRANSFER"),
    ("", ("IdleAddress",), "IDLE_ADDRESS"),
    ("", ("EBS:VolumeUsage.gp2",), "DISK_GP2"),
    ("", ("EBS:VolumeUsage.gp3",), "DISK_GP3"),
    ("", ("EBS:VolumeUsage",), "DISK_OTHER"),
    ("", ("SnapshotUsage",), "SNAPSHOT"),
    ("S3", ("TimedStorage-ByteHrs",), "OBJECTS_STANDARD"),
    ("S3", ("TimedStorage-XZ", "TimedStorage-RRS"), "OBJECTS_OTHER"),
    ("S3", ("TimedStorage-",), "OBJECTS_TIERED"),
    ("", ("RDS:GP2-Storage", "RDS:GP3-Storage", "RDS:StorageUsage", "Aurora:StorageUsage"),
     "DATABASE_DISK"),
)


def role(service, usage, kind):
    if kind == "USAGE" and usage:
        for part, types, name in ROLES:
            if part in service and any(each in usage for each in types):
                return name
    return None


def cur(row):
    def cell(name):
        snake = name.replace("/", "_")
        snake = "".join("_" + c.lower() if c.isupper() else c for c in snake)
        return text(row, name, snake.replace("__", "_"))
    product = json.loads(row.get("product") or "{}")
    kind_of = cell("lineItem/LineItemType")
    marketplace = cell("bill/BillingEntity") == "AWS Marketplace"
    support = "Support" in cell("lineItem/ProductCode") and not marketplace
    kind = {
        "SavingsPlanNegation": "COMMITMENT_FEE", "SavingsPlanUpfrontFee": "COMMITMENT_FEE",
        "SavingsPlanRecurringFee": "UNUSED_COMMITMENT", "RIFee": "UNUSED_COMMITMENT",
        "Credit": "CREDIT", "Refund": "REFUND", "Tax": "TAX", "EdpDiscount": "DISCOUNT",
    }.get(kind_of)
    if kind is None and kind_of == "Fee":
        kind = "COMMITMENT_FEE" if cell("reservation/ReservationARN") else (
            "SUPPORT" if support else "FEE")
    kind = kind or ("SUPPORT" if support else "USAGE")
    name = cell("product/ProductName") or product.get("product_name", "")
    service = name if marketplace and name else (
        cell("product/servicecode") or cell("lineItem/ProductCode"))
    return {
        "month": cell("bill/BillingPeriodStartDate")[:7],
        "service": service,
        "usage_type": cell("lineItem/UsageType"),
        "account": cell("lineItem/UsageAccountId"),
        "resource": cell("lineItem/ResourceId") or cell("product/instanceType"),
        "region": cell("product/region") or product.get("region", "") or cell("product/regionCode"),
        "instance_type": cell("product/instanceType") or cell("lineItem/UsageType").split(":")[-1],
        "kind": kind,
    }, cell("lineItem/UsageStartDate"), cell("lineItem/UsageEndDate")


def focus(row):
    category = row["ChargeCategory"]
    kind = {"Usage": "USAGE", "Purchase": "FEE", "Tax": "TAX", "Credit": "CREDIT",
            "Adjustment": "DISCOUNT"}[category]
    if kind == "USAGE" and row["CommitmentDiscountStatus"] == "Unused":
        kind = "UNUSED_COMMITMENT"
    if kind == "FEE" and row["CommitmentDiscountId"]:
        kind = "COMMITMENT_FEE"
    if row["ChargeClass"] == "Correction" and kind == "DISCOUNT":
        kind = "REFUND"
    if kind in ("USAGE", "FEE") and "Support" in row["x_ServiceCode"]:
        kind = "SUPPORT"
    details = json.loads(row["SkuPriceDetails"] or "{}")
    machine = details.get("InstanceType", "")
    return {
        "month": row["BillingPeriodStart"][:7],
        "service": row["x_ServiceCode"] or row["ServiceName"],
        "usage_type": row["x_UsageType"],
        "account": row["SubAccountId"],
        "resource": row["ResourceId"] or machine,
        "region": row["RegionId"],
        "instance_type": machine or row["x_UsageType"].split(":")[-1],
        "kind": kind,
    }, row["ChargePeriodStart"], row["ChargePeriodEnd"]


def off(start, end):
    """Whether a line of one hour is outside 8 to 20 o'clock of Monday to Friday, UTC."""
    begin = datetime.datetime.fromisoformat(start)
    hour = datetime.timedelta(hours=1)
    if datetime.datetime.fromisoformat(end) - begin != hour:
        return False
    return begin.weekday() >= 5 or not 8 <= begin.hour < 20


def figures(node):
    """Every object of the report that has a cost and its source."""
    if isinstance(node, dict):
        if "source" in node:
            yield node
        for value in node.values():
            yield from figures(value)
    elif isinstance(node, list):
        for value in node:
            yield from figures(value)


def main(bill):
    table = sqlite3.connect(":memory:")
    table.execute(f"create table bill ({', '.join(NAMES)})")
    costs = {}
    for place, row in rows(bill):
        if text(row, "lineItem/Operation", "line_item_operation") in ("EKSPod-EC2", "ECSTask-EC2"):
            continue
        values, start, end = focus(row) if "EffectiveCost" in row else cur(row)
        values["place"] = place
        values["apart"] = values["kind"] in ("CREDIT", "REFUND", "TAX", "SUPPORT", "DISCOUNT")
        values["role"] = role(values["service"], values["usage_type"], values["kind"])
        values["off"] = off(start, end)
        table.execute(f"insert into bill values ({','.join('?' * len(NAMES))})",
                      [values[name] for name in NAMES])
        costs[place] = line(row)
    count = 0
    for figure in figures(json.load(sys.stdin, parse_float=Decimal, parse_int=Decimal)):
        condition = figure["source"]["filter"].replace("hour outside working hours", "off")
        found = [place for place, in table.execute(f"select place from bill where {condition}")]
        total = sum((costs[place] for place in found), Decimal(0))
        lines = figure["source"]["lines"]
        expected = (total, len(found), min(found, default=0), max(found, default=0))
        actual = (figure["cost"], sum(each["count"] for each in lines),
                  min((each["first"] for each in lines), default=0),
                  max((each["last"] for each in lines), default=0))
        if expected != actual:
            print("differs:", condition, expected, actual)
        count += 1
    print(count, "figures")


main(sys.argv[1])
