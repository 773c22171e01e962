package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.Resource.Part;
import dev.pilotlight.cli.audit.bill.Payment;
import dev.pilotlight.cli.audit.use.Joins;
import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.audit.use.Utilisation.Cpu;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The machines of one type in one region.
///
/// @param machines how many on average, at least one for each id
/// @param alwaysOn how many of them ran all the time
/// @param estimated whether the bill lacks an id of some, so that [#alwaysOn] is only their hours
///   divided by the month's
/// @param hours of all
/// @param steadyHours of those that were always on, by payment
/// @param steadyCosts of those that were always on, by payment
/// @param averages the use of the processors of those always on, weighted by cost
/// @param maxima the highest use, weighted likewise
/// @param ids of the machines
public record Fleet(
    Role role,
    String service,
    String region,
    String instanceType,
    long machines,
    long alwaysOn,
    boolean estimated,
    double hours,
    Map<Payment, Double> steadyHours,
    Map<Payment, BigDecimal> steadyCosts,
    Use averages,
    Use maxima,
    List<String> ids,
    Amount amount) {
  private static final double KNOWN = 0.5;

  /// The measured use of some machines.
  ///
  /// @param percent weighted by cost; 0 if none is measured
  /// @param share of the cost of those always on that is measured
  /// @param machines how many are measured
  public record Use(double percent, double share, long machines) {
    private Optional<Double> known() {
      return share > 0 && share >= KNOWN ? Optional.of(percent) : Optional.empty();
    }
  }

  private record Key(
      Role role, String service, String region, String instanceType, boolean named) {}

  private record Member(Resource resource, Key key, List<Part> parts) {}

  /// All fleets, the most expensive first.
  ///
  /// @param named ids of machines that make fleets without the others of their type
  static List<Fleet> of(Books books, Utilisation use, double alwaysOn, Set<String> named) {
    Map<Key, List<Member>> groups = new LinkedHashMap<>();
    for (Resource resource : books.ledger().resources()) {
      for (Member member : members(resource, books.now(), named)) {
        groups.computeIfAbsent(member.key, _ -> new ArrayList<>()).add(member);
      }
    }
    Joins joins = new Joins(use.cpu().keySet());
    List<Fleet> fleets = new ArrayList<>();
    groups.forEach(
        (key, members) -> {
          boolean split = !named.isEmpty() && groups.containsKey(other(key));
          fleets.add(new Sum(books, key, alwaysOn, use, joins).of(members, split));
        });
    fleets.sort(
        Comparator.comparing((Fleet fleet) -> fleet.amount.cost())
            .reversed()
            .thenComparing(Fleet::instanceType));
    return fleets;
  }

  private static Key other(Key key) {
    return new Key(key.role, key.service, key.region, key.instanceType, !key.named);
  }

  // one for each role, region and type in which the resource ran
  private static Iterable<Member> members(Resource resource, int now, Set<String> named) {
    Resource.Key id = resource.key();
    boolean own =
        id.identified() && (named.contains(id.id()) || named.contains(Utilisation.id(id.id())));
    Map<Key, Member> members = new LinkedHashMap<>();
    for (Part part : resource.parts()) {
      if (part.role().hasHours() && part.tally().quantity(now) > 0) {
        Key key = new Key(part.role(), id.service(), part.region(), part.instanceType(), own);
        members
            .computeIfAbsent(key, _ -> new Member(resource, key, new ArrayList<>(1)))
            .parts
            .add(part);
      }
    }
    return members.values();
  }

  /// The use in percent.
  ///
  /// @return empty if less than half of the cost is measured
  public Optional<Double> average() {
    return averages.known();
  }

  /// The highest use in percent.
  ///
  /// @return empty if less than half of the cost is measured
  public Optional<Double> maximum() {
    return maxima.known();
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

  /// A weighted mean.
  private static final class Mean {
    private double sum;
    private double weight;
    private long count;

    private void add(Optional<Double> percent, double cost, long machines) {
      if (percent.isPresent()) {
        sum += percent.get() * cost;
        weight += cost;
        count += machines;
      }
    }

    private Use of(double all) {
      return weight > 0 && all > 0 ? new Use(sum / weight, weight / all, count) : new Use(0, 0, 0);
    }
  }

  /// Sums the machines of a fleet.
  private static final class Sum {
    private final Books books;
    private final Key key;
    private final double alwaysOn;
    private final Utilisation use;
    private final Joins joins;
    private final Map<Payment, Double> steadyHours = new EnumMap<>(Payment.class);
    private final Map<Payment, BigDecimal> steadyCosts = new EnumMap<>(Payment.class);
    private final Tally tally = new Tally();
    private final List<String> ids = new ArrayList<>();
    private final Mean averages = new Mean();
    private final Mean maxima = new Mean();
    private long machines;
    private long steady;
    private boolean estimated;
    private double hours;
    private double steadyCost;

    Sum(Books books, Key key, double alwaysOn, Utilisation use, Joins joins) {
      this.books = books;
      this.key = key;
      this.alwaysOn = alwaysOn;
      this.use = use;
      this.joins = joins;
    }

    Fleet of(List<Member> members, boolean split) {
      members.forEach(this::add);
      Filter filter =
          books
              .filter()
              .and("service", key.service)
              .and("region", key.region)
              .and("instance_type", key.instanceType)
              .and("role = '" + key.role + "'");
      if (split) {
        filter = filter.and(key.named ? among(members) : "resource not named by --requests");
      }
      return new Fleet(
          key.role,
          key.service,
          key.region,
          key.instanceType,
          machines,
          steady,
          estimated,
          hours,
          steadyHours,
          steadyCosts,
          averages.of(steadyCost),
          maxima.of(steadyCost),
          List.copyOf(ids),
          books.amount(tally, filter));
    }

    private static String among(List<Member> members) {
      return members.stream()
          .map(member -> "'" + member.resource.key().id().replace("'", "''") + "'")
          .distinct()
          .collect(Collectors.joining(", ", "resource in (", ")"));
    }

    private void add(Member member) {
      int now = books.now();
      double covered = books.ledger().coveredHours(now);
      double own = member.parts.stream().mapToDouble(part -> part.tally().quantity(now)).sum();
      long count = Math.max(1, Math.round(own / covered));
      hours += own;
      machines += count;
      ids.add(member.resource.key().id());
      estimated |= !member.resource.key().identified();
      double cost = 0;
      boolean always = own >= alwaysOn * covered && key.role.serves();
      for (Part part : member.parts) {
        Tally sum = part.tally();
        tally.add(sum);
        if (always) {
          steadyHours.merge(part.payment(), sum.quantity(now), Double::sum);
          steadyCosts.merge(part.payment(), sum.cost(now), BigDecimal::add);
        }
        cost += sum.cost(now).doubleValue();
      }
      if (always) {
        steady += count;
        steadyCost += cost;
        measure(member.resource.key(), cost, count);
      }
    }

    private void measure(Resource.Key resource, double cost, long count) {
      Optional<String> name = joins.find(resource.account(), resource.service(), resource.id());
      if (name.isPresent()) {
        Cpu cpu = Objects.requireNonNull(use.cpu().get(name.get()));
        averages.add(cpu.average(), cost, count);
        maxima.add(cpu.maximum(), cost, count);
      }
    }
  }
}
