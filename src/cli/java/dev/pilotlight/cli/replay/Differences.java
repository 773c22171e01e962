package dev.pilotlight.cli.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Compares the two targets' answers to each request, on another thread, while requests are sent.
/// Answers that wait for the other target's take a limited number of bytes. Thread-safe.
public final class Differences implements AutoCloseable {
  private static final int EXAMPLES_MAX = 20;
  private static final String FULL = "too many answers waited for those of the other target";

  /// An answer that differs.
  ///
  /// @param line of the traffic file
  public record Example(int line, String method, String path, String reason) {}

  private final AnswerRules rules;
  private final long bytesMax;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("compare").factory());
  private final Map<Integer, Reply> waiting = new HashMap<>();
  private final Map<String, Integer> notCompared = new TreeMap<>();
  private final List<Example> examples = new ArrayList<>();
  private long bytes;
  private int compared;
  private int different;
  private int withVectors;
  private double lowestCosine = Double.NaN;
  private double cosines;

  Differences(AnswerRules rules, long bytesMax) {
    this.rules = rules;
    this.bytesMax = bytesMax;
  }

  /// Takes one target's answer; the second one to a request starts the comparison.
  ///
  /// @param target 0 or 1
  synchronized void add(int target, int index, RecordedRequest request, Reply reply) {
    Reply other = waiting.remove(index);
    if (other == null) {
      boolean fits = bytes + reply.body().length <= bytesMax;
      Reply kept = fits || !reply.succeeded() ? reply : Reply.failed(FULL);
      bytes += kept.body().length;
      waiting.put(index, kept);
      return;
    }
    Reply first = target == 0 ? reply : other;
    Reply second = target == 0 ? other : reply;
    String obstacle = obstacle(first, second);
    if (obstacle.isEmpty()) {
      thread.execute(() -> compare(request, first, second, other.body().length));
    } else {
      bytes -= other.body().length;
      notCompared.merge(obstacle, 1, Integer::sum);
    }
  }

  /// Why two replies are not compared; empty if they are.
  private static String obstacle(Reply first, Reply second) {
    if (first.status() == 0 || second.status() == 0) {
      String failure = first.status() == 0 ? first.failure() : second.failure();
      return failure.equals(FULL) ? FULL : "no answer: " + failure;
    }
    boolean bothFailed =
        !first.succeeded() && !second.succeeded() && first.status() == second.status();
    return bothFailed ? "both answered with " + first.status() : "";
  }

  private void compare(RecordedRequest request, Reply first, Reply second, int held) {
    AnswerRules.Verdict verdict = rules.compare(first, second);
    synchronized (this) {
      bytes -= held;
      compared++;
      if (!verdict.equal()) {
        different++;
        if (examples.size() < EXAMPLES_MAX) {
          examples.add(
              new Example(request.line(), request.method(), request.path(), verdict.reason()));
        }
      }
      if (!Double.isNaN(verdict.lowestCosine())) {
        withVectors++;
        cosines += verdict.lowestCosine();
        lowestCosine =
            withVectors == 1
                ? verdict.lowestCosine()
                : Math.min(lowestCosine, verdict.lowestCosine());
      }
    }
  }

  /// Returns when all that was taken is compared.
  Result finish() throws InterruptedException {
    thread.shutdown();
    boolean _ = thread.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    synchronized (this) {
      if (!waiting.isEmpty()) {
        notCompared.merge("only one target was sent the request", waiting.size(), Integer::sum);
        waiting.clear();
      }
      return new Result(
          rules.sentences(),
          compared,
          different,
          new TreeMap<>(notCompared),
          lowestCosine,
          withVectors == 0 ? Double.NaN : cosines / withVectors,
          List.copyOf(examples));
    }
  }

  @Override
  public void close() {
    var _ = thread.shutdownNow();
  }

  /// The result of all comparisons.
  ///
  /// @param notCompared requests by reason
  /// @param lowestCosine NaN if no answer had vectors
  /// @param meanCosine over the answers with vectors, of each the lowest; NaN if none had
  /// @param examples the first that differ
  public record Result(
      List<String> rules,
      int compared,
      int different,
      Map<String, Integer> notCompared,
      double lowestCosine,
      double meanCosine,
      List<Example> examples) {
    /// The share of the compared answers that differ; 0 if none was compared.
    public double share() {
      return compared == 0 ? 0 : (double) different / compared;
    }
  }
}
