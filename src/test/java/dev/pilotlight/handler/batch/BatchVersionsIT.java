package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Several versions of an object, whose events come in every order, with and without sequencer. An
/// older version's output never replaces a newer one's.
final class BatchVersionsIT {
  /// Answered by an error, without a model: what counts is how many lines the output has.
  private static final String LINE = "{}\n";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path root;

  @SuppressWarnings("NullAway.Init")
  private static BatchFunction versioned;

  @SuppressWarnings("NullAway.Init")
  private static BatchFunction plain;

  @BeforeAll
  static void start() throws IOException {
    var _ = new TestModels(root).with("quotient", OnnxModels.quotient());
    versioned = new BatchFunction(root, true, "PILOTLIGHT_DEFAULT_MODEL", "quotient");
    plain = new BatchFunction(root, false, "PILOTLIGHT_DEFAULT_MODEL", "quotient");
  }

  @AfterAll
  static void stop() {
    versioned.close();
    plain.close();
  }

  /// All orders of three events, and which of these have a sequencer. All mixes for each order are
  /// in `JobVersionsIT`.
  static Stream<Arguments> orders() {
    return Stream.of(
        Arguments.of(List.of(0, 1, 2), "..."),
        Arguments.of(List.of(0, 2, 1), "1.."),
        Arguments.of(List.of(2, 1, 0), "11."));
  }

  static Stream<Arguments> otherOrders() {
    return Stream.of(
        Arguments.of(List.of(1, 0, 2), ".1."),
        Arguments.of(List.of(1, 2, 0), "1.1"),
        Arguments.of(List.of(2, 0, 1), ".11"));
  }

  /// The versions are mostly of one second, so their times do not order them.
  @ParameterizedTest
  @MethodSource("orders")
  void newestVersionOfOneSecondIsTheLastOutput(List<Integer> order, String sequencers) {
    String key = "mix %s.jsonl".formatted(order);
    List<Event> events = put(versioned, key, sequencers);
    order.forEach(i -> versioned.send(events.get(i)));
    assertThat(lines(versioned, key)).isEqualTo(3);
    // once more, as a redrive sends the oldest
    versioned.send(events.getFirst().without("sequencer"));
    assertThat(lines(versioned, key)).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("otherOrders")
  @OnlyInFaults
  void newestVersionOfOneSecondIsTheLastOutputInOtherOrders(
      List<Integer> order, String sequencers) {
    newestVersionOfOneSecondIsTheLastOutput(order, sequencers);
  }

  @Test
  void olderVersionIsSupersededByItsTime() throws InterruptedException {
    Event old = versioned.put("time.jsonl", LINE).without("sequencer");
    Thread.sleep(1_001); // S3's times are whole seconds
    Event young = versioned.put("time.jsonl", LINE + LINE);
    assertThat(versioned.send(young)).containsExactly("done");
    assertThat(versioned.send(old)).containsExactly("superseded");
    assertThat(lines(versioned, "time.jsonl")).isEqualTo(2);
  }

  @Test
  void sampleEventMeansTheCurrentVersionAndDoesNotAnswerItAgain() {
    Event event = versioned.put("reviews.jsonl", LINE);
    assertThat(versioned.send(event)).containsExactly("done");
    Event byHand = new Event("reviews.jsonl", Map.of());
    assertThat(versioned.send(byHand)).containsExactly("done-before");
    Event next = versioned.put("reviews.jsonl", LINE + LINE);
    assertThat(versioned.send(byHand)).containsExactly("done");
    assertThat(versioned.send(next)).containsExactly("done-before");
    assertThat(versioned.send(event)).containsExactly("superseded");
    assertThat(lines(versioned, "reviews.jsonl")).isEqualTo(2);
  }

  @Test
  void batchThatBeginsListsUploadsOfBothFormsOfItsAnswersAtOnce() {
    Event event = plain.put("lists.jsonl", LINE);
    plain.between().forgetCalls();
    assertThat(plain.send(event)).containsExactly("done");
    assertThat(plain.between().calls())
        .extracting(call -> String.valueOf(call.uri().getQuery()))
        .containsOnlyOnce("uploads&prefix=lists.jsonl.out.")
        .doesNotContain("uploads&prefix=lists.jsonl.out.parquet")
        .filteredOn(query -> query.startsWith("uploads&prefix="))
        .as("three at the start, two at the end")
        .hasSize(5);
  }

  @Test
  void eventOfEventBridgeIsAnsweredAndIsTheSameVersion() {
    Event event = versioned.put("bridge+ 1.jsonl", LINE);
    String json =
        """
        {'source':'aws.s3','detail-type':'Object Created','detail':{'bucket':{'name':'%s'},
         'object':{'key':'bridge+ 1.jsonl','version-id':'%s'}}}"""
            .formatted(BatchFunction.IN, event.fields().get("versionId"))
            .replace('\'', '"');
    assertThat(versioned.sendJson(json)).containsExactly("done");
    assertThat(versioned.send(event)).containsExactly("done-before");
  }

  @ParameterizedTest
  @MethodSource("orders")
  void newestContentIsTheLastOutputWhereNoVersionsAreKept(List<Integer> order, String sequencers) {
    String key = "plain %s.jsonl".formatted(order);
    List<Event> events = put(plain, key, sequencers);
    order.forEach(i -> plain.send(events.get(i)));
    assertThat(lines(plain, key)).isEqualTo(3);
    assertThat(plain.send(events.getFirst())).containsExactly("gone");
  }

  @ParameterizedTest
  @MethodSource("otherOrders")
  @OnlyInFaults
  void newestContentIsTheLastOutputInOtherOrders(List<Integer> order, String sequencers) {
    newestContentIsTheLastOutputWhereNoVersionsAreKept(order, sequencers);
  }

  @Test
  void sameContentPutAgainIsANewerVersionWhereNoVersionsAreKept() throws InterruptedException {
    assertThat(plain.send(plain.put("again.jsonl", LINE))).containsExactly("done");
    assertThat(plain.send(plain.put("again.jsonl", LINE + LINE))).containsExactly("done");
    Thread.sleep(1_001); // S3's times are whole seconds
    Event again = plain.put("again.jsonl", LINE).without("sequencer");
    assertThat(plain.send(again)).containsExactly("done");
    assertThat(lines(plain, "again.jsonl")).isEqualTo(1);
  }

  private static List<Event> put(BatchFunction function, String key, String sequencers) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Event event = function.put(key, LINE.repeat(i + 1));
      events.add(sequencers.charAt(i) == '1' ? event : event.without("sequencer"));
    }
    return events;
  }

  private static long lines(BatchFunction function, String key) {
    return function.output(key + ".out.jsonl").orElseThrow().lines().count();
  }
}
