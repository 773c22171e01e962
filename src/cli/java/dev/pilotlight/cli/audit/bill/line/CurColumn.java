package dev.pilotlight.cli.audit.bill.line;

/// The columns of a Cost and Usage Report that are read, by the names of the legacy report. CUR 2.0
/// and Athena spell them `line_item_usage_type`.
public enum CurColumn implements Column {
  BILLING_ENTITY("bill/BillingEntity"),
  PERIOD_START("bill/BillingPeriodStartDate"),
  ACCOUNT("lineItem/UsageAccountId"),
  TYPE("lineItem/LineItemType"),
  START("lineItem/UsageStartDate"),
  END("lineItem/UsageEndDate"),
  PRODUCT_CODE("lineItem/ProductCode"),
  USAGE_TYPE("lineItem/UsageType"),
  OPERATION("lineItem/Operation"),
  RESOURCE("lineItem/ResourceId"),
  QUANTITY("lineItem/UsageAmount"),
  CURRENCY("lineItem/CurrencyCode"),
  UNBLENDED("lineItem/UnblendedCost"),
  DESCRIPTION("lineItem/LineItemDescription"),
  PRODUCT_NAME("product/ProductName"),
  SERVICE_CODE("product/servicecode"),
  FAMILY("product/productFamily"),
  INSTANCE_TYPE("product/instanceType"),
  REGION("product/region"),
  REGION_CODE("product/regionCode"),
  OPERATING_SYSTEM("product/operatingSystem"),
  ENGINE("product/databaseEngine"),
  PUBLIC_COST("pricing/publicOnDemandCost"),
  UNIT("pricing/unit"),
  RESERVATION("reservation/ReservationARN"),
  RESERVATION_COST("reservation/EffectiveCost"),
  UNUSED_UPFRONT("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"),
  UNUSED_RECURRING("reservation/UnusedRecurringFee"),
  PLAN_COST("savingsPlan/SavingsPlanEffectiveCost"),
  PLAN_TOTAL("savingsPlan/TotalCommitmentToDate"),
  PLAN_USED("savingsPlan/UsedCommitment"),
  DISCOUNT("discount/TotalDiscount"),
  /// CUR 2.0 only: a map.
  PRODUCT("product"),
  /// CUR 2.0 only: a map.
  TAGS("resource_tags");

  private final String title;

  CurColumn(String title) {
    this.title = title;
  }

  @Override
  public String title() {
    return title;
  }
}
