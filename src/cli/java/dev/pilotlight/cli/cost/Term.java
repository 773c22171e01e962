package dev.pilotlight.cli.cost;

import java.util.Map;

/// A term of a month's cost: a quantity times a price.
///
/// @param price the name of a price; one that ends with `*` has one for each processor
/// @param estimate whether the function's own estimate of a request includes it
record Term(
    String name,
    Part part,
    String title,
    Formula quantity,
    String unit,
    String price,
    boolean estimate) {
  private static final String BY_PROCESSOR = "*";

  /// The name of its price on a processor.
  String priceOn(boolean arm) {
    return price.endsWith(BY_PROCESSOR)
        ? price.substring(0, price.length() - 1) + (arm ? "arm" : "x86")
        : price;
  }

  CostLine line(Map<String, Double> values, Price priced) {
    return new CostLine(name, part, title, quantity.of(values), unit, priced, estimate);
  }
}
