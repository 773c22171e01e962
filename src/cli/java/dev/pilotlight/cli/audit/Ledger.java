package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.ChargeSink;
import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.bill.Payment;
import dev.pilotlight.cli.audit.bill.Tagging;
import dev.pilotlight.cli.audit.bill.Total;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Sums the charges of a bill in bounded memory: a tally for each meter and each resource, up to a
/// number of each. Charges beyond are pooled by service, so every sum stays complete.
final class Ledger implements ChargeSink {
  /// Resources, and meters, that are kept one by one.
  static final int LIMIT = 50_000;

  private static final double COMPLETE = 0.99;
  private static final String POOLED = "(resources beyond the limit)";

  private final int limit;
  private final OffHours hours;
  private final List<YearMonth> months = new ArrayList<>();
  private final List<Span> spans = new ArrayList<>();
  private final Map<Meter, Tally> meters = new LinkedHashMap<>();
  private final Map<String, List<Metered>> byUsageType = new HashMap<>();
  private final Map<Resource.Key, Resource> resources = new LinkedHashMap<>();
  private long pooledLines;
  private int lastMonth;

  // found without making a key for each charge
  private record Metered(Meter meter, Tally tally) {}

  /// Facts of one month that no meter has.
  static final class Span {
    private int beginHour = Integer.MAX_VALUE;
    private int endHour = Integer.MIN_VALUE;
    private final Map<Tagging, Total> tagging = new EnumMap<>(Tagging.class);
    private final Total effective = new Total();
    private final Total list = new Total();
    private boolean hourly;

    private void add(Charge charge) {
      if (charge.kind() != Kind.USAGE) {
        return;
      }
      beginHour = Math.min(beginHour, charge.startHour());
      endHour = Math.max(endHour, charge.startHour() + charge.hours());
      hourly |= charge.hourly();
      tagging.computeIfAbsent(charge.tagging(), _ -> new Total()).add(charge.cost());
      if (charge.hasListCost() && charge.payment() == Payment.ON_DEMAND) {
        effective.add(charge.cost());
        list.add(charge.listCost());
      }
    }

    double tagged(Tagging tag) {
      Total total = tagging.get(tag);
      return total == null ? 0 : total.toDouble();
    }

    /// The on-demand usage for which the bill also has the public price.
    double effective() {
      return effective.toDouble();
    }

    double list() {
      return list.toDouble();
    }

    /// Whether any line is of one hour.
    boolean hourly() {
      return hourly;
    }
  }

  Ledger(int limit, Hours hours) {
    this.limit = limit;
    this.hours = new OffHours(hours);
  }

  @Override
  public void accept(Charge charge) {
    int month = month(charge.month());
    spans.get(month).add(charge);
    Metered metered = metered(charge);
    Role role = metered.meter.role();
    boolean off = charge.hourly() && role.serves() && hours.has(charge.startHour());
    metered.tally.add(month, charge, off);
    if (charge.kind() == Kind.USAGE || charge.kind() == Kind.FEE) {
      resource(charge).add(month, role, charge);
    }
  }

  private Metered metered(Charge charge) {
    List<Metered> known = byUsageType.get(charge.usageType());
    if (known != null) {
      for (int i = 0; i < known.size(); i++) {
        if (known.get(i).meter.has(charge)) {
          return known.get(i);
        }
      }
    }
    Meter meter = Meter.of(charge);
    boolean kept = meters.size() < limit;
    Meter place = kept ? meter : meter.pooled();
    Metered metered = new Metered(place, meters.computeIfAbsent(place, _ -> new Tally()));
    if (kept) {
      byUsageType.computeIfAbsent(charge.usageType(), _ -> new ArrayList<>(1)).add(metered);
    }
    return metered;
  }

  private Resource resource(Charge charge) {
    boolean named = !charge.resource().isEmpty();
    String id = named ? charge.resource() : charge.instanceType();
    var key = new Resource.Key(charge.account(), charge.service(), id, named);
    Resource resource = resources.get(key);
    if (resource != null) {
      return resource;
    }
    if (resources.size() >= limit) {
      pooledLines++;
      String type = charge.instanceType();
      String pool = type.isEmpty() ? POOLED : POOLED + " " + type;
      key = new Resource.Key("", charge.service(), pool, false);
    }
    return resources.computeIfAbsent(key, Resource::new);
  }

  private int month(YearMonth month) {
    if (lastMonth < months.size() && months.get(lastMonth).equals(month)) {
      return lastMonth;
    }
    lastMonth = index(month);
    return lastMonth;
  }

  private int index(YearMonth month) {
    for (int i = months.size() - 1; i >= 0; i--) {
      if (months.get(i).equals(month)) {
        return i;
      }
    }
    months.add(month);
    spans.add(new Span());
    return months.size() - 1;
  }

  /// The months, in the order of their indexes.
  List<YearMonth> months() {
    return months;
  }

  Span span(int month) {
    return spans.get(month);
  }

  Map<Meter, Tally> meters() {
    return meters;
  }

  Collection<Resource> resources() {
    return resources.values();
  }

  /// Lines of resources that are not kept one by one.
  long pooledLines() {
    return pooledLines;
  }

  int limit() {
    return limit;
  }

  /// The hours of a month from the first to the last that a charge has; all without usage.
  double coveredHours(int month) {
    long begin = hour(months.get(month).atDay(1).atStartOfDay());
    long end = hour(months.get(month).plusMonths(1).atDay(1).atStartOfDay());
    Span span = spans.get(month);
    long first = Math.max(begin, span.beginHour);
    long last = Math.min(end, span.endHour);
    return last <= first ? end - begin : last - first;
  }

  /// Whether the charges of a month cover it, but for a few hours.
  boolean complete(int month) {
    return coveredHours(month) >= COMPLETE * wholeHours(month);
  }

  /// The hours of a whole month.
  double wholeHours(int month) {
    LocalDateTime begin = months.get(month).atDay(1).atStartOfDay();
    return Duration.between(begin, begin.plusMonths(1)).toHours();
  }

  private static long hour(LocalDateTime time) {
    return time.toEpochSecond(ZoneOffset.UTC) / Duration.ofHours(1).toSeconds();
  }
}
