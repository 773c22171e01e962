package dev.pilotlight.cli.audit.bill;

/// The reason for a charge, after amortisation.
public enum Kind {
  /// Use of a service, however it was paid.
  USAGE,
  /// A fee that no reservation or Savings Plan has, such as a Marketplace subscription.
  FEE,
  /// The part of a reservation or Savings Plan that nothing used.
  UNUSED_COMMITMENT,
  /// The payment of a reservation or Savings Plan. Its amortised cost is 0, because usage has it.
  COMMITMENT_FEE,
  CREDIT,
  REFUND,
  TAX,
  SUPPORT,
  DISCOUNT;

  /// Whether reports show it apart from the services' costs.
  public boolean apart() {
    return switch (this) {
      case USAGE, FEE, UNUSED_COMMITMENT, COMMITMENT_FEE -> false;
      case CREDIT, REFUND, TAX, SUPPORT, DISCOUNT -> true;
    };
  }
}
