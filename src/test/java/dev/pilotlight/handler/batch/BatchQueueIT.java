package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.local.runtime.Between.Fate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Events of S3 in messages of a queue, which deletes those that the function does not refuse.
@Timeout(120)
final class BatchQueueIT extends ClassifierBatches {
  private List<String> deliver(String body, int received) {
    ObjectNode record = new ObjectMapper().createObjectNode().put("messageId", "m-1");
    record.put("body", body).put("eventSource", "aws:sqs");
    record.putObject("attributes").put("ApproximateReceiveCount", Integer.toString(received));
    return function.sendJson("{\"Records\":[" + record + "]}");
  }

  private List<String> deliver(Event event, int received) {
    return deliver("{\"Records\":[" + event.json() + "]}", received);
  }

  @Test
  void aMessageIsAnsweredAsItsEventIs() {
    Event event = function.put("by-queue.jsonl", LINE);
    assertThat(deliver(event, 1)).containsExactly("done");
    assertThat(function.json("by-queue.jsonl.summary.json").at("/input/sequencer").asText())
        .as("of the event in the message")
        .isEqualTo(event.fields().get("sequencer"));
    assertThat(deliver(event, 2)).containsExactly("done-before");
    assertThat(function.send(event)).containsExactly("done-before");
  }

  @Test
  void aMessageThatCameBeforeIsKeptWhileItsBatchIsHeld() throws Exception {
    Event event = function.put("held.jsonl", LINE);
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    function
        .between()
        .rule(
            call -> {
              if (call.method().equals("GET") && call.uri().getPath().endsWith("held.jsonl")) {
                reading.countDown();
                await(goOn);
              }
              return new Fate.Pass();
            });
    var first = CompletableFuture.supplyAsync(() -> deliver(event, 1), Thread::startVirtualThread);
    await(reading);
    try {
      assertThat(deliver(event, 1))
          .as("another message about the same batch: the first one is still there")
          .containsExactly("held");
      assertThatThrownBy(() -> deliver(event, 2))
          .as("the same message: without it, nothing resumes the batch if the first one is killed")
          .isInstanceOf(BatchException.Unavailable.class)
          .hasMessageContaining("another invocation has the batch");
      assertThat(function.output("held.jsonl.failed.json")).isEmpty();
    } finally {
      goOn.countDown();
    }
    assertThat(first.get()).containsExactly("done");
    assertThat(deliver(event, 3)).containsExactly("done-before");
  }

  @Test
  void aMessageWithAnythingElseIsRefused() {
    assertThat(deliver("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}", 1))
        .containsExactly("ignored");
    assertThatThrownBy(() -> deliver("hello", 1))
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
    assertThatThrownBy(() -> deliver(denied, 1)).isInstanceOf(BatchException.class);
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
