package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Payment;
import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.audit.use.Utilisation.Cpu;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The machines of one type in one region.
///
/// @param machines how many on average, at least one for each id
/// @param alwaysOn how many of them ran all the time
/// @param hours of all
/// @param steadyHours of those that were always on, by payment
/// @param steadyCosts of those that were always on, by payment
/// @param average the use of the processors of those always on in percent, weighted by cost; empty
///   if unknown
/// @param maximum the highest use, weighted likewise
/// @param measured the share of the cost of those always on whose use is known
/// @param ids of the machines
public record Fleet(
    Role role,
    String service,
    String region,
    String instanceType,
    long machines,
    long alwaysOn,
    double hours,
    Map<Payment, Double> steadyHours,
    Map<Payment, BigDecimal> steadyCosts,
    Optional<Double> average,
    Optional<Double> maximum,
    double measured,
    List<String> ids,
    Amount amount) {

  private record Key(Role role, String service, String region, String instanceType) {}

  /// All fleets, the most expensive first.
  static List<Fleet> of(Books books, Utilisation use, double alwaysOn) {
    Map<Key, List<Resource>> groups = new LinkedHashMap<>();
    for (Resource resource : books.ledger().resources()) {
      @Nullable Role role = resource.machines(books.now());
      if (role != null) {
        var key =
            new Key(role, resource.key().service(), resource.region(), resource.instanceType());
        groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(resource);
      }
    }
    List<Fleet> fleets = new ArrayList<>();
    groups.forEach((key, members) -> fleets.add(new Sum(books, key, alwaysOn).of(members, use)));
    fleets.sort(
        Comparator.comparing((Fleet fleet) -> fleet.amount.cost())
            .reversed()
            .thenComparing(Fleet::instanceType));
    return fleets;
  }

  /// The cost of the machines that were always on.
  public BigDecimal steadyCost() {
    return steadyCosts.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /// The share of the cost of those always on that was paid in a way.
  double share(Payment payment) {
    double all = steadyCost().doubleValue();
    BigDecimal cost = steadyCosts.getOrDefault(payment, BigDecimal.ZERO);
    return all > 0 ? cost.doubleValue() / all : 0;
  }

  /// Sums the machines of a fleet.
  private static final class Sum {
    private final Books books;
    private final Key key;
    private final double alwaysOn;
    private final Map<Payment, Double> steadyHours = new EnumMap<>(Payment.class);
    private final Map<Payment, BigDecimal> steadyCosts = new EnumMap<>(Payment.class);
    private final Tally tally = new Tally();
    private final List<String> ids = new ArrayList<>();
    private long machines;
    private long steady;
    private double hours;
    private double steadyCost;
    private double measuredCost;
    private double averages;
    private double averagesCost;
    private double maxima;
    private double maximaCost;

    Sum(Books books, Key key, double alwaysOn) {
      this.books = books;
      this.key = key;
      this.alwaysOn = alwaysOn;
    }

    Fleet of(List<Resource> members, Utilisation use) {
      members.forEach(member -> add(member, use));
      Filter filter =
          books
              .filter()
              .and("service", key.service)
              .and("region", key.region)
              .and("instance_type", key.instanceType)
              .and("role = '" + key.role + "'");
      return new Fleet(
          key.role,
          key.service,
          key.region,
          key.instanceType,
          machines,
          steady,
          hours,
          steadyHours,
          steadyCosts,
          averagesCost > 0 ? Optional.of(averages / averagesCost) : Optional.empty(),
          maximaCost > 0 ? Optional.of(maxima / maximaCost) : Optional.empty(),
          steadyCost > 0 ? measuredCost / steadyCost : 0,
          List.copyOf(ids),
          books.amount(tally, filter));
    }

    private void add(Resource resource, Utilisation use) {
      int now = books.now();
      double covered = books.ledger().coveredHours(now);
      double own = resource.quantity(key.role, now);
      long count = Math.max(1, Math.round(own / covered));
      hours += own;
      machines += count;
      ids.add(resource.key().id());
      double cost = 0;
      boolean always = own >= alwaysOn * covered && key.role.serves();
      for (Resource.Part part : resource.parts()) {
        if (part.role() == key.role) {
          Tally sum = part.tally();
          tally.add(sum);
          if (always) {
            steadyHours.merge(part.payment(), sum.quantity(now), Double::sum);
            steadyCosts.merge(part.payment(), sum.cost(now), BigDecimal::add);
          }
          cost += sum.cost(now).doubleValue();
        }
      }
      if (always) {
        steady += count;
        steadyCost += cost;
        use.of(resource.key().id()).ifPresent(cpu -> measure(cpu, resource));
      }
    }

    private void measure(Cpu cpu, Resource resource) {
      double cost = resource.quantity(key.role, books.now()) > 0 ? costOf(resource) : 0;
      measuredCost += cost;
      if (cpu.average().isPresent()) {
        averages += cpu.average().get() * cost;
        averagesCost += cost;
      }
      if (cpu.maximum().isPresent()) {
        maxima += cpu.maximum().get() * cost;
        maximaCost += cost;
      }
    }

    private double costOf(Resource resource) {
      return resource.costs(key.role, books.now()).values().stream()
          .mapToDouble(BigDecimal::doubleValue)
          .sum();
    }
  }
}
