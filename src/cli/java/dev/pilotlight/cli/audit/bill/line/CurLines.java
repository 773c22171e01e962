package dev.pilotlight.cli.audit.bill.line;

import static dev.pilotlight.cli.audit.bill.line.CurColumn.*;

import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.bill.Payment;
import java.time.YearMonth;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lines of a Cost and Usage Report, legacy or 2.0, amortised as AWS's Cloud Intelligence
/// Dashboards do.
public final class CurLines implements Lines {
  private static final String PLAN_REFUND = "Refund for one-time fee for Savings Plan ID";

  private static final Set<String> SPLIT = Set.of("AmazonECS", "AmazonEKS");

  private final Notes notes;
  private final Currencies currencies;
  private int monthHour = Cells.NO_HOUR;
  private @Nullable YearMonth month;

  public CurLines(Notes notes, Currencies currencies) {
    this.notes = notes;
    this.currencies = currencies;
  }

  @Override
  public @Nullable Charge charge(Cells cells) {
    String typeName = cells.text(TYPE);
    LineType type = LineType.of(typeName);
    if (typeName.isEmpty()) {
      throw cells.wrong(TYPE, "is empty; accepted: a line type such as Usage");
    }
    String operation = cells.text(OPERATION);
    if (operation.equals("EKSPod-EC2") || operation.equals("ECSTask-EC2")) {
      notes.count(
          "operation " + operation + ": left out, because EC2's own lines have this cost",
          cells,
          cells.money(UNBLENDED));
      return null;
    }
    noteMissing(type, cells);
    long cost = cost(type, cells);
    Kind kind = kind(type, cells);
    if (type == LineType.UNKNOWN) {
      notes.count(
          "line type " + typeName + " is not known: counted at its unblended cost as a fee",
          cells,
          cost);
    }
    noteDiscount(cells);
    return charge(cells, type, typeName, operation, cost, kind);
  }

  private Charge charge(
      Cells cells, LineType type, String typeName, String operation, long cost, Kind kind) {
    int start = start(cells);
    int end = cells.hour(END);
    String usageType = cells.text(USAGE_TYPE);
    boolean listed = type.isUsage() && !cells.blank(PUBLIC_COST);
    return new Charge(
        cells.file(),
        cells.line(),
        month(cells, start),
        start,
        end == Cells.NO_HOUR ? 0 : Math.max(1, end - start),
        cells.text(ACCOUNT),
        service(typeName, cells),
        cells.text(FAMILY),
        usageType,
        operation,
        cells.text(RESOURCE),
        region(cells),
        either(cells, INSTANCE_TYPE, "instance_type"),
        software(cells),
        cells.text(UNIT),
        type.isUsage() ? cells.number(QUANTITY) : 0,
        cost,
        listed ? cells.money(PUBLIC_COST) : 0,
        listed,
        currencies.of(cells, CURRENCY),
        kind,
        payment(type, usageType),
        cells.tagging(),
        typeName);
  }

  private long cost(LineType type, Cells cells) {
    return switch (type) {
      case PLAN_COVERED_USAGE -> needed(cells, PLAN_COST);
      case DISCOUNTED_USAGE -> needed(cells, RESERVATION_COST);
      case PLAN_RECURRING_FEE ->
          Math.subtractExact(needed(cells, PLAN_TOTAL), needed(cells, PLAN_USED));
      case RESERVATION_FEE ->
          Math.addExact(needed(cells, UNUSED_UPFRONT), needed(cells, UNUSED_RECURRING));
      case PLAN_NEGATION, PLAN_UPFRONT_FEE -> 0;
      case FEE -> cells.blank(RESERVATION) ? cells.money(UNBLENDED) : 0;
      case REFUND -> isPlanRefund(cells) ? 0 : cells.money(UNBLENDED);
      default -> unblended(cells);
    };
  }

  private long unblended(Cells cells) {
    if (cells.blank(UNBLENDED)) {
      notes.count(UNBLENDED.title() + " is empty: counted as 0", cells);
    }
    return cells.money(UNBLENDED);
  }

  /// A cost without which the line's figure would be wrong.
  private long needed(Cells cells, CurColumn column) {
    if (!cells.has(column)) {
      throw cells.wrong(
          column,
          "is not in the bill, but a line of type "
              + cells.text(TYPE)
              + " needs it; accepted: a report with all columns of reservations and Savings Plans");
    }
    if (cells.blank(column)) {
      notes.count(
          column.title() + " is empty in lines of type " + cells.text(TYPE) + ": counted as 0",
          cells);
    }
    return cells.money(column);
  }

  private static boolean isPlanRefund(Cells cells) {
    return isPlan(cells) && cells.text(DESCRIPTION).startsWith(PLAN_REFUND);
  }

  private static boolean isPlan(Cells cells) {
    return productCode(cells).equals("ComputeSavingsPlans");
  }

  private static String productCode(Cells cells) {
    return cells.text(cells.has(PRODUCT_CODE) ? PRODUCT_CODE : SERVICE_CODE);
  }

