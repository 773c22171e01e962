package dev.pilotlight.cli.audit;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.Optional;

/// A step of the plan.
///
/// @param days by when: 30, 90 or 180
/// @param saving a month, net; empty if the data do not support one
/// @param effort in the words of Cost Optimization Hub: VeryLow, Low, Medium, High, VeryHigh
/// @param risk what can go wrong, in a few words
/// @param why the finding that it follows from
/// @param condition without which the saving does not hold, beginning with `if`; may be empty
/// @param command to type, with words in capitals to be replaced
public record Step(
    int days,
    String title,
    Optional<BigDecimal> saving,
    String effort,
    String risk,
    String why,
    String command,
    String condition) {

  /// The step that finds out what a service is for. Its name is not in the command, because names
  /// of a bill come from anyone.
  static Step ask(ServiceCost service, YearMonth month) {
    return new Step(
        Plan.SOON,
        "Find out what '%s' is for".formatted(service.service()),
        Optional.empty(),
        "Low",
        "none",
        "no rule applies to it",
        "aws ce get-cost-and-usage --time-period Start=%s,End=%s --granularity MONTHLY"
                .formatted(month.atDay(1), month.plusMonths(1).atDay(1))
            + " --metrics AmortizedCost"
            + " --group-by Type=DIMENSION,Key=SERVICE Type=DIMENSION,Key=USAGE_TYPE",
        "");
  }
}
