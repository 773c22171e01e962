package dev.pilotlight.local.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.support.Await;
import dev.pilotlight.local.template.AsyncSettings;
import dev.pilotlight.suite.OnlyInFaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsyncInvocationsIT {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final AsyncSettings STANDARD = AsyncSettings.of(Echo.NAME, Map.of());

  @Test
  void functionThatThrowsIsRetriedWithTheSameRequestIdUntilItAnswers() throws Exception {
    try (Echo echo = new Echo(1, 10, LONG);
        AsyncInvocations events = echo.asynchronous(STANDARD)) {
      events.accept(Echo.NAME, Echo.order("fail 2"));
      assertThat(events.awaitIdle(LONG)).isTrue();
      assertThat(events.failures()).isEmpty();
      Await.until(() -> echo.log.stream().anyMatch(line -> line.endsWith("answered attempt 3")));
    }
  }

  @Test
  void afterTheThirdErrorTheEventIsKeptWithTheRecordForTheDestination() throws Exception {
    try (Echo echo = new Echo(1, 10, LONG);
        AsyncInvocations events = echo.asynchronous(STANDARD)) {
      Invocation event = Echo.order("fail 3");
      events.accept(Echo.NAME, event);
      assertThat(events.awaitIdle(LONG)).isTrue();
      AsyncFailure failure = events.failures().getFirst();
      assertThat(events.failures()).hasSize(1);
      assertThat(failure.condition()).isEqualTo(AsyncFailure.Condition.RETRIES_EXHAUSTED);
      assertThat(failure.invokeCount()).isEqualTo(3);
      assertThat(failure.reason()).isEqualTo("java.lang.IllegalStateException: attempt 3");
      assertThat(failure.json())
          .startsWith("{\"version\":\"1.0\",\"timestamp\":\"2")
          .contains(
              """
              "requestContext":{"requestId":"%s",\
              "functionArn":"arn:aws:lambda:us-east-1:123456789012:function:EchoFunction:$LATEST",\
              "condition":"RetriesExhausted","approximateInvokeCount":3},\
              "requestPayload":{"do":"fail 3"},\
              "responseContext":{"statusCode":200,"executedVersion":"$LATEST",\
              "functionError":"Unhandled"},"responsePayload":{"errorMessage":"attempt 3\""""
                  .formatted(event.requestId()));
      assertThat(echo.log)
          .contains(
              """
              EchoFunction gave an event up after 3 attempts: \
              java.lang.IllegalStateException: attempt 3 (request %s, \
              on-failure destination: none)"""
                  .formatted(event.requestId()));
    }
  }

  @Test
  void processThatDiesIsReplacedAndTheEventIsRetried(@TempDir Path directory) throws Exception {
    Path life = Files.createFile(directory.resolve("life"));
    try (Echo echo = new Echo(1, 10, LONG);
        AsyncInvocations events = echo.asynchronous(STANDARD)) {
      events.accept(Echo.NAME, Echo.order("once " + life));
      assertThat(events.awaitIdle(LONG)).isTrue();
      assertThat(life).doesNotExist();
      assertThat(events.failures()).isEmpty();
    }
  }

  @Test
  @OnlyInFaults
  void eventThatTimesOutIsRetried() throws Exception {
    AsyncSettings once = new AsyncSettings(1, Duration.ofHours(6), "a-queue");
    try (Echo echo = new Echo(1, 10, Duration.ofSeconds(1));
        AsyncInvocations events = echo.asynchronous(once)) {
      events.accept(Echo.NAME, Echo.order("sleep 20000"));
      assertThat(events.awaitIdle(Duration.ofMillis(1))).isFalse();
      assertThat(events.awaitIdle(LONG)).isTrue();
      AsyncFailure failure = events.failures().getFirst();
      assertThat(failure.invokeCount()).isEqualTo(2);
      assertThat(failure.reason()).startsWith("Sandbox.Timedout: RequestId: ");
      assertThat(echo.log).anyMatch(line -> line.endsWith("on-failure destination: a-queue)"));
    }
  }

  @Test
  void throttledEventWaitsUntilThereIsRoom() throws Exception {
    AsyncSettings none = new AsyncSettings(0, Duration.ofHours(6), "");
    try (Echo echo = new Echo(1, 1, LONG);
        AsyncInvocations events = echo.asynchronous(none)) {
      echo.pool.start().join();
      for (int i = 0; i < 5; i++) {
        events.accept(Echo.NAME, Echo.order("log event " + i));
      }
      assertThat(events.awaitIdle(LONG)).isTrue();
      assertThat(events.failures()).isEmpty();
      Await.until(() -> echo.log.stream().filter(line -> line.contains("event ")).count() == 5);
    }
  }
}
