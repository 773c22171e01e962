"""Sums a bill independently of Pilotlight: python3 sum_bill.py FILE prints the amortised total."""
import csv
import gzip
import sys
from decimal import Decimal

csv.field_size_limit(1 << 24)


def number(row, *names):
    for name in names:
        if row.get(name):
            return Decimal(row[name])
    return Decimal(0)


def text(row, *names):
    return next((row[name] for name in names if row.get(name)), "")


def cur(row):
    kind = text(row, "lineItem/LineItemType", "line_item_line_item_type")
    operation = text(row, "lineItem/Operation", "line_item_operation")
    product = text(row, "lineItem/ProductCode", "line_item_product_code")
    about = text(row, "lineItem/LineItemDescription", "line_item_line_item_description")
    unblended = number(row, "lineItem/UnblendedCost", "line_item_unblended_cost")
    if operation in ("EKSPod-EC2", "ECSTask-EC2"):
        return Decimal(0)
    if kind == "SavingsPlanCoveredUsage":
        return number(row, "savingsPlan/SavingsPlanEffectiveCost",
                      "savings_plan_savings_plan_effective_cost")
    if kind == "SavingsPlanRecurringFee":
        return (number(row, "savingsPlan/TotalCommitmentToDate",
                       "savings_plan_total_commitment_to_date")
                - number(row, "savingsPlan/UsedCommitment", "savings_plan_used_commitment"))
    if kind in ("SavingsPlanNegation", "SavingsPlanUpfrontFee"):
        return Decimal(0)
    if kind == "DiscountedUsage":
        return number(row, "reservation/EffectiveCost", "reservation_effective_cost")
    if kind == "RIFee":
        return (number(row, "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
                       "reservation_unused_amortized_upfront_fee_for_billing_period")
                + number(row, "reservation/UnusedRecurringFee",
                         "reservation_unused_recurring_fee"))
    if kind == "Fee" and text(row, "reservation/ReservationARN", "reservation_reservation_a_r_n"):
        return Decimal(0)
    if (kind == "Refund" and product == "ComputeSavingsPlans"
            and about.startswith("Refund for one-time fee for Savings Plan ID")):
        return Decimal(0)
    return unblended


def line(row):
    if "EffectiveCost" in row:
        return Decimal(row["EffectiveCost"])
    if "Service" in row:
        # Cost Explorer: the services of a day, without the line of totals
        if row["Service"] == "Service total":
            return Decimal(0)
        return sum(Decimal(value) for name, value in row.items()
                   if value and name not in ("Service", "Total costs($)"))
    return cur(row)


def rows(path):
    """Each row with the line on which it ends."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, row


def main(path):
    print(sum((line(row) for _, row in rows(path)), Decimal(0)))


if __name__ == "__main__":
    main(sys.argv[1])
