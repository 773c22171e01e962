package dev.pilotlight.cli.audit.bill.line;

import static dev.pilotlight.cli.audit.bill.line.FocusColumn.*;

import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.bill.Payment;

/// Lines of FOCUS 1.0 to 1.3: EffectiveCost is the amortised cost.
public final class FocusLines implements Lines {
  private final Notes notes;
  private final Currencies currencies;

  public FocusLines(Notes notes, Currencies currencies) {
    this.notes = notes;
    this.currencies = currencies;
  }

  @Override
  public Charge charge(Cells cells) {
    checkProvider(cells);
    String category = cells.text(CATEGORY);
    if (cells.blank(EFFECTIVE_COST)) {
      throw cells.wrong(EFFECTIVE_COST, "is empty; accepted: the amortised cost");
    }
    long given = cells.money(EFFECTIVE_COST);
    Kind kind = kind(category, given, cells);
    long cost = cost(kind, given, cells);
    int start = start(cells);
    int end = cells.hour(PERIOD_END);
    boolean usage = category.equals("Usage");
    boolean listed = usage && !cells.blank(LIST_COST);
    int billed = cells.hour(MONTH_START);
    boolean consumed = !cells.blank(CONSUMED);
    return new Charge(
        cells.file(),
        cells.line(),
        Times.month(billed == Cells.NO_HOUR ? start : billed),
        start,
        end == Cells.NO_HOUR ? 0 : Math.max(1, end - start),
        cells.text(ACCOUNT),
        service(cells),
        cells.text(SUBCATEGORY),
        cells.text(USAGE_TYPE),
        cells.text(OPERATION),
        cells.text(RESOURCE),
        cells.text(REGION),
        detail(cells, "InstanceType", "instanceType"),
        software(cells),
        cells.text(consumed ? CONSUMED_UNIT : PRICING_UNIT),
        usage ? cells.number(consumed ? CONSUMED : PRICING_QUANTITY) : 0,
        cost,
        listed ? cells.money(LIST_COST) : 0,
        listed,
        currencies.of(cells, CURRENCY),
        kind,
        usage && kind != Kind.UNUSED_COMMITMENT ? payment(cells) : Payment.UNKNOWN,
        cells.tagging(),
        category);
  }

  private long cost(Kind kind, long given, Cells cells) {
    if (kind != Kind.COMMITMENT_FEE || given == 0) {
      return given;
    }
    notes.count(
        "EffectiveCost of the purchase of a commitment is not 0: counted as 0, because the usage it"
            + " pays has it",
        cells,
        given);
    return 0;
  }

  /// Refuses the bill of another provider. In a marketplace, the service provider is the seller.
  private static void checkProvider(Cells cells) {
    if (isAws(cells, cells.blank(PROVIDER) ? SERVICE_PROVIDER : PROVIDER)) {
      return;
    }
    FocusColumn column = cells.blank(PROVIDER) ? SERVICE_PROVIDER : PROVIDER;
    boolean marketplace =
        column == SERVICE_PROVIDER && (isAws(cells, HOST_PROVIDER) || isAws(cells, INVOICE_ISSUER));
    if (!cells.blank(column) && !marketplace) {
      throw cells.wrong(column, "is '" + cells.text(column) + "'; accepted: bills of AWS");
    }
  }

  private static boolean isAws(Cells cells, FocusColumn column) {
    String name = cells.text(column);
    return name.contains("AWS") || name.contains("Amazon");
  }

  private Kind kind(String category, long cost, Cells cells) {
    Kind kind =
        switch (category) {
          case "Usage" ->
              cells.text(COMMITMENT_STATUS).equals("Unused") ? Kind.UNUSED_COMMITMENT : Kind.USAGE;
          case "Purchase" -> cells.blank(COMMITMENT) ? Kind.FEE : Kind.COMMITMENT_FEE;
          case "Tax" -> Kind.TAX;
          case "Credit" -> Kind.CREDIT;
          case "Adjustment" -> Kind.DISCOUNT;
          case "" ->
              throw cells.wrong(CATEGORY, "is empty; accepted: Usage, Purchase, Tax, Credit, …");
          default -> {
            notes.count(
                "ChargeCategory " + category + " is not known: counted as a fee", cells, cost);
            yield Kind.FEE;
          }
        };
    if (kind == Kind.TAX || kind == Kind.CREDIT) {
      return kind;
    }
    if ((cost < 0 || kind == Kind.DISCOUNT) && cells.text(CLASS).equals("Correction")) {
      return Kind.REFUND;
    }
    boolean support = (kind == Kind.USAGE || kind == Kind.FEE) && isSupport(cells);
    return support ? Kind.SUPPORT : kind;
  }

  private static boolean isSupport(Cells cells) {
    return cells.text(SERVICE_CODE).contains("Support")
        || cells.text(SERVICE_NAME).startsWith("AWS Support");
  }

  private static Payment payment(Cells cells) {
    return switch (cells.text(PRICING_CATEGORY)) {
      case "Standard", "On-Demand" -> Payment.ON_DEMAND;
      case "Dynamic" -> Payment.SPOT;
      case "Committed", "Commitment-Based", "Commitment Discount" ->
          cells.text(COMMITMENT_CATEGORY).equals("Spend") ? Payment.SAVINGS_PLAN : Payment.RESERVED;
      default -> Payment.UNKNOWN;
    };
  }

  private static String service(Cells cells) {
    String code = cells.text(SERVICE_CODE);
    return code.isEmpty() ? cells.text(SERVICE_NAME) : code;
  }

  private static String software(Cells cells) {
    String engine = detail(cells, "DatabaseEngine", "databaseEngine");
    return engine.isEmpty() ? detail(cells, "OperatingSystem", "operatingSystem") : engine;
  }

  private static String detail(Cells cells, String key, String other) {
    String value = cells.entry(SKU_DETAILS, key);
    return value.isEmpty() ? cells.entry(SKU_DETAILS, other) : value;
  }

  private static int start(Cells cells) {
    int start = cells.hour(PERIOD_START);
    if (start == Cells.NO_HOUR) {
      start = cells.hour(MONTH_START);
    }
    if (start == Cells.NO_HOUR) {
      throw cells.wrong(PERIOD_START, "is empty; accepted: " + Times.ACCEPTED);
    }
    return start;
  }

  @Override
  public boolean tellsLinesApart(Cells cells) {
    return cells.has(PERIOD_START)
        && (cells.has(CONSUMED) || cells.has(PRICING_QUANTITY))
        && (cells.has(USAGE_TYPE) || cells.has(RESOURCE));
  }
}
