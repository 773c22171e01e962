package dev.pilotlight.cli.cost;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/// The cost of a month of a stack, in USD, by the table of terms.
///
/// @param values every value by its name in the table: what was given, assumed and computed
/// @param lines the terms, in the table's order
public record MonthlyCost(CostInputs inputs, Map<String, Double> values, List<CostLine> lines) {
  /// The most requests a month that anything is computed for.
  public static final long REQUESTS_MAX = 1L << 50;

  public static MonthlyCost of(CostInputs inputs) {
    Terms terms = Terms.known();
    Map<String, Double> values = new LinkedHashMap<>(terms.assumptions());
    values.putAll(inputs.values());
    terms
        .derived()
        .forEach(
            (name, formula) -> {
              if (!values.containsKey(name)) {
                values.put(name, formula.of(values));
              }
            });
    boolean arm = values.getOrDefault("arm", 0.0) > 0;
    List<CostLine> lines = new ArrayList<>();
    for (Term term : terms.terms()) {
      Price price = terms.prices().get(term.priceOn(arm));
      if (price == null) {
        throw new IllegalStateException("the table has no price " + term.priceOn(arm));
      }
      lines.add(term.line(values, price));
    }
    return new MonthlyCost(inputs, Map.copyOf(values), List.copyOf(lines));
  }

  /// USD a month.
  public double total() {
    return sum(_ -> true);
  }

  public double part(Part part) {
    return sum(line -> line.part() == part);
  }

  /// The sum of the function's own estimates of the month's requests (`pilotlight-cost-usd`).
  public double estimated() {
    return sum(CostLine::estimate);
  }

  /// USD for each request, with the fixed part; NaN in a month without requests.
  public double perRequest() {
    return inputs.requests() > 0 ? total() / inputs.requests() : Double.NaN;
  }

  /// A value of the table by its name, such as `missMs` or `environments`.
  public double value(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' is not in the table of terms");
    }
    return value;
  }

  /// The same stack in a month without requests.
  public MonthlyCost idle() {
    return of(inputs.withRequests(0));
  }

  /// The most requests a month that the HTTP API lets through, if they come at its `ThrottleRate`
  /// all the time: it answers others with 429. Empty with a function URL, which has no such rate.
  public OptionalLong admittedRequests() {
    return value("api") > 0 ? OptionalLong.of((long) value("admitted")) : OptionalLong.empty();
  }

  /// The most requests a month for which the same stack costs no more than a fleet: the cost rises
  /// with the traffic, so that halving finds it. Empty if an idle month costs more already.
  ///
  /// A stack may not take so many requests: see [#admittedRequests()].
  ///
  /// @param fleetUsd of the fleet a month
  /// @return [#REQUESTS_MAX] if so many cost no more either: the costs do not meet below
  public OptionalLong breakEvenRequests(double fleetUsd) {
    if (!isAtMost(fleetUsd, 0)) {
      return OptionalLong.empty();
    }
    if (isAtMost(fleetUsd, REQUESTS_MAX)) {
      return OptionalLong.of(REQUESTS_MAX);
    }
    long low = 0;
    long high = REQUESTS_MAX;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (isAtMost(fleetUsd, middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return OptionalLong.of(low);
  }

  private boolean isAtMost(double usd, long requests) {
    return of(inputs.withRequests((double) requests)).total() <= usd;
  }

  private double sum(Predicate<CostLine> included) {
    double sum = 0;
    for (CostLine line : lines) {
      if (included.test(line)) {
        sum += line.usd();
      }
    }
    return sum;
  }
}
