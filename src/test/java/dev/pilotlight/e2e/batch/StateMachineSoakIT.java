package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.local.states.Execution;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The long forms of [StateMachineIT]: many lines, and many disturbances.
@Timeout(7_200)
@EnabledIfSystemProperty(named = "pilotlight.soak", matches = "true")
class StateMachineSoakIT {
  private static final String KEY = "huge/million.jsonl";
  private static final int MILLION = Integer.getInteger("fan.out.lines", 1_000_000);
  private static final int MANY = 50_000;
  private static final int KILLS = 20;
  private static final String LABELS = "labels";

  /// For longer texts than those of other tests.
  private static final String CONFIG =
      """
      {"architectures": ["BertForSequenceClassification"], "max_position_embeddings": 512,
       "id2label": {"0": "bad", "1": "good", "2": "so so"}}
      """;

  @TempDir private Path models;

  /// A classifier's answers are short: the test compares bytes, and its machine keeps all of them.
  @Test
  void aMillionLinesInShardsGiveTheBytesOfOneChain() throws Exception {
    var _ =
        new TestModels(models)
            .withClassifier(LABELS)
            .with(LABELS, "config.json", CONFIG)
            .with(LABELS, ".complete", "");
    String lines = BatchLines.repeated(41, MILLION, 20_000);
    List<String> reference;
    try (BatchStack chain = FanOutStack.start(0, 1_000, models)) {
      reference = chain.digests(KEY, lines);
    }
    try (BatchStack batches = FanOutStack.start(1_000_000, MILLION / 10, models)) {
      assertThat(batches.digests(KEY, lines)).isEqualTo(reference);
      batches.requireNothingLeft();
      assertThat(FanOutStack.executions(batches, Execution.Status.SUCCEEDED)).hasSize(1);
    }
  }

  @Test
  void killsSecondEventsAndALostPublishAndARedriveChangeNothing() throws Exception {
    String lines = BatchLines.repeated(42, MANY, 2_000);
    BatchStack.Output reference = inOneChain(lines);
    try (BatchStack batches = FanOutStack.start(100_000, 2_500)) {
      long begun = System.nanoTime();
      batches.answer(KEY, lines).requireSame(reference);
      long millis = (System.nanoTime() - begun) / 1_000_000;
      kills(batches, lines, reference, millis);
      lostPublish(batches, lines, reference);
    }
  }

  private static BatchStack.Output inOneChain(String lines) throws Exception {
    try (BatchStack chain = FanOutStack.start(0, 1_000)) {
      return chain.answer(KEY, lines);
    }
  }

  /// Each time also a second event, and a redrive where the kills were too many for the retries.
  private static void kills(
      BatchStack batches, String lines, BatchStack.Output reference, long millis) throws Exception {
    Random random = new Random(43);
    for (int kill = 0; kill < KILLS; kill++) {
      batches.forget();
      batches.awaitReady();
      batches.put(KEY, lines);
      Thread.sleep(random.nextLong(millis));
      batches.kill();
      Execution last = batches.stack().machines().executions().getLast();
      String _ =
          batches.stack().machines().start("FanOut", last.input().getBytes(StandardCharsets.UTF_8));
      batches.awaitIdle();
      if (batches.stack().machines().executions().stream()
          .anyMatch(it -> it.id().equals(last.id()) && it.status() == Execution.Status.FAILED)) {
        batches.stack().machines().redrive(last.id());
      }
      batches.awaitOutput(KEY).requireSame(reference);
      batches.requireNothingLeft();
    }
  }

  /// The environment dies when it has completed the output, so its answer is lost.
  private static void lostPublish(BatchStack batches, String lines, BatchStack.Output reference)
      throws Exception {
    batches.forget();
    batches.awaitReady();
    AtomicBoolean killed = new AtomicBoolean();
    batches
        .betweenS3()
        .rule(
            call -> {
              boolean isSummary = call.uri().getPath().endsWith(".summary.json");
              if (call.method().equals("PUT") && isSummary && killed.compareAndSet(false, true)) {
                batches.kill();
              }
              return new Fate.Pass();
            });
    batches.put(KEY, lines);
    batches.awaitOutput(KEY).requireSame(reference);
    assertThat(killed).isTrue();
    batches.requireNothingLeft();
  }
}
