package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.Assumptions;
import dev.pilotlight.cli.audit.score.Percent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An assumption of an audit, as a reader sees it.
///
/// @param option that changes it, or several with commas
/// @param given whether the option was given; else the value is a default
record Assumed(String name, String value, String option, boolean given) {

  /// All of them.
  ///
  /// @param currency of the bill
  static List<Assumed> of(Assumptions assumed, String currency) {
    List<Assumed> all = new ArrayList<>();
    all.add(
        new Assumed(
            "inferences a month",
            assumed.requests().map(BigDecimal::toPlainString).orElse("not stated"),
            "--requests N",
            assumed.requests().isPresent()));
    assumed
        .requestsOf()
        .forEach(
            (name, n) ->
                all.add(
                    new Assumed("inferences of " + name, n.toPlainString(), "--requests", true)));
    all.add(of(assumed, "inferences that the cache answers", Percent.of(assumed.hits()), "--hits"));
    all.add(
        of(
            assumed,
            "model whose measured times are used (docs/costs.md)",
            assumed.model(),
            "--model"));
    all.add(of(assumed, "tokens of a text", Integer.toString(assumed.tokens()), "--tokens"));
    all.add(
        of(
            assumed,
            "milliseconds of a new inference",
            assumed.missMillis().map(Object::toString).orElse("those of the model"),
            "--milliseconds"));
    all.add(of(assumed, "stack", assumed.preset(), "--preset"));
    all.add(
        of(
            assumed,
            "one USD in the bill's currency",
            assumed.perUsd(currency).map(BigDecimal::toPlainString).orElse("unknown"),
            "--per-usd"));
    all.add(
        of(
            assumed,
            "always on from",
            Percent.of(assumed.alwaysOn()) + " of the hours",
            "--always-on"));
    all.add(
        of(
            assumed,
            "S3 Standard that nobody reads",
            Percent.of(assumed.coldShare()),
            "--cold-share"));
    all.add(
        of(
            assumed,
            "a budget or anomaly detection exists",
            assumed.budgets().map(yes -> yes ? "yes" : "no").orElse("not stated"),
            "--budgets"));
    all.add(of(assumed, "working hours", assumed.hours().toString(), "--work, --zone"));
    return all;
  }

  private static Assumed of(Assumptions assumed, String name, String value, String option) {
    boolean given = Arrays.stream(option.split(", ")).anyMatch(assumed.given()::contains);
    return new Assumed(name, value, option, given);
  }
}
