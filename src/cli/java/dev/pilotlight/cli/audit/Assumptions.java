package dev.pilotlight.cli.audit;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All that a bill does not show, each changeable by an option.
///
/// @param requests inferences a month of all candidates together
/// @param requestsOf inferences a month by resource id or instance type
/// @param hits the share of inferences that the cache answers, from 0 to 1
/// @param tokens of an inference's text, which decide its measured time
/// @param model whose measured times the estimate takes
/// @param missMillis the time of a new inference, in place of the measured one
/// @param preset the stack of the comparison, `production` or `starter`
/// @param perUsd units of the bill's currency that one USD costs; empty if unknown
/// @param alwaysOn the share of the covered hours from which a machine counts as always on
/// @param coldShare the share of S3 Standard that nobody reads for 30 days, from 0 to 1
/// @param budgets whether a budget or anomaly detection exists; empty if nobody stated it
/// @param hours the working hours
/// @param given the options that were given, such as `--hits`; the others have their defaults
public record Assumptions(
    Optional<BigDecimal> requests,
    Map<String, BigDecimal> requestsOf,
    double hits,
    int tokens,
    String model,
    Optional<Double> missMillis,
    String preset,
    Optional<BigDecimal> perUsd,
    double alwaysOn,
    double coldShare,
    Optional<Boolean> budgets,
    Hours hours,
    Set<String> given) {

  /// Units of the bill's currency for one USD.
  ///
  /// @return empty if that is unknown
  public Optional<BigDecimal> perUsd(String currency) {
    return currency.equals("USD") ? Optional.of(BigDecimal.ONE) : perUsd;
  }
}