  /// Notes a rule that cannot be followed because its column is missing.
  private void noteMissing(LineType type, Cells cells) {
    if (type == LineType.FEE && !cells.has(RESERVATION)) {
      notes.count(
          "reservation/ReservationARN is not in the bill: fees are counted at their unblended cost,"
              + " though an upfront fee of a reservation is in the cost of its usage, too",
          cells,
          cells.money(UNBLENDED));
    }
    if (type == LineType.REFUND && !cells.has(DESCRIPTION) && isPlan(cells)) {
      notes.count(
          "lineItem/LineItemDescription is not in the bill: refunds of Savings Plans are"
              + " subtracted, though those of an upfront fee should not be",
          cells,
          cells.money(UNBLENDED));
    }
    if (!cells.has(OPERATION) && SPLIT.contains(productCode(cells))) {
      notes.count(
          "lineItem/Operation is not in the bill: lines of ECS and EKS are counted, though EC2's"
              + " own lines have the cost of split ones",
          cells,
          cells.money(UNBLENDED));
    }
  }

  private static Kind kind(LineType type, Cells cells) {
    return switch (type) {
      case USAGE, DISCOUNTED_USAGE, PLAN_COVERED_USAGE, FLAT_RATE ->
          isSupport(cells) ? Kind.SUPPORT : Kind.USAGE;
      case PLAN_NEGATION, PLAN_UPFRONT_FEE -> Kind.COMMITMENT_FEE;
      case PLAN_RECURRING_FEE, RESERVATION_FEE -> Kind.UNUSED_COMMITMENT;
      case FEE -> {
        if (!cells.blank(RESERVATION)) {
          yield Kind.COMMITMENT_FEE;
        }
        yield isSupport(cells) ? Kind.SUPPORT : Kind.FEE;
      }
      case CREDIT -> Kind.CREDIT;
      case REFUND -> Kind.REFUND;
      case TAX -> Kind.TAX;
      case UNKNOWN -> cells.text(TYPE).contains("Discount") ? Kind.DISCOUNT : Kind.FEE;
      default -> Kind.DISCOUNT;
    };
  }

  private static boolean isSupport(Cells cells) {
    return productCode(cells).contains("Support")
        && !cells.text(BILLING_ENTITY).equals("AWS Marketplace");
  }

  private static Payment payment(LineType type, String usageType) {
    return switch (type) {
      case DISCOUNTED_USAGE -> Payment.RESERVED;
      case PLAN_COVERED_USAGE -> Payment.SAVINGS_PLAN;
      case USAGE -> usageType.contains("Spot") ? Payment.SPOT : Payment.ON_DEMAND;
      case FLAT_RATE -> Payment.ON_DEMAND;
      default -> Payment.UNKNOWN;
    };
  }

  private static String service(String typeName, Cells cells) {
    if (cells.text(BILLING_ENTITY).equals("AWS Marketplace") && !typeName.contains("Discount")) {
      String name = either(cells, PRODUCT_NAME, "product_name");
      if (!name.isEmpty()) {
        return name;
      }
    }
    String code = cells.text(SERVICE_CODE);
    return code.isEmpty() ? cells.text(PRODUCT_CODE) : code;
  }

  private static String region(Cells cells) {
    String region = either(cells, REGION, "region");
    return region.isEmpty() ? cells.text(REGION_CODE) : region;
  }

  private static String software(Cells cells) {
    String engine = either(cells, ENGINE, "database_engine");
    return engine.isEmpty() ? either(cells, OPERATING_SYSTEM, "operating_system") : engine;
  }

  private static String either(Cells cells, CurColumn column, String key) {
    String text = cells.text(column);
    return text.isEmpty() ? cells.entry(PRODUCT, key) : text;
  }

  private static int start(Cells cells) {
    int start = cells.hour(START);
    if (start == Cells.NO_HOUR) {
      start = cells.hour(PERIOD_START);
    }
    if (start == Cells.NO_HOUR) {
      throw cells.wrong(START, "is empty; accepted: " + Times.ACCEPTED);
    }
    return start;
  }

  private YearMonth month(Cells cells, int start) {
    int hour = cells.hour(PERIOD_START);
    if (hour == Cells.NO_HOUR) {
      hour = start;
    }
    YearMonth known = month;
    if (known == null || hour != monthHour) {
      known = Times.month(hour);
      month = known;
      monthHour = hour;
    }
    return known;
  }

  private void noteDiscount(Cells cells) {
    long discount = cells.money(DISCOUNT);
    if (discount != 0) {
      notes.countDiscount(
          "discounts are in the column discount_total_discount: costs are before them",
          cells,
          discount);
    }
  }

  @Override
  public boolean tellsLinesApart(Cells cells) {
    return cells.has(START)
        && cells.has(USAGE_TYPE)
        && cells.has(QUANTITY)
        && (cells.has(RESOURCE) || cells.has(OPERATION));
  }
}
