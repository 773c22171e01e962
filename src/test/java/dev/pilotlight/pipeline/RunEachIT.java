package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.LONG;
import static dev.pilotlight.pipeline.PipelineHarness.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ItemOutcome;
import dev.pilotlight.domain.ItemOutcome.Answered;
import dev.pilotlight.domain.ItemOutcome.Failed;
import dev.pilotlight.domain.ItemOutcome.Refused;
import dev.pilotlight.domain.ItemOutcome.Unfinished;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.model.Model;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Items that are answered each for itself.
final class RunEachIT extends RealTiers {
  private static final String FAILING = "{\"__type\":\"com.amazon.coral#AccessDeniedException\"}";

  @Test
  void theAnswersAreThoseOfARequestAndAreKeptAsThose() {
    Item[] items = IntStream.range(0, 60).mapToObj(i -> floats(20, i)).toArray(Item[]::new);

    List<ItemOutcome> outcomes = pipeline.runEach(PLAIN, LONG, items);

    assertThat(outcomes).hasSize(60).hasOnlyElementsOfType(Answered.class);
    for (int i = 0; i < items.length; i++) {
      assertThat(answer(outcomes.get(i)).tier()).isEqualTo(Tier.RUN);
      assertThat(values(outcomes.get(i))).containsExactly(20, i);
    }
    assertKeptEverywhere(items);
    assertThat(counts(pipeline.run(PLAIN, items))).containsOnlyKeys(Tier.MEMORY);
    assertThat(pipeline.runEach(PLAIN, LONG, items))
        .allSatisfy(outcome -> assertThat(answer(outcome).tier()).isEqualTo(Tier.MEMORY));
    assertThat(between.calls().stream().filter(call -> call.action().contains("Write")))
        .as("25 together")
        .hasSize(3);
  }

  @Test
  void aSingleItemKeepsTheAnswerOfAWriterWhoWasFirst() {
    Item item = floats(21, 1);
    between.rule(
        call -> {
          if (call.action().equals("PutItem")) {
            plant(item, encoded(5));
          }
          return new Fate.Pass();
        });
    assertThat(values(pipeline.runEach(PLAIN, LONG, item).getFirst())).containsExactly(5);
  }

  @Test
  void anItemThatTheModelDoesNotTakeRefusesItselfOnly() {
    Item bad =
        new Item.Tensors(
            List.of(Tensor.ofStrings("x", new long[] {1}, List.of("no"))), List.of("y"));
    Item[] items = {floats(22, 1), bad, floats(22, 2), bad};

    List<ItemOutcome> outcomes = pipeline.runEach(PLAIN, LONG, items);

    assertThat(values(outcomes.get(0))).containsExactly(22, 1);
    assertThat(values(outcomes.get(2))).containsExactly(22, 2);
    for (int i : new int[] {1, 3}) {
      Refusal refusal = refusal(outcomes.get(i));
      assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
      assertThat(refusal.field()).as("equal items, each its own field").hasValue("line[" + i + "]");
      assertThat(refusal.message()).startsWith("line[" + i + "]: ");
    }
    assertKeptEverywhere(items[0], items[2]);
  }

  @Test
  void anItemThatTheGraphCannotComputeRefusesItselfOnly() {
    Item bad = sum(new float[] {1, 2}, new float[] {1, 2, 3});
    Item good = sum(new float[] {1, 2}, new float[] {3, 4});

    List<ItemOutcome> among = pipeline.runEach(SUM, LONG, bad, good, bad, sum(1, 2));
    assertThat(values(among.get(1))).containsExactly(4, 6);
    assertThat(values(among.get(3))).containsExactly(3);
    for (ItemOutcome outcome : List.of(among.get(0), among.get(2))) {
      assertThat(refusal(outcome).reason()).isEqualTo(Reason.INVALID);
      assertThat(refusal(outcome).message()).contains("the graph refuses these inputs");
    }

    List<ItemOutcome> alone = pipeline.runEach(SUM, LONG, bad);
    assertThat(refusal(alone.getFirst()).reason()).isEqualTo(Reason.INVALID);
  }

  @Test
  void aResultThatCanNeverBeKeptRefusesItselfOnly() {
    reopen("STORE_ITEM_BYTES", "400");
    Item large = floats(new float[500]);
    Item[] items = IntStream.range(0, 40).mapToObj(i -> floats(23, i)).toArray(Item[]::new);
    items[7] = large;
    items[31] = large;

    List<ItemOutcome> outcomes = pipeline.runEach(PLAIN, LONG, items);

    for (int i = 0; i < items.length; i++) {
      if (i == 7 || i == 31) {
        assertThat(refusal(outcomes.get(i)).reason()).isEqualTo(Reason.TOO_LARGE);
      } else {
        assertThat(values(outcomes.get(i))).containsExactly(23, i);
        assertKeptEverywhere(items[i]);
      }
    }
    assertThat(refusal(pipeline.runEach(PLAIN, LONG, large).getFirst()).reason())
        .isEqualTo(Reason.TOO_LARGE);
    assertThat(pipeline.memory.get(key(large))).isNull();
  }

