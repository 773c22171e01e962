package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.template.Presets;
import dev.pilotlight.tidy.DocTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The cost tables of the README and of docs/costs.md match prices, measurements and the template.
/// `target/costs.md` holds them as computed; `-Ddocs.write=true` writes them into the pages.
final class CostsPageTest {
  private static final String PAGE = "docs/costs.md";
  private static final Tables TABLES = Tables.load();
  private static final BatchTable BATCH =
      new BatchTable(TABLES.figures(), TABLES.of(Presets.STARTER).stack());
  private static String page = "";

  @BeforeAll
  static void read() throws IOException {
    page = Files.readString(Path.of(PAGE));
    Files.writeString(
        Path.of("target", "costs.md"),
        String.join(
            "\n",
            TABLES.overview(),
            TABLES.perMillion(),
            TABLES.comparedWithFleet(),
            TABLES.idle(),
            TABLES.watching(),
            BATCH.table(),
            BATCH.known()));
  }

  @Test
  void readmeHasTheOverview() throws IOException {
    DocTable.assertTable("README.md", TABLES.overview());
  }

  @Test
  void millionInferences() throws IOException {
    DocTable.assertTable(PAGE, TABLES.perMillion());
  }

  @Test
  void billedDurations() {
    Durations durations = Durations.measured(TABLES.figures());
    assertThat(page)
        .contains(
            "Lambda: %.0f ms for a hit, %.0f ms for a new text"
                .formatted(durations.hit(), durations.miss()))
        .contains("and %.0f ms slower a hit".formatted(durations.stored() - durations.hit()))
        .contains("a model of %.0f ms".formatted(durations.computed()));
  }

  @Test
  void comparisonWithTheFleet() throws IOException {
    DocTable.assertTable(PAGE, TABLES.comparedWithFleet());
  }

  @Test
  void idleStack() throws IOException {
    DocTable.assertTable(PAGE, TABLES.idle());
  }

  @Test
  void watching() throws IOException {
    DocTable.assertTable(PAGE, TABLES.watching());
  }

  @Test
  void millionLinesOfABatch() throws IOException {
    DocTable.assertTable(PAGE, BATCH.table());
    assertThat(page).contains(BATCH.known());
  }

  @Test
  void storageAndRequestsOfResultsThatAreKept() {
    String flat = page.replace('\n', ' ');
    assertThat(flat).contains(BATCH.storage()).contains(BATCH.packedRequests());
  }

  @Test
  void commandsThatListBatches() throws IOException {
    String cli = Files.readString(Path.of("docs/cli.md")).replace('\n', ' ');
    assertThat(cli)
        .contains(BATCH.listOfObjects(), BATCH.readOfBatches())
        .contains("1,000,000       305        12 " + BATCH.totalInList());
  }

  @Test
  void millionLinesByWhereTheirResultsAreKept() throws IOException {
    DocTable.assertTable(PAGE, BATCH.stores());
    String batches = Files.readString(Path.of("docs/batches.md"));
    for (String row : BATCH.stores().lines().skip(2).toList()) {
      String[] cells = row.split(" \\| ", -1);
      String total = cells[4].replace(" |", "");
      assertThat(batches.lines().filter(line -> line.startsWith(cells[0] + " |")))
          .singleElement()
          .asString()
          .endsWith("| " + total + " USD |");
    }
  }

  @Test
  void batchesPageRoundsTheSameFigure() throws IOException {
    assertThat(Files.readString(Path.of("docs/batches.md")))
        .contains("A million lines cost about %.1f USD".formatted(BATCH.total()));
  }
}
