package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TokenTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;

/// Models with early runs on real tiers, and look-ups that are held or fail.
abstract class EarlyTiers extends RealTiers {
  static final String EARLY = "early";
  static final String EARLY_SLOW = "early-slow";
  static final String EARLY_SUM = "early-sum";
  static final String EARLY_TEXT = "early-text";
  static final String REFUSED = "{\"__type\":\"com.amazon.coral#AccessDeniedException\"}";

  /// Longer than a small run takes to begin and end, on a busy machine.
  static final long HELD_MS = 400;

  /// The meter of the last request.
  Meter now = new Meter();

  @BeforeAll
  static void writeModels() throws IOException {
    PipelineHarness.write(models, EARLY, OnnxModels.identity(Datatype.FP32, "n"));
    PipelineHarness.write(models, EARLY_SLOW, OnnxModels.slow());
    PipelineHarness.write(models, EARLY_SUM, OnnxModels.sumAndDifference());
    for (String model : List.of(EARLY, EARLY_SLOW, EARLY_SUM)) {
      Files.writeString(models.resolve(model + "/1/pilotlight.json"), "{\"speculate\": \"on\"}");
    }
    Path text = models.resolve(EARLY_TEXT + "/1");
    TokenTables.hidden(TokenTables.VOCABULARY, Map.of()).write(text.resolve("model.onnx"));
    Files.copy(Path.of("models/all-minilm-l6-v2/1/tokenizer.json"), text.resolve("tokenizer.json"));
    Files.writeString(
        text.resolve("pilotlight.json"), "{\"max_tokens\": 8, \"speculate\": \"on\"}");
  }

  Outcome run(String model, CacheUse use, Item... items) {
    now = new Meter();
    return pipeline.run("public", model, use, LONG, now, items);
  }

  Outcome run(Meter its, Item item) {
    return pipeline.run("public", EARLY, CacheUse.NORMAL, LONG, its, item);
  }

  Refusal refusal(String model, Item... items) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> run(model, CacheUse.NORMAL, items));
    assertThat(refusal).isNotNull();
    return refusal;
  }

  long millis(Stage stage) {
    return now.timings().stream()
        .filter(timing -> timing.stage() == stage)
        .mapToLong(Timing::nanos)
        .map(TimeUnit.NANOSECONDS::toMillis)
        .sum();
  }

  void hold(String action, long millis) {
    between.rule(
        call -> {
          if (call.action().equals(action)) {
            sleep(millis);
          }
          return new Fate.Pass();
        });
  }

  void failLookUps() {
    between.rule(
        call -> {
          sleep(HELD_MS * 2);
          return new Fate.Fail(400, REFUSED);
        });
  }

  /// Holds the first look-up.
  void holdFirst(CountDownLatch until) {
    CountDownLatch first = new CountDownLatch(1);
    between.rule(
        call -> {
          boolean held;
          synchronized (first) {
            held = call.action().equals("GetItem") && first.getCount() > 0;
            first.countDown();
          }
          if (held) {
            await(until);
          }
          return new Fate.Pass();
        });
  }

  void awaitCalls(int count) throws InterruptedException {
    while (between.calls().size() < count) {
      Thread.sleep(5);
    }
    Thread.sleep(50);
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// How many rounds take about that long on this machine.
  int rounds(long millis) {
    int rounds = 200;
    run(SLOW, CacheUse.NONE, PipelineHarness.rounds(1));
    long start = System.nanoTime();
    run(SLOW, CacheUse.NONE, PipelineHarness.rounds(rounds));
    long nanos = System.nanoTime() - start;
    return Math.toIntExact(Math.max(1, rounds * TimeUnit.MILLISECONDS.toNanos(millis) / nanos));
  }

  static Item badSum(int value) {
    return new Item.Tensors(
        List.of(
            Tensor.ofFloats("a", new long[] {2}, new float[] {value, 1}),
            Tensor.ofFloats("b", new long[] {3}, new float[] {1, 2, 3})),
        List.of("sum"));
  }

  static byte[] encoded(Outcome outcome) {
    Answer answer = outcome.answers().getFirst();
    return ResultCodec.encode(answer.result());
  }

  byte[] kept(String model, Item item) {
    return pipeline.store.find(key(model, item), "public", new Meter()).orElseThrow().value();
  }
}
