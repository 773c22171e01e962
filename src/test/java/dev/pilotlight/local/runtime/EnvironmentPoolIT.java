package dev.pilotlight.local.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.local.support.Await;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EnvironmentPoolIT {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void functionGetsOnlyTheVariablesOfLambdaAndOfTheTemplate() {
    try (Echo echo = new Echo(1, 10, LONG)) {
      assertThat(echo.answer("names").replace("\"", "").split(" "))
          .contains("FROM_TEMPLATE", "_HANDLER", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION")
          .doesNotContain("HOME", "USER", "JAVA_HOME", "MAVEN_CMD_LINE_ARGS", "PWD");
      assertThat(echo.answer("env AWS_LAMBDA_FUNCTION_MEMORY_SIZE")).isEqualTo("\"256\"");
      assertThat(echo.answer("arn")).endsWith(":function:EchoFunction\"");
      assertThat(Integer.parseInt(echo.answer("remaining").replace("\"", "")))
          .isBetween(25_000, 30_000);
    }
  }

  @Test
  void secondEnvironmentStartsWhenTheFirstIsBusyAndBothAreKept() {
    try (Echo echo = new Echo(2, 10, Duration.ofMinutes(6))) {
      echo.pool.start().join();
      assertThat(echo.pool.environments()).hasSize(1);
      var first = echo.pool.invoke(Echo.order("sleep 300000"));
      var second = echo.pool.invoke(Echo.order("sleep 0")).join();
      assertThat(first).isNotDone();
      assertThat(Echo.text(second)).contains("[$LATEST]2");
      assertThat(echo.pool.environments()).hasSize(2);
      echo.answer("sleep 0");
      assertThat(echo.pool.environments()).hasSize(2);
    }
  }

  @Test
  void eventsWaitInOrderWhileAllEnvironmentsAreBusy() {
    try (Echo echo = new Echo(1, 50, LONG)) {
      List<Integer> order = java.util.Collections.synchronizedList(new ArrayList<>());
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        int number = i;
        Invocation invocation = Echo.order("sleep 0");
        all.add(invocation.outcome().thenRun(() -> order.add(number)));
        var _ = echo.pool.invoke(invocation);
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
      assertThat(order).isSorted().hasSize(50);
      assertThat(echo.pool.environments()).hasSize(1);
    }
  }

  @Test
  @OnlyInFaults
  void fullQueueRefusesAsLambdaThrottles() {
    try (Echo echo = new Echo(1, 1, LONG)) {
      echo.pool.start().join();
      var running = echo.pool.invoke(Echo.order("sleep 1000"));
      var waiting = echo.pool.invoke(Echo.order("sleep 0"));
      assertThat(echo.answer("sleep 0")).isEqualTo("TooManyRequestsException");
      assertThat(running.join()).isInstanceOf(Outcome.Answered.class);
      assertThat(waiting.join()).isInstanceOf(Outcome.Answered.class);
    }
  }

  @Test
  void crashFailsOneEventAndTheEnvironmentIsReplaced() {
    try (Echo echo = new Echo(1, 10, LONG)) {
      var crash = echo.pool.invoke(Echo.order("exit 7"));
      var next = echo.pool.invoke(Echo.order("sleep 0"));
      assertThat(Echo.text(crash.join()))
          .contains("\"errorType\":\"Runtime.ExitError\"")
          .contains("Runtime exited with error: exit status 7");
      assertThat(next.join()).isInstanceOf(Outcome.Answered.class);
      assertThat(echo.log).contains("1 Runtime exited with error: exit status 7");
    }
  }

  @Test
  @OnlyInFaults
  void killedIdleEnvironmentIsReplacedWithTheNextEvent() {
    try (Echo echo = new Echo(1, 10, LONG)) {
      echo.pool.start().join();
      echo.pool.environments().forEach(Environment::kill);
      Outcome first = echo.does("sleep 0"); // may have been given to the dying process
      Outcome second = echo.does("sleep 0");
      assertThat(first).isInstanceOfAny(Outcome.Answered.class, Outcome.Failed.class);
      assertThat(second).isInstanceOf(Outcome.Answered.class);
    }
  }

  @Test
  void eventThatTimesOutFailsAndItsEnvironmentIsReplaced() {
    try (Echo echo = new Echo(1, 10, Duration.ofSeconds(1))) {
      echo.pool.start().join();
      assertThat(echo.answer("sleep 60000"))
          .contains("\"errorType\":\"Sandbox.Timedout\"")
          .contains("Task timed out after 1.00 seconds");
      assertThat(echo.does("sleep 0")).isInstanceOf(Outcome.Answered.class);
    }
  }

  @Test
  void exceptionIsAFunctionErrorAndTheEnvironmentIsKept() {
    try (Echo echo = new Echo(1, 10, LONG)) {
      String before = echo.answer("sleep 0");
      assertThat(echo.answer("throw on purpose")).contains("\"errorMessage\":\"on purpose\"");
      assertThat(echo.answer("sleep 0")).isEqualTo(before);
    }
  }

  @Test
  void functionThatExceedsItsMemoryIsKilled() {
    try (Echo echo = new Echo(1, 10, LONG)) {
      assertThat(echo.answer("use 400")).contains("signal: killed");
      assertThat(echo.log).anyMatch(line -> line.contains("of the 256 MB it has"));
      assertThat(echo.does("sleep 0")).isInstanceOf(Outcome.Answered.class);
    }
  }

  @Test
  void answerOverLambdasLimitIsAnErrorAndTheNextEventIsAnswered() {
    try (Echo echo = new Echo(1, 10, LONG)) {
      assertThat(echo.answer("large 6291554")).hasSize(6_291_556);
      assertThat(echo.answer("large 6291555")).contains("Function.ResponseSizeTooLarge");
      assertThat(echo.does("sleep 0")).isInstanceOf(Outcome.Answered.class);
    }
  }

  @Test
  void functionThatDoesNotStartFailsTheWaitingEventsInOneLine() {
    try (Echo echo = new Echo(EchoHandler.Broken.class.getName(), 256, 2, 10, LONG)) {
      assertThatThrownBy(() -> echo.pool.start().join())
          .hasMessageContaining("EchoFunction did not start: ")
          .hasMessageContaining("broken on purpose");
      assertThat(echo.answer("sleep 0")).contains("broken on purpose");
      assertThat(echo.pool.environments()).isEmpty();
    }
  }

  @Test
  void restartStartsANewProcessAndLosesNoWaitingEvent() {
    try (Echo echo = new Echo(1, 10, LONG)) {
      String before = echo.answer("sleep 0");
      echo.pool.restart();
      assertThat(echo.answer("sleep 0")).isNotEqualTo(before);
    }
  }

  @Test
  void closingEndsEveryProcess() {
    Echo echo = new Echo(1, 10, LONG);
    long pid = Long.parseLong(echo.answer("pid").replace("\"", ""));
    assertThat(ProcessHandle.of(pid)).isPresent();
    echo.close();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(echo.answer("sleep 0")).isEqualTo("TooManyRequestsException");
  }

  @Test
  void busyEnvironmentIsAskedNextBeforeTheEventsThatWait() {
    try (Echo echo = new Echo(1, 10, LONG)) {
      echo.pool.start().join();
      assertThat(echo.pool.queryAll(() -> Echo.order("sleep 0")))
          .as("it has not had an event")
          .isEmpty();
      var running = echo.pool.invoke(Echo.order("sleep 500"));
      var waiting = echo.pool.invoke(Echo.order("sleep 60000"));
      var asked = echo.pool.queryAll(() -> Echo.order("sleep 0"));
      var again = echo.pool.queryAll(() -> Echo.order("throw a second event"));
      assertThat(Objects.requireNonNull(asked.get(1)).join()).isInstanceOf(Outcome.Answered.class);
      assertThat(running).isDone();
      assertThat(waiting).isNotDone();
      assertThat(again.get(1))
          .as("the same event")
          .isCompletedWithValue(Objects.requireNonNull(asked.get(1)).join());
    }
  }

  @Test
  void idleEnvironmentIsAskedAtOnceAndTakesEventsAfterwards() {
    try (Echo echo = new Echo(1, 10, LONG)) {
      String before = echo.answer("sleep 0");
      for (int i = 0; i < 20; i++) { // idle, or about to be
        var asked = echo.pool.queryAll(() -> Echo.order("sleep 0"));
        assertThat(Echo.text(Objects.requireNonNull(asked.get(1)).join())).isEqualTo(before);
        assertThat(echo.answer("sleep 0")).isEqualTo(before);
      }
    }
  }

  @Test
  void questionToAnEnvironmentThatEndsHasAnOutcome() {
    try (Echo echo = new Echo(1, 10, LONG)) {
      echo.answer("sleep 0");
      Await.until(() -> echo.pool.idle() == 1);
      var crash = echo.pool.invoke(Echo.order("exit 7"));
      var asked = echo.pool.queryAll(() -> Echo.order("sleep 0"));
      assertThat(crash.join()).isInstanceOf(Outcome.Failed.class);
      assertThat(asked.values()).allMatch(outcome -> outcome.join() instanceof Outcome.Failed);
    }
  }
}
