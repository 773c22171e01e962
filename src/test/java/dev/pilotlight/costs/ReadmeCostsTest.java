package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the README says of costs is what prices, measurements and the template give. Where it is
/// not, `target/costs.md` has what belongs there.
final class ReadmeCostsTest {
  private static final Costs COSTS = Costs.load();
  private static final Tables TABLES = new Tables(COSTS, COSTS.figures());
  private static final BatchTable BATCH = new BatchTable(COSTS.figures(), COSTS.stack());
  private static String readme = "";

  @BeforeAll
  static void read() throws IOException {
    readme = Files.readString(Path.of("README.md"));
    Files.writeString(
        Path.of("target", "costs.md"),
        String.join(
            "\n",
            TABLES.perMillion(),
            TABLES.besideTheFleet(),
            TABLES.idle(),
            BATCH.table(),
            BATCH.known()));
  }

  @Test
  void aMillionInferences() {
    assertThat(readme).contains(TABLES.perMillion());
  }

  @Test
  void howLongTheFunctionIsBilled() {
    Durations durations = Durations.measured(COSTS.figures());
    assertThat(readme)
        .contains(
            "Lambda: %.0f ms for a hit, %.0f ms for a new text"
                .formatted(durations.hit(), durations.miss()))
        .contains("and %.0f ms slower a hit".formatted(durations.stored() - durations.hit()))
        .contains("a model of %.0f ms".formatted(durations.computed()));
  }

  @Test
  void besideTheFleet() {
    assertThat(readme).contains(TABLES.besideTheFleet());
  }

  @Test
  void whenIdle() {
    assertThat(readme).contains(TABLES.idle());
  }

  @Test
  void whatIsWatched() {
    assertThat(readme).contains(TABLES.watching());
  }

  @Test
  void aMillionLines() {
    assertThat(readme).contains(BATCH.table()).contains(BATCH.known());
  }
}
