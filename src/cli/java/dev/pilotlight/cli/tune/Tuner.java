package dev.pilotlight.cli.tune;

import dev.pilotlight.cli.replay.AnswerRules;
import dev.pilotlight.cli.replay.CacheStatus;
import dev.pilotlight.cli.replay.JsonTree;
import dev.pilotlight.cli.replay.RecordedRequest;
import dev.pilotlight.cli.replay.Reply;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measures a package at sizes of memory. Before it takes a time, it checks the answers.
public final class Tuner {
  private static final AnswerRules RULES =
      new AnswerRules(0.9999, 0.001, AnswerRules.ALWAYS_IGNORED);
  private static final double MS = 1e6;
  private static final int OK = 200;

  private final Path root;
  private final CpuLimit limit;
  private final double processors;
  private final Map<String, String> variables = new HashMap<>();
  private final Path log;
  private final List<Reply> reference = new ArrayList<>();

  /// @param root of the package, unzipped
  /// @param models the repository; null for that of the package
  /// @param processors of this machine; a fraction where a container has a quota
  /// @throws IllegalArgumentException in one clear line if there is no package
  public Tuner(Path root, @Nullable Path models, CpuLimit limit, double processors)
      throws IOException {
    if (!Files.isExecutable(root.resolve("bootstrap"))) {
      throw new IllegalArgumentException(
          "%s has no bootstrap: mvn package makes it, on a machine like its target"
              .formatted(root));
    }
    this.root = root;
    this.limit = limit;
    this.processors = processors;
    variables.put("PILOTLIGHT_STORE", "off");
    variables.put("PILOTLIGHT_REDIS", "off");
    if (models != null) {
      variables.put("PILOTLIGHT_MODELS", models.toAbsolutePath().normalize().toString());
    }
    log = Files.createTempFile("pilotlight-tune-", ".log");
  }

  /// Makes requests by weights for a model.
  ///
  /// @param name of the model; null if there is one alone
  /// @throws IllegalStateException in one clear line if no such model answers texts
  public Workload weighted(@Nullable String name, Map<String, Double> weights, int requests)
      throws IOException, InterruptedException {
    try (MeasuredFunction function = start(Sizes.ONE_CPU_MB)) {
      String model = name == null ? only(function) : name;
      for (boolean embeddings : new boolean[] {true, false}) {
        Workload workload = Requests.weighted(model, embeddings, weights, requests);
        Reply reply = ask(function, workload.first());
        if (reply.status() == OK) {
          return workload;
        }
      }
      throw new IllegalStateException(
          "model %s does not answer texts; accepted: --traffic FILE with requests for it"
              .formatted(model));
    }
  }

  /// Takes the first requests of recorded traffic.
  public static Workload recorded(String file, List<RecordedRequest> traffic, int requests) {
    return Requests.recorded(file, traffic, requests);
  }

  private static String only(MeasuredFunction function) throws IOException, InterruptedException {
    RecordedRequest list = new RecordedRequest(0, "GET", "/v1/models", Map.of(), new byte[0]);
    Reply reply = GatewayEvent.answer(function.call(GatewayEvent.of(list)).body());
    List<String> names = new ArrayList<>();
    if (JsonTree.read(reply.body()) instanceof Map<?, ?> answer
        && answer.get("data") instanceof List<?> data) {
      for (Object entry : data) {
        if (entry instanceof Map<?, ?> fields && fields.get("id") instanceof String id) {
          names.add(id);
        }
      }
    }
    if (names.size() != 1) {
      throw new IllegalStateException(
          "--model is missing; the package serves: " + String.join(", ", names));
    }
    return names.getFirst();
  }

  /// Why a size cannot be measured on this machine; empty if it can.
  public String obstacle(int memoryMb) {
    if (!Sizes.fits(memoryMb, processors)) {
      return "not measurable here: more than this machine's %s vCPU"
          .formatted(
              new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
                  .format(processors));
    }
    return limit.supports(memoryMb) ? "" : "not measurable here: without a quota, only whole vCPU";
  }

