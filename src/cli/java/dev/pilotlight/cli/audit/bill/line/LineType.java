package dev.pilotlight.cli.audit.bill.line;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The line types of a Cost and Usage Report.
public enum LineType {
  USAGE("Usage"),
  DISCOUNTED_USAGE("DiscountedUsage"),
  PLAN_COVERED_USAGE("SavingsPlanCoveredUsage"),
  FLAT_RATE("FlatRateSubscription"),
  PLAN_NEGATION("SavingsPlanNegation"),
  PLAN_UPFRONT_FEE("SavingsPlanUpfrontFee"),
  PLAN_RECURRING_FEE("SavingsPlanRecurringFee"),
  RESERVATION_FEE("RIFee"),
  FEE("Fee"),
  CREDIT("Credit"),
  REFUND("Refund"),
  TAX("Tax"),
  DISCOUNT("Discount"),
  EDP_DISCOUNT("EdpDiscount"),
  PRIVATE_RATE_DISCOUNT("PrivateRateDiscount"),
  SPP_DISCOUNT("SppDiscount"),
  BUNDLED_DISCOUNT("BundledDiscount"),
  RI_VOLUME_DISCOUNT("RiVolumeDiscount"),
  /// A type that this version does not know: counted as AWS bills it, and noted.
  UNKNOWN("");

  private static final Map<String, LineType> BY_NAME =
      Stream.of(values()).collect(Collectors.toMap(type -> type.word, Function.identity()));

  private final String word;

  LineType(String word) {
    this.word = word;
  }

  static LineType of(String text) {
    return BY_NAME.getOrDefault(text, UNKNOWN);
  }

  /// Whether quantities count.
  boolean isUsage() {
    return switch (this) {
      case USAGE, DISCOUNTED_USAGE, PLAN_COVERED_USAGE, FLAT_RATE -> true;
      default -> false;
    };
  }
}