  @Test
  void bestEffortAnswersResultsOfAnySize() {
    reopen("STORE_ITEM_BYTES", "400", "STORE", "best-effort");
    Item large = floats(new float[501]);
    Meter meter = new Meter();
    assertThat(
            pipeline.runEach(
                pipeline.model(PLAIN), LONG, meter, large, floats(24, 1), floats(24, 2)))
        .hasOnlyElementsOfType(Answered.class);
    assertThat(meter.lost()).isEqualTo(1);
    assertKeptEverywhere(floats(24, 1), floats(24, 2));
  }

  @Test
  void internalErrorFailsOnlyItsItemAndIsNotInTheAnswer() {
    Model closed;
    try (PipelineHarness other = new PipelineHarness(between.endpoint(), redis.url(), models)) {
      closed = other.model(PLAIN);
    }
    List<ItemOutcome> outcomes = pipeline.runEach(closed, LONG, floats(25, 1), floats(25, 2));
    assertThat(outcomes)
        .hasSize(2)
        .allSatisfy(
            outcome ->
                assertThat(outcome)
                    .isInstanceOfSatisfying(
                        Failed.class, f -> assertThat(f.cause()).hasMessageContaining("closed")));
  }

  @Test
  void aRequiredStoreThatDoesNotTakeResultsEndsTheCall() {
    between.rule(
        call -> call.action().contains("Get") ? new Fate.Pass() : new Fate.Fail(400, FAILING));
    for (Item[] items :
        List.of(new Item[] {floats(26, 1)}, new Item[] {floats(26, 2), floats(26, 3)})) {
      assertThatThrownBy(() -> pipeline.runEach(PLAIN, LONG, items))
          .isInstanceOfSatisfying(
              Refusal.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }
  }

  @Test
  @OnlyInFaults
  void whenTheTimeIsUpFinishedItemsAreKeptAndOthersUnfinished() {
    Item[] items = PipelineHarness.slowItems(24, 400);
    List<Integer> answered = new ArrayList<>();
    for (int tries = 0; tries < 100 && !answered.contains(24); tries++) {
      List<ItemOutcome> outcomes = pipeline.runEach(SLOW, Duration.ofMillis(1_500), items);
      assertThat(outcomes).hasSize(24).hasOnlyElementsOfTypes(Answered.class, Unfinished.class);
      for (int i = 0; i < items.length; i++) {
        assertThat(isStored(SLOW, items[i])).isEqualTo(outcomes.get(i) instanceof Answered);
      }
      answered.add(
          Collections.frequency(outcomes.stream().map(Object::getClass).toList(), Answered.class));
    }
    // on a busy machine a try may finish no item
    assertThat(answered).isSorted().endsWith(24);
    assertThat(answered.size()).isGreaterThan(1);
  }

  @Test
  void withoutTimeCachedItemsAreAnsweredAndNothingRuns() {
    Item known = floats(27, 1);
    pipeline.run(PLAIN, known);
    List<ItemOutcome> outcomes =
        pipeline.runEach(PLAIN, Duration.ZERO, floats(27, 2), known, floats(27, 3));
    assertThat(outcomes.get(0)).isInstanceOf(Unfinished.class);
    assertThat(answer(outcomes.get(1)).tier()).isEqualTo(Tier.MEMORY);
    assertThat(outcomes.get(2)).isInstanceOf(Unfinished.class);
  }

  private static Item sum(float a, float b) {
    return sum(new float[] {a}, new float[] {b});
  }

  private static Item sum(float[] a, float[] b) {
    return new Item.Tensors(
        List.of(
            Tensor.ofFloats("a", new long[] {a.length}, a),
            Tensor.ofFloats("b", new long[] {b.length}, b)),
        List.of("sum"));
  }

  private static Answer answer(ItemOutcome outcome) {
    assertThat(outcome).isInstanceOf(Answered.class);
    return ((Answered) outcome).answer();
  }

  private static float[] values(ItemOutcome outcome) {
    return answer(outcome).result().outputs().getFirst().floats();
  }

  private static Refusal refusal(ItemOutcome outcome) {
    assertThat(outcome).isInstanceOf(Refused.class);
    return ((Refused) outcome).refusal();
  }
}
