package dev.pilotlight.cli.audit.bill.line;

/// The columns of FOCUS 1.0 to 1.3 that are read, with AWS's own ones.
public enum FocusColumn implements Column {
  EFFECTIVE_COST("EffectiveCost"),
  LIST_COST("ListCost"),
  SERVICE_NAME("ServiceName"),
  SERVICE_CODE("x_ServiceCode"),
  SUBCATEGORY("ServiceSubcategory"),
  CATEGORY("ChargeCategory"),
  CLASS("ChargeClass"),
  PERIOD_START("ChargePeriodStart"),
  PERIOD_END("ChargePeriodEnd"),
  MONTH_START("BillingPeriodStart"),
  CURRENCY("BillingCurrency"),
  ACCOUNT("SubAccountId"),
  PROVIDER("ProviderName"),
  SERVICE_PROVIDER("ServiceProviderName"),
  HOST_PROVIDER("HostProviderName"),
  INVOICE_ISSUER("InvoiceIssuerName"),
  RESOURCE("ResourceId"),
  REGION("RegionId"),
  CONSUMED("ConsumedQuantity"),
  CONSUMED_UNIT("ConsumedUnit"),
  PRICING_QUANTITY("PricingQuantity"),
  PRICING_UNIT("PricingUnit"),
  PRICING_CATEGORY("PricingCategory"),
  SKU_DETAILS("SkuPriceDetails"),
  COMMITMENT("CommitmentDiscountId"),
  COMMITMENT_CATEGORY("CommitmentDiscountCategory"),
  COMMITMENT_STATUS("CommitmentDiscountStatus"),
  USAGE_TYPE("x_UsageType"),
  OPERATION("x_Operation"),
  TAGS("Tags");

  private final String title;

  FocusColumn(String title) {
    this.title = title;
  }

  @Override
  public String title() {
    return title;
  }
}
