package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.runtime.Outcome;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/// Calls functions and reads objects of this machine.
///
/// @param functions by their local names
/// @param s3 creates a client, which is closed after each use
record LocalCalls(Map<String, EnvironmentPool> functions, Supplier<S3Client> s3) implements Calls {
  private static final long LOOK_MS = 200;
  private static final Outcome WITHDRAWN =
      new Outcome.Rejected(429, "TooManyRequestsException", "The caller disconnected.");

  LocalCalls {
    functions = Map.copyOf(functions);
  }

  static LocalCalls of(Map<String, EnvironmentPool> functions, S3Local s3) {
    return new LocalCalls(functions, s3::client);
  }

  @Override
  public JsonNode invoke(String function, JsonNode payload, Duration timeout)
      throws StatesError, InterruptedException {
    EnvironmentPool pool = functions.get(function);
    if (pool == null) {
      throw new StatesError(
          "Lambda.ResourceNotFoundException",
          "there is no function %s; here are %s".formatted(function, functions.keySet()));
    }
    Invocation invocation = new Invocation(Json.bytes(payload), Invocation.NO_TRACE, null);
    CompletableFuture<Outcome> outcome = pool.invoke(invocation);
    boolean ended = false;
    try {
      Outcome found = await(invocation, outcome, timeout);
      ended = true;
      return answer(found);
    } finally {
      if (!ended) {
        pool.withdraw(invocation, WITHDRAWN);
      }
    }
  }

  /// Time in the local queue does not count towards the timeout, because Lambda has no such queue.
  private static Outcome await(
      Invocation invocation, CompletableFuture<Outcome> outcome, Duration timeout)
      throws StatesError, InterruptedException {
    long end = 0;
    while (true) {
      if (end == 0 && invocation.environment() != null) {
        end = System.nanoTime() + timeout.toNanos();
      }
      try {
        return outcome.get(LOOK_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (end != 0 && System.nanoTime() > end) {
          throw new StatesError(
              "States.Timeout", "the function did not answer in " + timeout.toSeconds() + " s");
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("an invocation always has an outcome", e);
      }
    }
  }

  private static JsonNode answer(Outcome outcome) throws StatesError {
    return switch (outcome) {
      case Outcome.Answered(byte[] payload) ->
          Json.read(payload)
              .orElseThrow(
                  () -> new StatesError(StatesError.RUNTIME, "the function's answer is not JSON"));
      case Outcome.Rejected rejected ->
          throw new StatesError("Lambda." + rejected.type(), rejected.message());
      case Outcome.Failed(byte[] payload) ->
          throw new StatesError(
              Json.field(payload, "errorType", "Lambda.Unknown"),
              new String(payload, java.nio.charset.StandardCharsets.UTF_8));
    };
  }

  @Override
  public List<JsonNode> items(String bucket, String key) throws StatesError {
    String place = "s3://%s/%s".formatted(bucket, key);
    JsonNode array;
    try (S3Client client = s3.get()) {
      byte[] text = client.getObjectAsBytes(it -> it.bucket(bucket).key(key)).asByteArrayUnsafe();
      array = Json.read(text).orElse(Json.object());
    } catch (SdkException e) {
      throw new StatesError(
          "States.ItemReaderFailed", "%s cannot be read: %s".formatted(place, e.getMessage()));
    }
    if (!array.isArray()) {
      throw new StatesError("States.ItemReaderFailed", place + " is not a JSON array");
    }
    List<JsonNode> items = new ArrayList<>();
    array.forEach(items::add);
    return items;
  }
}
