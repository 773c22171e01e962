package dev.pilotlight.cli.cost;

/// A term of a month's cost, with its figures.
///
/// @param name of the term, such as `invocations`
/// @param title for readers
/// @param quantity in units of the price
/// @param estimate whether the function's own estimate of a request includes it
public record CostLine(
    String name,
    Part part,
    String title,
    double quantity,
    String unit,
    Price price,
    boolean estimate) {
  public double usd() {
    return quantity * price.each();
  }
}
