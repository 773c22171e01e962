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
import dev.pilotlight.bench.setup.NodePeer;
import dev.pilotlight.bench.setup.SecureNetwork;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.wire.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// From the start of a process to its first answer: the package's, to an event through the Runtime
/// API, with a look-up in Redis and a write to DynamoDB, against [dev.pilotlight.bench.bare.Bare]
/// and the peer in Node.js. Some starts use TLS to Redis and DynamoDB, as those in production do.
///
/// The package is also started for a first request at another door, whose code no start loads:
/// text-embeddings-inference's.
///
/// They take turns, so that noise affects all of them.
public final class ColdStart implements Measure {
  private static final double MS = 1e6;
  private static final double MB = 1e6;

  /// The circumstances of a start.
  ///
  /// @param dropped whether all files are read from the disk; then the peer does not take part
  /// @param tls whether Redis and DynamoDB are reached by TLS; then the peer does not take part
  /// @param peer the target of the comparison with it
  private record Variant(
      String name,
      Cores cores,
      int memoryMb,
      boolean dropped,
      boolean tls,
      Target target,
      Target peer) {
    private boolean isPlain() {
      return !dropped && !tls;
    }
  }

  private static final String DOOR = "first request at TEI's door";
  private static final String FROM_DISK = ", from disk";
  private static final String BY_TLS = ", TLS to both";

  private static final List<Variant> VARIANTS =
      List.of(
          variant(Cores.ALL, "", new Target.AtMostTimes(1.5), new Target.AtMostTimes(0.5)),
          variant(Cores.ONE, "", new Target.AtMostTimes(2.2), new Target.AtMostTimes(0.55)),
          variant(Cores.ALL, FROM_DISK, new Target.Times(), new Target.Times()),
          variant(Cores.ONE, FROM_DISK, new Target.Times(), new Target.Times()),
          variant(Cores.ALL, BY_TLS, new Target.Times(), new Target.Times()),
          variant(Cores.ONE, BY_TLS, new Target.Times(), new Target.Times()));

  private static Variant variant(Cores cores, String how, Target target, Target peer) {
    boolean one = cores == Cores.ONE;
    return new Variant(
        (one ? "one core" : "two cores") + how,
        cores,
        one ? Setup.ONE_CPU_MB : Setup.TWO_CPUS_MB,
        how.equals(FROM_DISK),
        how.equals(BY_TLS),
        target,
        peer);
  }

  /// One start.
  ///
  /// @param leftBytes bytes that stayed in the page cache although they should have been dropped
  private record Start(double wallMs, double cpuMs, long leftBytes) {}

  /// Starts a program and waits for its answer.
  private interface Starter {
    Start start(Setup setup, Variant variant, String text) throws IOException, InterruptedException;
  }

  /// A program and its samples.
  private static final class Samples {
    private final String name;
    private final Starter starter;
    private final Series.Collector wall = new Series.Collector();
    private final Series.Collector cpu = new Series.Collector();
    private final Series.Collector left = new Series.Collector();

    Samples(String name, Starter starter) {
      this.name = name;
      this.starter = starter;
    }

    Series wall() {
      return wall.series(name, "ms");
    }

    Series cpu() {
      return cpu.series(name, "ms");
    }

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
    try (SecureNetwork network = SecureNetwork.of(setup)) {
      for (Variant variant : VARIANTS) {
        Map<String, String> variables = variant.tls() ? network.variables() : Map.of();
        rows.addAll(run(setup, bare, variant, variables));
      }
    }
    return rows;
  }

