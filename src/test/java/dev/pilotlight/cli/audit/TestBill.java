package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.BillSummary;
import dev.pilotlight.cli.audit.bill.BillSummary.FileSummary;
import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Format;
import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.bill.Money;
import dev.pilotlight.cli.audit.bill.Payment;
import dev.pilotlight.cli.audit.bill.Tagging;
import dev.pilotlight.cli.audit.use.Utilisation;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A bill of charges made by a test, one line each.
final class TestBill {
  static final YearMonth OCTOBER = YearMonth.of(2026, 10);
  static final Hours WORK = new Hours(ZoneId.of("UTC"), 8, 20);
  static final int HOURS = 744;
  private static final int SECONDS_PER_HOUR = 3600;

  private final Ledger ledger;
  private BillFile file = new BillFile("cur.csv", Format.CUR_2, "line");
  private YearMonth month = OCTOBER;
  private Kind kind = Kind.USAGE;
  private Payment payment = Payment.ON_DEMAND;
  private Tagging tagging = Tagging.UNKNOWN;
  private String region = "us-east-1";
  private String list = "";
  private String account = "111122223333";
  private int from;
  private int to;
  private long line = 1;

  TestBill() {
    this(Ledger.LIMIT);
  }

  TestBill(int limit) {
    ledger = new Ledger(limit, WORK);
  }

  TestBill in(YearMonth other) {
    month = other;
    return this;
  }

  TestBill from(String name) {
    file = new BillFile(name, Format.CUR_2, "line");
    line = 1;
    return this;
  }

  TestBill as(Kind other) {
    kind = other;
    return this;
  }

  TestBill paid(Payment other) {
    payment = other;
    return this;
  }

  TestBill tagged(Tagging other) {
    tagging = other;
    return this;
  }

  TestBill region(String other) {
    region = other;
    return this;
  }

  TestBill account(String other) {
    account = other;
    return this;
  }

  /// The hours of the month that a charge has, in place of all.
  TestBill hours(int begin, int end) {
    from = begin;
    to = end;
    return this;
  }

  TestBill list(String price) {
    list = price;
    return this;
  }

  TestBill machine(String id, String type, double hours, String cost) {
    return charge("AmazonEC2", "BoxUsage:" + type, id, type, hours, cost);
  }

  TestBill charge(String service, String usageType, String id, double quantity, String cost) {
    return charge(service, usageType, id, "", quantity, cost);
  }

  TestBill charge(
      String service, String usageType, String id, String type, double quantity, String cost) {
    int end = to > 0 ? to : month.lengthOfMonth() * 24;
    return charge(service, usageType, id, type, quantity, cost, from, end - from);
  }

  TestBill hour(String id, String type, int hourOfMonth, String cost) {
    return charge("AmazonEC2", "BoxUsage:" + type, id, type, 1, cost, hourOfMonth, 1);
  }

  private TestBill charge(
      String service,
      String usageType,
      String id,
      String type,
      double quantity,
      String cost,
      int startHour,
      int hours) {
    line++;
    long begin = month.atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC) / SECONDS_PER_HOUR;
    ledger.accept(
        new Charge(
            file,
            line,
            month,
            (int) begin + startHour,
            hours,
            account,
            service,
            "",
            usageType,
            "",
            id,
            region,
            type,
            "",
            "Hrs",
            quantity,
            units(cost),
            list.isEmpty() ? 0 : units(list),
            !list.isEmpty(),
            "USD",
            kind,
            payment,
            tagging,
            "Usage"));
    return this;
  }

  private static long units(String amount) {
    return new BigDecimal(amount).movePointRight(Money.SCALE).longValueExact();
  }

  Ledger ledger() {
    return ledger;
  }

  Books books() {
    return new Books(ledger, month);
  }

  Audit audit() {
    return audit(Utilisation.NONE, assumptions(Optional.empty()));
  }

  Audit audit(Utilisation use, Assumptions assumptions) {
    return audit(use, assumptions, "USD");
  }

  Audit audit(Utilisation use, Assumptions assumptions, String currency) {
    BillSummary bill =
        new BillSummary(
            List.of(new FileSummary(file, line - 1, BigDecimal.ONE)),
            line - 1,
            currency,
            new TreeSet<>(ledger.months()),
            List.of(),
            false);
    return Audit.of(bill, ledger, use, assumptions, null);
  }

  static Assumptions assumptions(Optional<BigDecimal> requests) {
    return assumptions(requests, Map.of());
  }

  static Assumptions assumptions(
      Optional<BigDecimal> requests, Map<String, BigDecimal> requestsOf) {
    return new Assumptions(
        requests,
        requestsOf,
        0,
        128,
        "all-minilm",
        Optional.empty(),
        "production",
        Optional.empty(),
        0.9,
        0,
        Optional.empty(),
        WORK,
        Set.of());
  }
}
