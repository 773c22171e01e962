package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.cli.cost.CostLine;
import dev.pilotlight.cli.cost.MonthlyCost;
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