  /// @param variables of the package's process
  private static List<Row> run(
      Setup setup, BareProgram bare, Variant variant, Map<String, String> variables)
      throws IOException, InterruptedException {
    List<Samples> programs = new ArrayList<>();
    programs.add(new Samples("bare", (given, where, text) -> startBare(given, bare, where, text)));
    programs.add(
        new Samples(
            "package",
            (given, where, text) ->
                startPackage(given, where, variables, text, given.events().embeddings(text))));
    if (variant.isPlain()) {
      programs.add(
          new Samples(
              DOOR,
              (given, where, text) ->
                  startPackage(given, where, variables, text, given.events().tei(text))));
    }
    if (setup.peer().isPresent() && variant.isPlain()) {
      NodePeer peer = setup.peer().get();
      programs.add(
          new Samples(
              NodePeer.Form.BARE.title(),
              (given, where, text) -> startPeer(given, peer, where, text)));
    }
    for (int round = 1; round <= setup.options().rounds(); round++) {
      programs.forEach(Samples::nextRound);
      for (int run = 0; run < setup.options().runs(); run++) {
        // another one begins each time: the next finds shared files in memory
        for (int place = 0; place < programs.size(); place++) {
          Samples next = programs.get((run + place) % programs.size());
          // all texts are equally long; each is new, because all doors share the results
          next.add(next.starter.start(setup, variant, setup.texts().next(Warm.SHORT)));
        }
      }
      setup
          .progress()
          .step("cold start, %s, round %d: %s".formatted(variant.name(), round, medians(programs)));
    }
    return rows(variant, programs);
  }

  private static String medians(List<Samples> programs) {
    return programs.stream()
        .map(program -> "%s %.0f ms".formatted(program.name, program.wall.lastMedian()))
        .collect(Collectors.joining(", "));
  }

  /// @param programs the bare program, the package, and those of the door and the peer that took
  ///   part
  private static List<Row> rows(Variant variant, List<Samples> programs) {
    Samples bare = programs.getFirst();
    Samples packages = programs.get(1);
    String cpu = ", CPU time";
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(variant.name(), packages.wall(), bare.wall(), variant.target()));
    rows.add(new Row(variant.name() + cpu, packages.cpu(), bare.cpu(), new Target.Times()));
    for (Samples other : programs.subList(2, programs.size())) {
      boolean atDoor = other.name.equals(DOOR);
      String what = variant.name() + ", " + (atDoor ? DOOR : "against " + other.name);
      Samples measured = atDoor ? other : packages;
      Samples baseline = atDoor ? packages : other;
      Target target = atDoor ? new Target.Times() : variant.peer();
      rows.add(new Row(what, measured.wall(), baseline.wall(), target));
      rows.add(new Row(what + cpu, measured.cpu(), baseline.cpu(), new Target.Times()));
    }
    if (variant.dropped()) {
      Series left = packages.left.series("package", "MB");
      rows.add(Row.alone(variant.name() + ", still in memory", left, new Target.None()));
    }
    return rows;
  }

  private static Start startPackage(
      Setup setup, Variant variant, Map<String, String> variables, String text, byte[] event)
      throws IOException, InterruptedException {
    long left = variant.dropped() ? PageCache.drop(files(setup.options().packaged())) : 0;
    try (FunctionProcess function =
        setup.function(variant.memoryMb(), variables, variant.cores())) {
      return start(setup, function, text, event, left, Answer::requireMiss);
    }
  }

  private static Start startPeer(Setup setup, NodePeer peer, Variant variant, String text)
      throws IOException, InterruptedException {
    try (FunctionProcess process =
        peer.start(setup, NodePeer.Form.BARE, variant.memoryMb(), Map.of(), variant.cores())) {
      byte[] event = setup.events().embeddings(text);
      return start(setup, process, text, event, 0, UnaryOperator.identity());
    }
  }

  private static Start start(
      Setup setup,
      FunctionProcess process,
      String text,
      byte[] event,
      long left,
      UnaryOperator<Answer> check)
      throws IOException, InterruptedException {
    Reply reply = process.call(event);
    double cpuMs = Libc.cpuNanos(process.pid()) / MS;
    setup.reference().check(text, check.apply(Answer.of(reply)).vector());
    return new Start((reply.doneNanos() - process.startNanos()) / MS, cpuMs, left);
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
