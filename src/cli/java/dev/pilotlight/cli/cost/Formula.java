package dev.pilotlight.cli.cost;

import java.util.Map;

/// An arithmetic expression of `terms.json` over named numbers. The calculator's page has the same
/// in JavaScript, with the same order of operations: both get the same bits.
@FunctionalInterface
interface Formula {
  /// The value of the expression.
  ///
  /// @throws IllegalArgumentException if a name of the expression has no value
  double of(Map<String, Double> values);

  /// Parses an expression of numbers, names, `+ - * /`, parentheses, and the functions `min` and
  /// `max` of two values and `ceil` of one.
  ///
  /// @throws IllegalArgumentException if it is anything else
  static Formula parse(String text) {
    return new FormulaParser(text).whole();
  }
}
