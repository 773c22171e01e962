package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Events of S3 in messages of a queue, which deletes those that the function does not refuse.
@Timeout(120)
final class BatchQueueIT extends ClassifierBatches {
  private static final String FIRST = "m-1";
  private static final String SECOND = "m-2";

  private List<String> deliver(String id, String body, int received) {
    ObjectNode record = new ObjectMapper().createObjectNode().put("messageId", id);
    record.put("body", body).put("eventSource", "aws:sqs");
    record.putObject("attributes").put("ApproximateReceiveCount", Integer.toString(received));
    return function.sendJson("{\"Records\":[" + record + "]}");
  }

  private List<String> deliver(String id, Event event, int received) {
    return deliver(id, "{\"Records\":[" + event.json() + "]}", received);
  }

  @Test
  void aMessageIsAnsweredAsItsEventIs() {
    Event event = function.put("by-queue.jsonl", LINE);
    assertThat(deliver(FIRST, event, 1)).containsExactly("done");
    assertThat(function.json("by-queue.jsonl.summary.json").at("/input/sequencer").asText())
        .as("of the event in the message")
        .isEqualTo(event.fields().get("sequencer"));
    assertThat(deliver(FIRST, event, 2)).containsExactly("done-before");
    assertThat(function.send(event)).containsExactly("done-before");
  }

  @Test
  void anotherMessageEndsWhileItsBatchIsHeld() throws Exception {
    Held held = hold("held.jsonl");
    try {
      assertThat(deliver(SECOND, held.event, 1)).containsExactly("held");
      assertThat(deliver(SECOND, held.event, 4))
          .as("the first message is still there, so a repeated delivery does not fail either")
          .containsExactly("held");
    } finally {
      held.goOn.countDown();
    }
    assertThat(held.first.get()).containsExactly("done");
  }

  @Test
  @OnlyInFaults
  void sameMessageWaitsUntilItsFirstInvocationEnds() throws Exception {
    Held held = hold("waits.jsonl");
    var again =
        CompletableFuture.supplyAsync(
            () -> deliver(FIRST, held.event, 2), Thread::startVirtualThread);
    try {
      // longer than the first invocation needs to show life
      assertThatThrownBy(() -> again.get(3, TimeUnit.SECONDS))
          .as("a success would delete the message, a failure would count as a delivery")
          .isInstanceOf(TimeoutException.class);
    } finally {
      held.goOn.countDown();
    }
    assertThat(held.first.get()).containsExactly("done");
    assertThat(again.get()).containsExactly("done-before");
    assertThat(function.output("waits.jsonl.failed.json")).isEmpty();
  }

  @Test
  void sameMessageFailsIfItsFirstInvocationOutlastsItsTime() throws Exception {
    Held held = hold("outlasts.jsonl");
    function.setTime(4_000);
    try {
      assertThatThrownBy(() -> deliver(FIRST, held.event, 2))
          .as("without the message, nothing resumes the batch if the first one is killed")
          .isInstanceOf(BatchException.Unavailable.class)
          .hasMessageContaining("is still held by another environment");
      assertThat(function.output("outlasts.jsonl.failed.json")).isEmpty();
    } finally {
      held.goOn.countDown();
    }
    assertThat(held.first.get()).containsExactly("done");
  }

  /// A batch that is held until the latch opens, by the first delivery of the message [#FIRST].
  private record Held(Event event, CompletableFuture<List<String>> first, CountDownLatch goOn) {}

  private Held hold(String key) {
    Event event = function.put(key, LINE);
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    function
        .between()
        .rule(
            call -> {
              if (call.method().equals("GET") && call.uri().getPath().endsWith(key)) {
                reading.countDown();
                await(goOn);
              }
              return new Fate.Pass();
            });
    var first =
        CompletableFuture.supplyAsync(() -> deliver(FIRST, event, 1), Thread::startVirtualThread);
    await(reading);
    return new Held(event, first, goOn);
  }

  @Test
  void aMessageWithAnythingElseIsRefused() {
    assertThat(deliver(FIRST, "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}", 1))
        .containsExactly("ignored");
    assertThatThrownBy(() -> deliver(FIRST, "hello", 1))
        .isInstanceOf(BatchException.Malformed.class)
        .hasMessageStartingWith("the message m-1 of the queue cannot be answered: the event");
  }

  @Test
  void theNoteOfAFailureNamesWhatTheQueueDoes() {
    function
        .between()
        .rule(
            call ->
                call.uri().getPath().endsWith("denied.jsonl")
                    ? new Fate.Fail(403, "<Error><Code>AccessDenied</Code></Error>")
                    : new Fate.Pass());
    Event event = function.put("later.jsonl", LINE);
    Event denied = new Event("denied.jsonl", event.fields());
    assertThatThrownBy(() -> deliver(FIRST, denied, 1)).isInstanceOf(BatchException.class);
    assertThat(function.json("denied.jsonl.failed.json").path("next").asText())
        .contains("five times, about 16 minutes apart", "BatchDead");
    assertThatThrownBy(() -> function.send(denied)).isInstanceOf(BatchException.class);
    assertThat(function.json("denied.jsonl.failed.json").path("next").asText())
        .contains("after one and two minutes", "BatchFailures");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
