package dev.pilotlight.cli.replay;

import java.util.ArrayList;
import java.util.BitSet;
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
  private static final String NOT_SENT = "only one target was sent the request";
  private static final String NOT_SENT_TO_BOTH = "neither target was sent the request";

  /// Bytes of an entry besides its body, about.
  static final int ENTRY_BYTES = 200;

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

  /// Requests whose first answer was not kept.
  private final BitSet full = new BitSet();

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
    if (full.get(index)) {
      full.clear(index);
      notCompared.merge(FULL, 1, Integer::sum);
      return;
    }
    Reply other = waiting.remove(index);
    if (other == null) {
      keep(index, reply);
      return;
    }
    Reply first = target == 0 ? reply : other;
    Reply second = target == 0 ? other : reply;
    String obstacle = obstacle(first, second);
    if (obstacle.isEmpty()) {
      thread.execute(() -> compare(request, first, second, held(other)));
    } else {
      bytes -= held(other);
      notCompared.merge(obstacle, 1, Integer::sum);
    }
  }

  /// Takes a request that one target was not sent: the other's answer to it is not kept.
  synchronized void notSent(int index) {
    full.clear(index);
    Reply other = waiting.remove(index);
    if (other == null) {
      keep(index, Reply.failed(NOT_SENT));
    } else {
      bytes -= held(other);
      notCompared.merge(
          other.failure().equals(NOT_SENT) ? NOT_SENT_TO_BOTH : NOT_SENT, 1, Integer::sum);
    }
  }

  /// Keeps an answer until the other one arrives, or that it was not kept.
  private void keep(int index, Reply reply) {
    if (bytes + held(reply) <= bytesMax) {
      bytes += held(reply);
      waiting.put(index, reply);
    } else {
      full.set(index);
    }
  }

  private static int held(Reply reply) {
    return reply.body().length + ENTRY_BYTES;
  }

  /// Why two replies are not compared; empty if they are. The one that arrived first may stand for
  /// a request that was not sent.
  private static String obstacle(Reply first, Reply second) {
    if (first.status() == 0 || second.status() == 0) {
      String failure = first.status() == 0 ? first.failure() : second.failure();
      return failure.equals(NOT_SENT) ? NOT_SENT : "no answer: " + failure;
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
              new Example(request.line(), request.method(), request.shownPath(), verdict.reason()));
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
        notCompared.merge(NOT_SENT, waiting.size(), Integer::sum);
        waiting.clear();
      }
      if (!full.isEmpty()) {
        notCompared.merge(FULL, full.cardinality(), Integer::sum);
        full.clear();
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
    /// The share of the answers to compare that were not, because too many waited; 0 if there are
    /// none.
    public double notKeptShare() {
      int notKept = notCompared.getOrDefault(FULL, 0);
      return notKept == 0 ? 0 : (double) notKept / (notKept + compared);
    }

    /// The share of the compared answers that differ; 0 if none was compared.
    public double share() {
      return compared == 0 ? 0 : (double) different / compared;
    }
  }
}
