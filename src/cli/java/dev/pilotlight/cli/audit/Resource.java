package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Payment;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The costs of one resource, by role and payment.
final class Resource {
  private final Key key;
  private final List<Part> parts = new ArrayList<>(1);
  private String region = "";
  private String instanceType = "";

  /// Names a resource.
  ///
  /// @param id empty where the bill has none
  record Key(String account, String service, String id) {}

  /// A share of the costs.
  record Part(Role role, Payment payment, Tally tally) {}

  Resource(Key key) {
    this.key = key;
  }

  void add(int month, Role role, Charge charge, boolean nightOrWeekend) {
    region = region.isEmpty() ? charge.region() : region;
    if (instanceType.isEmpty() && (role.hasHours() || role == Role.DATABASE)) {
      instanceType = type(charge);
    }
    part(role, charge.payment()).tally.add(month, charge, nightOrWeekend);
  }

  // a resource has few of them
  private Part part(Role role, Payment payment) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.role == role && part.payment == payment) {
        return part;
      }
    }
    Part part = new Part(role, payment, new Tally());
    parts.add(part);
    return part;
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

  List<Part> parts() {
    return parts;
  }

  /// The cost of all parts.
  BigDecimal cost(int month) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Part part : parts) {
      sum = sum.add(part.tally.cost(month));
    }
    return sum;
  }

  /// The quantity of a role, however it was paid.
  double quantity(Role role, int month) {
    double sum = 0;
    for (Part part : parts) {
      sum += part.role == role ? part.tally.quantity(month) : 0;
    }
    return sum;
  }

  /// The costs of a role by payment; none that are nothing.
  Map<Payment, BigDecimal> costs(Role role, int month) {
    Map<Payment, BigDecimal> costs = new EnumMap<>(Payment.class);
    for (Part part : parts) {
      if (part.role == role && part.tally.cost(month).signum() != 0) {
        costs.merge(part.payment, part.tally.cost(month), BigDecimal::add);
      }
    }
    return costs;
  }

  /// The role of its machines' hours, if it has any.
  @Nullable Role machines(int month) {
    for (Part part : parts) {
      if (part.role.hasHours() && part.tally.quantity(month) > 0) {
        return part.role;
      }
    }
    return null;
  }

  Tally all() {
    Tally all = new Tally();
    parts.forEach(part -> all.add(part.tally));
    return all;
  }
}
