package dev.pilotlight.cli;

import dev.pilotlight.cli.audit.Assumptions;
import dev.pilotlight.cli.audit.Hours;
import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.cli.cost.MonthlyCost;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The assumptions of an audit, as options.
final class AuditOptions {
  private static final int HOURS_OF_DAY = 24;

  @Option(
      names = "--requests",
      paramLabel = "N|NAME=N",
      description =
          "Inferences a month: of all candidates together, shared by their cost, or of a machine"
              + " or an instance type; repeatable. Without it a candidate has only a break-even.")
  private List<String> requests = new ArrayList<>();

  @Option(
      names = "--hits",
      paramLabel = "SHARE",
      description = "The share of inferences that repeat an earlier one, 0 to 1; default 0.")
  private double hits;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model whose measured times are used: all-minilm (default) or article.")
  private String model = CostInputs.MINI_LM;

  @Option(names = "--tokens", paramLabel = "N", description = "Tokens of a text; default 128.")
  private int tokens = 128;

  @Option(
      names = "--milliseconds",
      paramLabel = "MS",
      description = "How long your model keeps a vCPU busy; default: as measured for --model.")
  private @Nullable Double milliseconds;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "The stack to compare with: production (default) or starter.")
  private String preset = "production";

  @Option(
      names = "--per-usd",
      paramLabel = "RATE",
      description = "The price of one USD in the bill's currency, if that is another one.")
  private @Nullable BigDecimal perUsd;

  @Option(
      names = "--always-on",
      paramLabel = "SHARE",
      description = "From which share of the hours a machine is always on; default 0.9.")
  private double alwaysOn = 0.9;

  @Option(
      names = "--cold-share",
      paramLabel = "SHARE",
      description = "The share of S3 Standard that nobody reads for 30 days; default 0.")
  private double coldShare;

  @Option(
      names = "--budgets",
      paramLabel = "yes|no",
      description = "Whether a budget or anomaly detection exists; default: as the bill shows.")
  private @Nullable String budgets;

  @Option(
      names = "--work",
      paramLabel = "HOURS",
      description = "The working hours of Monday to Friday; default 8-20.")
  private String work = "8-20";

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "The time zone of the working hours; default UTC.")
  private String zone = "UTC";

  Assumptions assumptions(CommandLine command) {
    Map<String, BigDecimal> requestsOf = new LinkedHashMap<>();
    Optional<BigDecimal> all = requests(command, requestsOf);
    check(command, "--hits", hits, 0, 1);
    check(command, "--tokens", tokens, 1, Integer.MAX_VALUE);
    check(command, "--always-on", alwaysOn, 0.1, 1);
    check(command, "--cold-share", coldShare, 0, 1);
    if (milliseconds != null) {
      check(command, "--milliseconds", milliseconds, 0, 900_000);
    }
    if (perUsd != null && perUsd.signum() <= 0) {
      throw wrong(command, "--per-usd", perUsd.toPlainString(), "a rate over 0");
    }
    oneOf(command, "--model", model, CostInputs.MINI_LM, CostInputs.ARTICLE);
    oneOf(command, "--preset", preset, "production", "starter");
    String stated = budgets == null ? "" : budgets;
    oneOf(command, "--budgets", stated, "yes", "no", "");
    return new Assumptions(
        all,
        requestsOf,
        hits,
        tokens,
        model,
        Optional.ofNullable(milliseconds),
        preset,
        Optional.ofNullable(perUsd),
        alwaysOn,
        coldShare,
        stated.isEmpty() ? Optional.empty() : Optional.of(stated.equals("yes")),
        hours(command),
        given(command));
  }

  private Optional<BigDecimal> requests(CommandLine command, Map<String, BigDecimal> of) {
    Optional<BigDecimal> all = Optional.empty();
    for (String each : requests) {
      int equals = each.lastIndexOf('=');
      BigDecimal number = number(command, each, each.substring(equals + 1));
      if (equals >= 0) {
        of.put(each.substring(0, equals), number);
      } else if (all.isPresent()) {
        throw wrong(command, "--requests", each, "one number for all candidates together");
      } else {
        all = Optional.of(number);
      }
    }
    return all;
  }

  private static BigDecimal number(CommandLine command, String whole, String text) {
    String accepted = "inferences a month such as 340000, or i-0abc=340000";
    try {
      BigDecimal number = new BigDecimal(text);
      boolean fits =
          number.signum() >= 0
              && number.compareTo(BigDecimal.valueOf(MonthlyCost.REQUESTS_MAX)) <= 0;
      if (fits) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(command, "--requests", whole, accepted);
    }
    throw wrong(command, "--requests", whole, accepted);
  }

  private static Set<String> given(CommandLine command) {
    return command.getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .collect(Collectors.toSet());
  }

  private Hours hours(CommandLine command) {
    if (!work.matches("\\d{1,2}-\\d{1,2}")) {
      throw wrong(command, "--work", work, "hours such as 8-20");
    }
    int dash = work.indexOf('-');
    int begin = Integer.parseInt(work.substring(0, dash));
    int end = Integer.parseInt(work.substring(dash + 1));
    if (begin >= end || end > HOURS_OF_DAY) {
      throw wrong(command, "--work", work, "hours such as 8-20");
    }
    try {
      return new Hours(ZoneId.of(zone), begin, end);
    } catch (DateTimeException e) {
      throw wrong(command, "--zone", zone, "a zone such as Europe/Paris");
    }
  }

  private static void check(
      CommandLine command, String option, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw wrong(command, option, Double.toString(value), "%s to %s".formatted(min, max));
    }
  }

  private static void oneOf(CommandLine command, String option, String value, String... accepted) {
    if (!List.of(accepted).contains(value)) {
      String names = String.join(", ", accepted).replaceAll(", $", "");
      throw wrong(command, option, value, names);
    }
  }

  private static ParameterException wrong(
      CommandLine command, String option, String value, String accepted) {
    return new ParameterException(
        command, "%s is '%s'; accepted: %s".formatted(option, value, accepted));
  }
}
