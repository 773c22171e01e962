package dev.pilotlight.local.runtime;

import dev.pilotlight.local.template.AsyncSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// Asynchronous invocations, and messages of queues: accepted at once, retried when they fail, and
/// kept as failures after the last attempt. Thread-safe; accepting never blocks.
///
/// A message is tried again after the same short pauses as an event: on this machine nobody waits a
/// quarter of an hour for its visibility time-out.
///
/// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
public final class AsyncInvocations implements AutoCloseable {
  private static final int FAILURES_MAX = 1000;

  private final Map<String, EnvironmentPool> functions;
  private final Map<String, AsyncSettings> settings;
  private final Duration firstPause;
  private final Consumer<String> out;
  private final ExecutorService followers = Executors.newVirtualThreadPerTaskExecutor();

  // guarded by this
  private final Deque<AsyncFailure> failures = new ArrayDeque<>();
  private int underWay;
  private boolean closed;

  /// @param functions by name
  /// @param settings by name, one for each
  /// @param firstPause before the first retry of an event
  /// @param out takes one line for each event that is not retried any more
  public AsyncInvocations(
      Map<String, EnvironmentPool> functions,
      Map<String, AsyncSettings> settings,
      Duration firstPause,
      Consumer<String> out) {
    this.functions = Map.copyOf(functions);
    this.settings = Map.copyOf(settings);
    this.firstPause = firstPause;
    this.out = out;
  }

  /// Takes an event. Events of one function begin in the order of these calls.
  ///
  /// @param function the name of an existing one
  public void accept(String function, Invocation event) {
    AsyncSettings rules = Objects.requireNonNull(settings.get(function), function);
    accept(
        function,
        new Tries(
            rules,
            event,
            _ -> event.again(),
            (failed, last) ->
                AsyncFailure.of(function, event, failed.condition(), failed.count(), last)));
  }

  /// Takes a message of a queue. After the last attempt, it is kept as it was sent.
  ///
  /// @param function the name of an existing one
  /// @param rules of its queue
  /// @param body as it was sent
  /// @param delivery the function's event, by how often the queue has delivered the message
  public void accept(
      String function, AsyncSettings rules, byte[] body, IntFunction<byte[]> delivery) {
    IntFunction<Invocation> attempt =
        received -> new Invocation(delivery.apply(received), Invocation.NO_TRACE, null);
    accept(
        function,
        new Tries(
            rules,
            attempt.apply(1),
            attempt,
            (failed, last) ->
                AsyncFailure.ofMessage(function, body, failed.condition(), failed.count(), last)));
  }

  /// How an event is tried.
  ///
  /// @param next a further attempt; the number is 1 until one has failed that was not throttled
  private record Tries(
      AsyncSettings rules,
      Invocation first,
      IntFunction<Invocation> next,
      BiFunction<Failed, Outcome, AsyncFailure> failure) {}

  /// Why it is not tried any more, and how often it was.
  private record Failed(AsyncFailure.Condition condition, int count) {}

  private void accept(String function, Tries tries) {
    long accepted = System.nanoTime();
    EnvironmentPool pool = Objects.requireNonNull(functions.get(function), function);
    synchronized (this) {
      if (closed) {
        return;
      }
      underWay++;
      CompletableFuture<Outcome> first = pool.invoke(tries.first());
      followers.execute(() -> follow(pool, tries, first, accepted));
    }
  }

  /// The pause before the first retry of an event.
  public Duration firstPause() {
    return firstPause;
  }

  /// The last events that were not retried any more, oldest first.
  public synchronized List<AsyncFailure> failures() {
    return List.copyOf(failures);
  }

  /// Whether no event runs or waits for a retry.
  public synchronized boolean isIdle() {
    return underWay == 0;
  }

  /// Waits until no event runs or waits for a retry.
  ///
  /// @return whether that was so in time
  public synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (underWay > 0) {
      long ms = Math.ceilDiv(end - System.nanoTime(), 1_000_000L);
      if (ms <= 0) {
        return false;
      }
      wait(ms);
    }
    return true;
  }

  /// Drops all events; it does not stop invocations that run.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    followers.shutdownNow();
  }

  private void follow(
      EnvironmentPool pool, Tries tries, CompletableFuture<Outcome> first, long accepted) {
    try {
      followUp(pool, tries, first.get(), accepted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (ExecutionException e) {
      throw new IllegalStateException("an invocation always has an outcome", e);
    } finally {
      ended();
    }
  }

  private void followUp(EnvironmentPool pool, Tries tries, Outcome first, long accepted)
      throws InterruptedException, ExecutionException {
    Attempts attempts = new Attempts(tries.rules(), firstPause);
    Outcome outcome = first;
    while (!(outcome instanceof Outcome.Answered)) {
      Duration age = Duration.ofNanos(System.nanoTime() - accepted);
      boolean throttled = outcome instanceof Outcome.Rejected;
      switch (throttled ? attempts.afterThrottling(age) : attempts.afterError(age)) {
        case Attempts.Next.Again(Duration pause) -> Thread.sleep(pause);
        case Attempts.Next.GiveUp(AsyncFailure.Condition condition) -> {
          Failed failed = new Failed(condition, attempts.failed());
          keep(tries.failure().apply(failed, outcome), tries.rules().onFailure());
          return;
        }
      }
      outcome = pool.invoke(tries.next().apply(attempts.failed() + 1)).get();
    }
  }

  private void keep(AsyncFailure failure, String destination) {
    synchronized (this) {
      if (failures.size() == FAILURES_MAX) {
        failures.removeFirst();
      }
      failures.add(failure);
    }
    out.accept(
        "%s gave an event up after %d attempts: %s (%s, on-failure destination: %s)"
            .formatted(
                failure.function(),
                failure.invokeCount(),
                failure.reason(),
                failure.requestId().isEmpty() ? "a message" : "request " + failure.requestId(),
                destination.isEmpty() ? "none" : destination));
  }

  private synchronized void ended() {
    if (!closed) {
      underWay--;
      notifyAll();
    }
  }
}
