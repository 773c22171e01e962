package dev.pilotlight.cli.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FormulaTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "1 + 2 * 3 = 7",
        "(1 + 2) * 3 = 9",
        "8 - 2 - 1 = 5",
        "8 / 2 / 2 = 2",
        "min(max(x, 5), 4) = 4",
        "ceil(0.5 * x) = 2",
        "x*x = 9"
      })
  void valueOfAnExpression(String text, double expected) {
    assertThat(Formula.parse(text).of(Map.of("x", 3.0))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1 +", "(1", "1 2", "floor(1)", "min(1)", "ceil(1, 2)", "y", "()", "1 ^ 2"})
  void anotherExpressionIsRefused(String text) {
    assertThatThrownBy(() -> Formula.parse(text).of(Map.of("x", 3.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text.equals("y") ? "'y' has no value" : "needs");
  }
}
