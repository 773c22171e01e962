package dev.pilotlight.cli.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The cost of a service.
///
/// @param share of all services' cost in the month
/// @param cumulative the share of this service and the larger ones
/// @param exploded whether it is new, or grew by over 30 % over the months before, by 1 % of the
///   bill or more
public record ServiceCost(
    String service, Amount amount, Trend trend, double share, double cumulative, boolean exploded) {
  private static final double GROWTH = 0.3;
  private static final double OF_BILL = 0.01;
  private static final double MOST = 0.8;

  /// A share of the cost that a reader should know of.
  public static final double LARGE = 0.2;

  /// All services with a cost in any of the months, the largest first.
  static List<ServiceCost> of(Books books) {
    Map<String, Tally> sums = new LinkedHashMap<>();
    books
        .ledger()
        .meters()
        .forEach(
            (meter, tally) -> {
              if (!meter.kind().apart()) {
                sums.computeIfAbsent(meter.service(), _ -> new Tally()).add(tally);
              }
            });
    int now = books.now();
    double all = sums.values().stream().mapToDouble(sum -> sum.cost(now).doubleValue()).sum();
    List<String> names = new ArrayList<>(sums.keySet());
    names.sort(
        Comparator.comparing((String name) -> sums.getOrDefault(name, new Tally()).cost(now))
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    List<ServiceCost> services = new ArrayList<>();
    double cumulative = 0;
    for (String name : names) {
      Tally sum = sums.getOrDefault(name, new Tally());
      Trend trend = books.trend(sum);
      if (trend.months().stream().allMatch(cost -> cost.signum() == 0)) {
        continue;
      }
      Amount amount = books.amount(sum, books.filter().and("service", name).and("not apart"));
      double share = all > 0 ? amount.cost().doubleValue() / all : 0;
      cumulative += share;
      boolean exploded = exploded(trend, all);
      services.add(new ServiceCost(name, amount, trend, share, cumulative, exploded));
    }
    return services;
  }

  private static boolean exploded(Trend trend, double all) {
    if (trend.isNew()) {
      return trend.last().doubleValue() >= OF_BILL * all;
    }
    return trend
        .growthOverBefore()
        .filter(growth -> growth > GROWTH)
        .filter(growth -> trend.last().doubleValue() * growth / (1 + growth) >= OF_BILL * all)
        .isPresent();
  }

  /// The services with a cost in the month to which no rule applies, the largest first.
  static List<ServiceCost> untouched(List<ServiceCost> services, Ledger ledger) {
    return services.stream()
        .filter(service -> service.share > 0)
        .filter(
            service ->
                ledger.meters().keySet().stream()
                    .filter(meter -> meter.service().equals(service.service))
                    .allMatch(meter -> meter.role() == Role.OTHER))
        .toList();
  }

  /// Whether this is a fifth of the cost or more.
  public boolean large() {
    return share >= LARGE;
  }

  /// How many of the largest services make 80 %.
  public static int most(List<ServiceCost> services) {
    for (int i = 0; i < services.size(); i++) {
      if (services.get(i).cumulative >= MOST) {
        return i + 1;
      }
    }
    return services.size();
  }
}