  /// Measures a size.
  ///
  /// @param starts of new processes, for the cold start; with recorded traffic at least two,
  ///   because the checks would put its texts into the memory of the process that is measured
  /// @throws IllegalStateException in one clear line if an answer is wrong
  public SizeResult measure(int memoryMb, Workload workload, int starts)
      throws InterruptedException {
    String obstacle = obstacle(memoryMb);
    if (!obstacle.isEmpty()) {
      return SizeResult.notMeasured(memoryMb, obstacle);
    }
    try {
      return measured(memoryMb, workload, starts);
    } catch (IOException e) {
      // such as a quota over that of the group above: the other sizes keep their results
      return SizeResult.notMeasured(memoryMb, "not measurable here: " + e.getMessage());
    }
  }

  private SizeResult measured(int memoryMb, Workload workload, int starts)
      throws IOException, InterruptedException {
    List<Double> cold = new ArrayList<>();
    int others = workload.recorded() ? Math.max(2, starts) - 1 : starts - 1;
    for (int i = 0; i < others; i++) {
      try (MeasuredFunction function = start(memoryMb)) {
        double ms = coldMs(function, workload.first());
        if (cold.size() < starts - 1) {
          cold.add(ms);
        }
        if (i == 0 && workload.recorded()) {
          check(function, workload.checks());
        }
      }
    }
    try (MeasuredFunction function = start(memoryMb)) {
      cold.add(coldMs(function, workload.first()));
      if (!workload.recorded()) {
        check(function, workload.checks());
      }
      for (Workload.Call call : workload.warmUp()) {
        var _ = ask(function, call);
      }
      Samples samples = new Samples();
      for (Workload.Call call : workload.measured()) {
        dev.pilotlight.local.wire.Reply reply = function.call(call.event());
        samples.add(kind(call, require(call, GatewayEvent.answer(reply.body()))), reply.wireMs());
      }
      Prices.Processor processor = Prices.Processor.of(System.getProperty("os.arch"));
      Cost cost = new Cost(Prices.KNOWN, processor, false, memoryMb);
      return samples.result(
          memoryMb, Samples.median(cold), function.peakMb(), cost, workload.weights());
    }
  }

  private MeasuredFunction start(int memoryMb) throws IOException {
    return new MeasuredFunction(root, limit, memoryMb, variables, log);
  }

  private static double coldMs(MeasuredFunction function, Workload.Call first)
      throws InterruptedException {
    dev.pilotlight.local.wire.Reply reply = function.call(first.event());
    Reply _ = require(first, GatewayEvent.answer(reply.body()));
    return (reply.doneNanos() - function.startNanos()) / MS;
  }

  private static Reply ask(MeasuredFunction function, Workload.Call call)
      throws InterruptedException {
    return GatewayEvent.answer(function.call(call.event()).body());
  }

  /// Compares with the answers of the size that was measured first.
  private void check(MeasuredFunction function, List<Workload.Call> checks)
      throws InterruptedException {
    boolean isFirst = reference.isEmpty();
    for (int i = 0; i < checks.size(); i++) {
      Reply reply = require(checks.get(i), ask(function, checks.get(i)));
      if (isFirst) {
        reference.add(reply);
      } else {
        AnswerRules.Verdict verdict = RULES.compare(reference.get(i), reply);
        if (!verdict.equal()) {
          throw new IllegalStateException(
              "nothing is measured: an answer differs from that at another size: "
                  + verdict.reason());
        }
      }
    }
  }

  static Reply require(Workload.Call call, Reply reply) {
    boolean hit = CacheStatus.isHit(reply.cacheStatus());
    boolean made = !call.kind().equals(Workload.BY_ANSWER);
    if (made && (reply.status() != OK || hit != call.kind().equals(Workload.HIT))) {
      throw new IllegalStateException(
          "nothing is measured: a request of the kind %s was answered with %d and Cache-Status '%s'"
              .formatted(call.kind(), reply.status(), reply.cacheStatus()));
    }
    if (!reply.succeeded()) {
      // a refusal takes less than a millisecond, and would make every size look cheap
      throw new IllegalStateException(
          "nothing is measured: %s was answered with %d; accepted: requests that get 2xx here"
              .formatted(call.origin(), reply.status()));
    }
    return reply;
  }

  private static String kind(Workload.Call call, Reply reply) {
    if (!call.kind().equals(Workload.BY_ANSWER)) {
      return call.kind();
    }
    return CacheStatus.isHit(reply.cacheStatus()) ? Workload.HIT : Workload.NO_HIT;
  }

  /// The output of the processes.
  public Path log() {
    return log;
  }

  /// Deletes the log of the processes; if a measurement failed, it is not called.
  public void deleteLog() throws IOException {
    Files.deleteIfExists(log);
  }
}
