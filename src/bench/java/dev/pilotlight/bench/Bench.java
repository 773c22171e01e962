package dev.pilotlight.bench;

import dev.pilotlight.bench.measure.BatchMemory;
import dev.pilotlight.bench.measure.ColdStart;
import dev.pilotlight.bench.measure.Delayed;
import dev.pilotlight.bench.measure.GatewayLoad;
import dev.pilotlight.bench.measure.Hits;
import dev.pilotlight.bench.measure.JsonlBatch;
import dev.pilotlight.bench.measure.Keys;
import dev.pilotlight.bench.measure.ManyItems;
import dev.pilotlight.bench.measure.Measure;
import dev.pilotlight.bench.measure.Memory;
import dev.pilotlight.bench.measure.Misses;
import dev.pilotlight.bench.measure.OnDemand;
import dev.pilotlight.bench.measure.PackageSize;
import dev.pilotlight.bench.measure.Provisioned;
import dev.pilotlight.bench.measure.ServeLoad;
import dev.pilotlight.bench.report.Machine;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.Progress;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Measures the package: `mvn -Pbench`.
public final class Bench {
  private static final Path REPORT = Path.of("target/bench");
  private static final Path KEPT = Path.of("docs/performance");

  private Bench() {}

  /// Everything that can be measured, in the order of the report.
  public static List<Measure> all() {
    return List.of(
        new ColdStart(),
        new Provisioned(),
        new Hits(),
        new Keys(),
        new Misses(),
        new OnDemand(),
        new Delayed(),
        new ManyItems(),
        new JsonlBatch(),
        new GatewayLoad(),
        new ServeLoad(),
        new PackageSize(),
        new Memory(),
        new BatchMemory());
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    try {
      BenchOptions options = BenchOptions.from(System.getProperties());
      Report report = run(options, new Progress(System.out));
      report.write(REPORT);
      System.out.println();
      System.out.print(report.kept().markdown());
      System.out.println("\nRaw samples: " + REPORT.resolve(Report.JSON));
      if (options.keep()) {
        System.out.println("Kept: " + report.kept().write(KEPT));
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.out.println("bench: " + e.getMessage());
      System.exit(1);
    }
    // no thread of a server keeps it
    System.exit(0);
  }

  /// @throws IllegalStateException in one clear line if this machine cannot run it, or if the
  ///   package's answers are wrong: then nothing is timed
  static Report run(BenchOptions options, Progress progress)
      throws IOException, InterruptedException {
    List<Measure> measures = Measure.chosen(options, all());
    progress.plan(1 + measures.stream().mapToInt(measure -> measure.steps(options)).sum());
    try (Setup setup = Setup.start(options, progress)) {
      Gate.Passed gate = Gate.check(setup);
      List<Report.Section> sections = new ArrayList<>();
      for (Measure measure : measures) {
        sections.add(new Report.Section(measure.name(), measure.run(setup)));
      }
      return new Report(Machine.here(), options, gate, sections);
    }
  }
}
