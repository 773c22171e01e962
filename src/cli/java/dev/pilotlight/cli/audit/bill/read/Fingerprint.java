package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.Charge;

/// A number for what a line holds, the same for every delivery and file format of a bill.
final class Fingerprint {
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private Fingerprint() {}

  /// The fingerprint of a line; never 0. Strings keep their hash, so it reads none of them twice.
  static long of(Charge charge) {
    long all = charge.month().getYear() * 12L + charge.month().getMonthValue();
    all = with(all, charge.startHour());
    all = with(all, charge.hours());
    all = with(all, charge.account().hashCode());
    all = with(all, charge.lineType().hashCode());
    all = with(all, charge.service().hashCode());
    all = with(all, charge.usageType().hashCode());
    all = with(all, charge.operation().hashCode());
    all = with(all, charge.resource().hashCode());
    all = with(all, charge.family().hashCode());
    all = with(all, Float.floatToIntBits((float) charge.quantity()));
    all = with(all, charge.cost());
    return mixed(all);
  }

  private static long with(long all, long value) {
    long next = (all ^ value) * PRIME;
    return next ^ (next >>> 29);
  }

  // the finalizer of SplitMix64
  private static long mixed(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return z == 0 ? 1 : z;
  }
}
