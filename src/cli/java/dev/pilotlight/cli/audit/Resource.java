package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Payment;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// The costs of one resource, by role and payment.
final class Resource {
  private final Key key;
  private final List<Part> parts = new ArrayList<>(1);

  /// Names a resource.
  ///
  /// @param id the instance type, or empty, where the bill has none
  /// @param identified whether the bill has an id
  record Key(String account, String service, String id, boolean identified) {}

  /// A share of the costs. A machine that was resized has parts of several types.
  ///
  /// @param instanceType of machines and databases, else empty
  record Part(Role role, Payment payment, String region, String instanceType, Tally tally) {
    private boolean has(Role of, Charge charge, String type) {
      return role == of
          && payment == charge.payment()
          && region.equals(charge.region())
          && instanceType.equals(type);
    }
  }

  Resource(Key key) {
    this.key = key;
  }

  void add(int month, Role role, Charge charge) {
    String type = role.hasHours() || role == Role.DATABASE ? type(charge) : "";
    part(role, charge, type).tally.add(month, charge, false);
  }

  // a resource has few of them
  private Part part(Role role, Charge charge, String type) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.has(role, charge, type)) {
        return part;
      }
    }
    Part part = new Part(role, charge.payment(), charge.region(), type, new Tally());
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

  /// Whether another one, or this one, has the same account, service and cost.
  boolean isLike(Resource other, int month) {
    return key.account.equals(other.key.account)
        && key.service.equals(other.key.service)
        && cost(month).compareTo(other.cost(month)) == 0;
  }

  /// The quantity of a role, however it was paid.
  double quantity(Role role, int month) {
    double sum = 0;
    for (Part part : parts) {
      sum += part.role == role ? part.tally.quantity(month) : 0;
    }
    return sum;
  }

  /// The cost of a role, however it was paid.
  BigDecimal cost(Role role, int month) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Part part : parts) {
      sum = part.role == role ? sum.add(part.tally.cost(month)) : sum;
    }
    return sum;
  }

  Tally all() {
    Tally all = new Tally();
    parts.forEach(part -> all.add(part.tally));
    return all;
  }
}
