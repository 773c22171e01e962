package dev.pilotlight.cli.audit.bill;

import java.time.Instant;
import java.time.YearMonth;

/// One line of a bill, with its amortised cost. Strings that the bill does not have are empty,
/// never null; equal strings are mostly the same object.
///
/// @param line the place in the file, from 1: the header of a CSV is line 1, the first row of a
///   Parquet file is row 1
/// @param month the billing period
/// @param startHour when the usage began, in hours since 1970-01-01T00:00Z
/// @param hours how long the charge's period is: 1 in an hourly bill, 24 in a daily one
/// @param account the account that used it, not the payer; empty in [Format#COST_EXPLORER]
/// @param service such as `AmazonEC2`; the product's name for Marketplace; Cost Explorer's and
///   FOCUS's own name where the bill has no code
/// @param family the product family, such as `Compute Instance`; FOCUS's ServiceSubcategory
/// @param usageType such as `EUC1-BoxUsage:m5.2xlarge`
/// @param operation such as `RunInstances:0002`
/// @param resource an id or ARN
/// @param region such as `eu-central-1`
/// @param instanceType such as `m5.2xlarge` or `db.r5.2xlarge`
/// @param software the operating system or database engine
/// @param unit of the quantity, such as `Hrs`
/// @param quantity 0 unless the line type is usage
/// @param cost amortised, in [Money] units
/// @param listCost the public on-demand cost in [Money] units; 0 if [#hasListCost()] is false
/// @param lineType as in the bill, such as `SavingsPlanCoveredUsage` or FOCUS's ChargeCategory
public record Charge(
    BillFile file,
    long line,
    YearMonth month,
    int startHour,
    int hours,
    String account,
    String service,
    String family,
    String usageType,
    String operation,
    String resource,
    String region,
    String instanceType,
    String software,
    String unit,
    double quantity,
    long cost,
    long listCost,
    boolean hasListCost,
    String currency,
    Kind kind,
    Payment payment,
    Tagging tagging,
    String lineType) {

  /// Whether the period is an hour, so that nights and weekends are visible.
  public boolean hourly() {
    return hours == 1;
  }

  public Instant start() {
    return Instant.ofEpochSecond(startHour * 3600L);
  }
}
