package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.cli.cost.CostLine;
import dev.pilotlight.cli.cost.MonthlyCost;
import dev.pilotlight.local.template.Presets;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page's JavaScript and Java's formula get the same bits.
final class ScriptTest {
  private static final long SEED = 20_261_129;
  private static final int MONTHS = 500;
  private static final int BREAK_EVENS = 20;

  @Test
  void everyTermOfRandomMonthsIsTheSame() {
    Random random = new Random(SEED);
    try (Script script = new Script()) {
      for (int i = 0; i < MONTHS; i++) {
        CostInputs inputs = RandomMonths.next(random);
        MonthlyCost cost = MonthlyCost.of(inputs);
        var _ = script.run("var cost = Formula.month(terms, " + json(inputs) + ");");
        assertThat(script.run("cost.lines.map((line) => line.usd).join(' ')"))
            .as("%s", inputs)
            .isEqualTo(script.run("[" + joined(cost) + "].join(' ')"));
        assertThat(script.number("cost.total")).as("%s", inputs).isEqualTo(cost.total());
        assertThat(script.number("cost.estimated")).isEqualTo(cost.estimated());
      }
    }
  }

  private static String joined(MonthlyCost cost) {
    return cost.lines().stream()
        .map(CostLine::usd)
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }

  @Test
  void breakEvensAreTheSame() {
    Random random = new Random(SEED);
    try (Script script = new Script()) {
      for (int i = 0; i < BREAK_EVENS; i++) {
        CostInputs inputs = RandomMonths.next(random);
        double fleet = RandomMonths.fleetUsd(random);
        String even = script.run("Formula.breakEven(terms, %s, %s)".formatted(json(inputs), fleet));
        var expected = MonthlyCost.of(inputs).breakEvenRequests(fleet);
        if (expected.isEmpty()) {
          assertThat(even).as("%s %s", inputs, fleet).isEqualTo("null");
        } else {
          assertThat(Double.parseDouble(even)).isEqualTo((double) expected.getAsLong());
        }
      }
    }
  }

  @Test
  void fleetDearerThanAllTrafficHasTheLimitAsItsBreakEven() {
    CostInputs inputs = CostInputs.production(0, 0.5);
    double limit = MonthlyCost.REQUESTS_MAX;
    double most = MonthlyCost.of(inputs.withRequests(limit)).total();
    try (Script script = new Script()) {
      String even = "Formula.breakEven(terms, " + json(inputs) + ", %s)";
      assertThat(script.number(even.formatted(most))).isEqualTo(limit);
      assertThat(script.number(even.formatted(most * 0.999))).isLessThan(limit);
      assertThat(script.number("Formula.REQUESTS_MAX")).isEqualTo(limit);
    }
    assertThat(MonthlyCost.of(inputs).breakEvenRequests(most)).hasValue(MonthlyCost.REQUESTS_MAX);
  }

  /// The page's buttons fill in its form, which the page then reads.
  @ParameterizedTest
  @ValueSource(strings = {Presets.STARTER, Presets.PRODUCTION, Presets.BUSY})
  void presetsOfThePageCostWhatJavaComputes(String preset) {
    MonthlyCost cost = MonthlyCost.of(CostInputs.preset(preset, 10_000_000, 0.5));
    String form =
        """
        var raw = Object.assign(Fields.example(terms), {door: "url", cache: "none", alarms: "few"});
        Object.assign(raw, Fields.preset(terms, "%s"));
        var form = Fields.read(Fields.list(terms), raw);
        var month = Formula.month(terms, Fields.given(terms, form.values));
        Object.keys(form.errors).join()
        """
            .formatted(preset);
    try (Script script = new Script()) {
      assertThat(script.run(form)).isEmpty();
      assertThat(script.number("month.total")).isEqualTo(cost.total());
      assertThat(script.number("month.values.admitted"))
          .isEqualTo((double) cost.admittedRequests().orElseThrow());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 +", "(1", "1 2", "floor(1)", "min(1)", "ceil(1, 2)", "unknown", "()"})
  void anotherExpressionIsRefused(String formula) {
    try (Script script = new Script()) {
      assertThatThrownBy(() -> script.run("Formula.parse('%s')({})".formatted(formula)))
          .isInstanceOf(RuntimeException.class);
    }
  }

  private static String json(CostInputs inputs) {
    return inputs.values().entrySet().stream()
        .map(entry -> "\"%s\":%s".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }
}
