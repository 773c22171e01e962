package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.bill.Payment;

/// Charges that differ only in time, account and resource.
record Meter(
    String service,
    String usageType,
    String region,
    String instanceType,
    Payment payment,
    Kind kind,
    Role role) {
  private static final String OTHERS = "(other usage types)";

  static Meter of(Charge charge) {
    return new Meter(
        charge.service(),
        charge.usageType(),
        charge.region(),
        charge.instanceType(),
        charge.payment(),
        charge.kind(),
        Role.of(charge));
  }

  /// Whether a charge belongs to it. Equal strings are mostly the same object, so this is quick.
  boolean has(Charge charge) {
    return payment == charge.payment()
        && kind == charge.kind()
        && service.equals(charge.service())
        && region.equals(charge.region())
        && instanceType.equals(charge.instanceType())
        && usageType.equals(charge.usageType());
  }

  /// The meter of those that are too many to be kept.
  Meter pooled() {
    return new Meter(service, OTHERS, "", "", payment, kind, role);
  }
}
