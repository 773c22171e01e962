package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Payment;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The costs of one resource, by role and payment.
final class Resource {
  private final Key key;
  private final Map<Part, Tally> parts = new LinkedHashMap<>(2);
  private String region = "";
  private String instanceType = "";

  /// Names a resource.
  ///
  /// @param id empty where the bill has none
  record Key(String account, String service, String id) {}

  /// A share of the costs.
  record Part(Role role, Payment payment) {}

  Resource(Key key) {
    this.key = key;
  }

  void add(int month, Role role, Charge charge, boolean nightOrWeekend) {
    region = region.isEmpty() ? charge.region() : region;
    if (instanceType.isEmpty() && (role.hasHours() || role == Role.DATABASE)) {
      instanceType = type(charge);
    }
    parts
        .computeIfAbsent(new Part(role, charge.payment()), _ -> new Tally())
        .add(month, charge, nightOrWeekend);
  }

  // a bill without columns of products has the type in `BoxUsage:m5.2xlarge`
  private static String type(Charge charge) {
    String usage = charge.usageType();
    return charge.instanceType().isEmpty()
        ? usage.substring(usage.indexOf(':') + 1)
        : charge.instanceType();
  }

  Key key() {
    return key;
  }

  String region() {
    return region;
  }

  String instanceType() {
    return instanceType;
  }

  Map<Part, Tally> parts() {
    return parts;
  }

  /// The cost of all parts.
  BigDecimal cost(int month) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Tally part : parts.values()) {
      sum = sum.add(part.cost(month));
    }
    return sum;
  }

  /// The quantity of a role, however it was paid.
  double quantity(Role role, int month) {
    double sum = 0;
    for (var part : parts.entrySet()) {
      sum += part.getKey().role() == role ? part.getValue().quantity(month) : 0;
    }
    return sum;
  }

  /// The costs of a role by payment; none that are nothing.
  Map<Payment, BigDecimal> costs(Role role, int month) {
    Map<Payment, BigDecimal> costs = new EnumMap<>(Payment.class);
    for (var part : parts.entrySet()) {
      if (part.getKey().role() == role && part.getValue().cost(month).signum() != 0) {
        costs.merge(part.getKey().payment(), part.getValue().cost(month), BigDecimal::add);
      }
    }
    return costs;
  }

  /// The role of its machines' hours, if it has any.
  @Nullable Role machines(int month) {
    for (var part : parts.entrySet()) {
      if (part.getKey().role().hasHours() && part.getValue().quantity(month) > 0) {
        return part.getKey().role();
      }
    }
    return null;
  }

  Tally all() {
    Tally all = new Tally();
    parts.values().forEach(all::add);
    return all;
  }
}
