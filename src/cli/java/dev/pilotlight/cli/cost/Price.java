package dev.pilotlight.cli.cost;

/// A price of `terms.json`, which is that of `prices.properties`.
///
/// @param usd for so many units
/// @param per the number of units that the price is for
/// @param published the page where AWS has its price; nobody compared this one with it
public record Price(String name, double usd, double per, String unit, String published) {
  /// USD for one unit.
  public double each() {
    return usd / per;
  }
}
