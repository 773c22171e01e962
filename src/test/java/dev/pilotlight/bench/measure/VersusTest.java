package dev.pilotlight.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pilotlight.bench.report.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VersusTest {
  private final Versus versus = new Versus("any");

  private void play(String... programs) {
    versus.nextRound();
    for (int i = 0; i < programs.length; i++) {
      versus.add(programs[i], new Contest.Time(i + 1, i + 0.5));
    }
  }

  private List<String> lines() {
    return versus.rows().stream().map(row -> row.kept("m").markdown()).toList();
  }

  @Test
  void functionIsNotSlowerThanItsEqual() {
    play("Node equal", "function", "Node bare");
    play("Node equal", "function", "Node bare");

    assertThat(lines())
        .containsExactly(
            "| m | any, against Node equal | 2 ms | 1 ms | 2 × | ≤ 1 × | **no** |",
            "| m | any, CPU time, against Node equal | 1.50 ms | 0.50 ms | 3 × | – | – |",
            "| m | any, against Node bare | 2 ms | 3 ms | 0.67 × | – | – |");
  }

  @Test
  void functionThatAnswersFirstIsNotSlowerThanTheBarePeer() {
    play("function", "function, answering first", "Node bare", "Node equal");

    assertThat(lines())
        .last()
        .isEqualTo(
            "| m | any, answering first, against Node bare | 2 ms | 3 ms | 0.67 × | ≤ 1 × | yes |");
  }

  @Test
  void withoutThePeerTheFiguresStandAlone() {
    play("function", "function, answering first");

    assertThat(versus.rows())
        .extracting(Row::what, Row::baseline)
        .containsExactly(tuple("any", null), tuple("any, answering first", null));
  }
}
