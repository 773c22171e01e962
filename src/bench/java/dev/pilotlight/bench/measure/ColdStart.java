package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.baseline.BareProgram;
import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.report.Libc;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.Answer;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// From the start of a process to its first answer: the package's, to an event through the Runtime
/// API, with a look-up in Redis and a write to DynamoDB, against [dev.pilotlight.bench.bare.Bare].
///
/// They take turns, so that noise affects both.
public final class ColdStart implements Measure {
  private static final double MS = 1e6;
  private static final double MB = 1e6;

  /// The circumstances of a start.
  ///
  /// @param dropped whether all files are read from the disk
  private record Variant(String name, Cores cores, int memoryMb, boolean dropped, Target target) {}

  private static final List<Variant> VARIANTS =
      List.of(
          new Variant(
              "two cores", Cores.ALL, Setup.TWO_CPUS_MB, false, new Target.AtMostTimes(1.5)),
          new Variant("one core", Cores.ONE, Setup.ONE_CPU_MB, false, new Target.AtMostTimes(2.2)),
          new Variant(
              "two cores, from disk", Cores.ALL, Setup.TWO_CPUS_MB, true, new Target.Times()),
          new Variant(
              "one core, from disk", Cores.ONE, Setup.ONE_CPU_MB, true, new Target.Times()));

  /// One start.
  ///
  /// @param leftBytes bytes that stayed in the page cache although they should have been dropped
  private record Start(double wallMs, double cpuMs, long leftBytes) {}

  private static final class Samples {
    private final Series.Collector wall = new Series.Collector();
    private final Series.Collector cpu = new Series.Collector();
    private final Series.Collector left = new Series.Collector();

    void nextRound() {
      wall.nextRound();
      cpu.nextRound();
      left.nextRound();
    }

    void add(Start start) {
      wall.add(start.wallMs());
      cpu.add(start.cpuMs());
      left.add(start.leftBytes() / MB);
    }
  }

  @Override
  public String name() {
    return "cold";
  }

  @Override
  public int steps(BenchOptions options) {
    return VARIANTS.size() * options.rounds();
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    BareProgram bare =
        BareProgram.make(setup.options().packaged(), setup.packagedModel().resolve("model.onnx"));
    List<Row> rows = new ArrayList<>();
    for (Variant variant : VARIANTS) {
      rows.addAll(run(setup, bare, variant));
    }
    return rows;
  }

  private static List<Row> run(Setup setup, BareProgram bare, Variant variant)
      throws IOException, InterruptedException {
    Samples packages = new Samples();
    Samples bares = new Samples();
    for (int round = 1; round <= setup.options().rounds(); round++) {
      packages.nextRound();
      bares.nextRound();
      for (int run = 0; run < setup.options().runs(); run++) {
        String text = setup.texts().next(Warm.SHORT);
        // alternate the order: the second finds shared files in memory
        if (run % 2 == 0) {
          bares.add(startBare(setup, bare, variant, text));
        }
        packages.add(startPackage(setup, variant, text));
        if (run % 2 == 1) {
          bares.add(startBare(setup, bare, variant, text));
        }
      }
      setup
          .progress()
          .step(
              "cold start, %s, round %d: package %.0f ms, bare %.0f ms"
                  .formatted(
                      variant.name(), round, packages.wall.lastMedian(), bares.wall.lastMedian()));
    }
    return rows(variant, packages, bares);
  }

  private static List<Row> rows(Variant variant, Samples packages, Samples bares) {
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row(
            variant.name(),
            packages.wall.series("package", "ms"),
            bares.wall.series("bare", "ms"),
            variant.target()));
    rows.add(
        new Row(
            variant.name() + ", CPU time",
            packages.cpu.series("package", "ms"),
            bares.cpu.series("bare", "ms"),
            new Target.Times()));
    if (variant.dropped()) {
      Series left = packages.left.series("package", "MB");
      rows.add(Row.alone(variant.name() + ", still in memory", left, new Target.None()));
    }
    return rows;
  }

  private static Start startPackage(Setup setup, Variant variant, String text)
      throws IOException, InterruptedException {
    long left = variant.dropped() ? PageCache.drop(files(setup.options().packaged())) : 0;
    byte[] event = setup.events().embeddings(text);
    try (FunctionProcess function = setup.function(variant.memoryMb(), Map.of(), variant.cores())) {
      FunctionProcess.Reply reply = function.call(event);
      double cpuMs = Libc.cpuNanos(function.pid()) / MS;
      setup.reference().check(text, Answer.of(reply).requireMiss().vector());
      return new Start((reply.doneNanos() - function.startNanos()) / MS, cpuMs, left);
    }
  }

  private static Start startBare(Setup setup, BareProgram bare, Variant variant, String text)
      throws IOException {
    long left = variant.dropped() ? PageCache.drop(bare.files()) : 0;
    long[] ids = setup.reference().tokens(text);
    byte[] vector = new byte[setup.reference().dimensions() * Float.BYTES];
    ProcessBuilder builder = bare.builder(ids);
    Cores.Started started = variant.cores().start(builder);
    Process process = started.process();
    try {
      int count = process.getInputStream().readNBytes(vector, 0, vector.length);
      double wallMs = (System.nanoTime() - started.startNanos()) / MS;
      if (count < vector.length) {
        throw new IllegalStateException("the bare program ended early; see " + Setup.LOG);
      }
      double cpuMs = Libc.cpuNanos(process.pid()) / MS;
      setup.reference().check(text, Answer.floats(vector));
      return new Start(wallMs, cpuMs, left);
    } finally {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
