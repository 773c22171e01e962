package dev.pilotlight.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptRunTest {
  private static final Machine MACHINE =
      new Machine("CPU", 2, 1L << 34, "Linux", "25", "0123456789abcdef+");

  private static Series series(String name, double... samples) {
    return new Series(name, "ms", List.of(DoubleStream.of(samples).boxed().toList()));
  }

  private static KeptRun run(Row... rows) {
    List<KeptRow> kept = List.of(rows).stream().map(row -> row.kept("hit")).toList();
    return new KeptRun("2026-11-29T08:12", MACHINE, 10, 3, "2 answers are right", kept);
  }

  @Test
  void fileHoldsTheRunAsItWas(@TempDir Path directory) throws IOException {
    Series two = series("function", 1.23456, 3);
    KeptRun run =
        run(
            new Row("ratio", two, series("echo", 1), new Target.AtMostTimes(1)),
            new Row("any ratio", two, series("echo", 1), new Target.Times()),
            new Row("over", two, series("echo", 1), new Target.AtMostOver(2)),
            Row.alone("alone", two, new Target.AtMost(2)));

    Path file = run.write(directory);

    assertThat(file).hasFileName("2026-11-29T0812-0123456.json");
    assertThat(KeptRun.read(file)).isEqualTo(run);
    assertThat(Files.readAllLines(file)).hasSize(2 + run.rows().size());
  }

  @Test
  void figuresHaveFourDigits() {
    KeptRow row =
        run(new Row("any", series("a", 123.456), series("b", 3), new Target.Times()))
            .rows()
            .getFirst();

    assertThat(row.measured()).isEqualTo(new Figures("a", 123.5, null, null));
    assertThat(row.ratio()).isEqualTo(new KeptRow.Compared(41.15, 41.15, 41.15));
    assertThat(row.held()).isNull();
  }

  @Test
  void percentilesNeedFiftySamplesARound() {
    List<Double> hundred = DoubleStream.iterate(0, i -> i + 1).limit(101).boxed().toList();
    List<Double> thousands = Collections.nCopies(50, 1000.0);

    assertThat(Figures.of(new Series("a", "ms", List.of(hundred, hundred, thousands))))
        .isEqualTo(new Figures("a", 50, 90.0, 99.0));
    assertThat(Figures.of(new Series("a", "ms", List.of(hundred.subList(0, 49)))))
        .isEqualTo(new Figures("a", 24, null, null));
  }

  @Test
  void tableHasTheGateAndALineForEachRow() {
    List<Double> hundred = DoubleStream.iterate(0, i -> i + 1).limit(101).boxed().toList();
    Row row =
        new Row(
            "slow",
            new Series("a", "ms", List.of(hundred)),
            series("b", 100),
            new Target.AtMostTimes(0.4));

    assertThat(run(row).markdown())
        .startsWith("CPU, 2 cores, 16.0 GiB, Linux, JDK 25, commit 0123456789abcdef+\n")
        .contains("2 answers are right. Medians of the medians of 3 × 10 runs.\n\n| measure | ")
        .endsWith("| hit | slow | 50 ms; 90, 99 | 100 ms | 0.50 × | ≤ 0.40 × | **no** |\n");
  }
}
