package dev.pilotlight.cli.audit.bill;

/// How usage was paid.
public enum Payment {
  ON_DEMAND,
  RESERVED,
  SAVINGS_PLAN,
  SPOT,
  /// The charge is not usage, or the bill does not show it.
  UNKNOWN
}
