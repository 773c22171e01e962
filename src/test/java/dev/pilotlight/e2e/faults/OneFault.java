package dev.pilotlight.e2e.faults;

import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// A fault of Redis or DynamoDB that begins, lasts for some requests and ends.
// its steps are methods, which have no state
@SuppressWarnings("ImmutableEnumChecker")
enum OneFault {
  REDIS_SENDS_GARBAGE(
      Meanwhile.WITHOUT_REDIS, it -> it.redis().garble(true), it -> it.redis().garble(false)),
  /// The function waits for 50 ms, and on a slow machine begins to wait some time after it has
  /// asked.
  REDIS_IS_50_MS_LATER(
      Meanwhile.ALL,
      it -> it.redis().delay(Duration.ofMillis(50)),
      it -> it.redis().delay(Duration.ZERO)),
  REDIS_IS_500_MS_LATER(
      Meanwhile.WITHOUT_REDIS,
      it -> it.redis().delay(Duration.ofMillis(500)),
      it -> it.redis().delay(Duration.ZERO)),
  REDIS_IS_RESTARTED_EMPTY(
      Meanwhile.ALL,
      it -> {
        it.redisServer().stop();
        it.redisServer().start();
      },
      _ -> {}),
  REDIS_REFUSES_CONNECTIONS(
      Meanwhile.WITHOUT_REDIS, it -> it.redis().refuse(), it -> it.redis().listen()),
  DYNAMODB_REFUSES_CONNECTIONS(
      Meanwhile.KNOWN, it -> it.dynamo().refuse(), it -> it.dynamo().listen()),
  DYNAMODB_THROTTLES(
      Meanwhile.KNOWN,
      fails(
          400,
          "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
          "The level of configured provisioned throughput for the table was exceeded"),
      OneFault::pass),
  DYNAMODB_FAILS(
      Meanwhile.KNOWN,
      fails(500, "com.amazonaws.dynamodb.v20120810#InternalServerError", "Internal server error"),
      OneFault::pass),
  /// Every other call takes effect, and its connection breaks before the answer.
  DYNAMODB_LOSES_ANSWERS(
      Meanwhile.ALL,
      it -> {
        AtomicInteger calls = new AtomicInteger();
        it.calls().rule(_ -> calls.getAndIncrement() % 2 == 0 ? new Fate.Lose() : new Fate.Pass());
      },
      OneFault::pass),
  CONNECTIONS_ARE_CLOSED(
      Meanwhile.ALL,
      it -> {
        it.redis().drop();
        it.dynamo().drop();
      },
      _ -> {}),
  CONNECTIONS_FALL_SILENT(
      Meanwhile.SOME,
      it -> {
        it.redis().forget();
        it.dynamo().forget();
      },
      _ -> {});

  /// The answers meanwhile.
  enum Meanwhile {
    /// To all requests.
    ALL,
    /// To all requests, and none of them from Redis.
    WITHOUT_REDIS,
    /// To known texts; new ones are refused.
    KNOWN,
    /// To some requests; the others are refused.
    SOME
  }

  private final Meanwhile answers;
  private final Step begin;
  private final Step end;

  OneFault(Meanwhile answers, Step begin, Step end) {
    this.answers = answers;
    this.begin = begin;
    this.end = end;
  }

  Meanwhile answers() {
    return answers;
  }

  void begin(FaultyStack stack) throws IOException {
    begin.run(stack);
  }

  void end(FaultyStack stack) throws IOException {
    end.run(stack);
  }

  private static Step fails(int status, String type, String message) {
    String body = "{\"__type\":\"%s\",\"message\":\"%s\"}".formatted(type, message);
    return it -> it.calls().rule(_ -> new Fate.Fail(status, body));
  }

  private static void pass(FaultyStack it) {
    it.calls().rule(_ -> new Fate.Pass());
  }

  @FunctionalInterface
  private interface Step {
    void run(FaultyStack stack) throws IOException;
  }
}
