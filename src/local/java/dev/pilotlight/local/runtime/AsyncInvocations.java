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
import java.util.function.Consumer;

/// Asynchronous invocations: accepted at once, retried when they fail, and kept as failures after
/// the last attempt. Thread-safe; accepting never blocks.
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
    long accepted = System.nanoTime();
    EnvironmentPool pool = Objects.requireNonNull(functions.get(function), function);
    synchronized (this) {
      if (closed) {
        return;
      }
      underWay++;
      CompletableFuture<Outcome> first = pool.invoke(event);
      followers.execute(() -> follow(pool, event, first, accepted));
    }
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
      EnvironmentPool pool, Invocation event, CompletableFuture<Outcome> first, long accepted) {
    try {
      followUp(pool, event, first.get(), accepted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (ExecutionException e) {
      throw new IllegalStateException("an invocation always has an outcome", e);
    } finally {
      ended();
    }
  }

  private void followUp(EnvironmentPool pool, Invocation event, Outcome first, long accepted)
      throws InterruptedException, ExecutionException {
    String function = pool.function().name();
    AsyncSettings rules = Objects.requireNonNull(settings.get(function), function);
    Attempts attempts = new Attempts(rules, firstPause);
    Outcome outcome = first;
    while (!(outcome instanceof Outcome.Answered)) {
      Duration age = Duration.ofNanos(System.nanoTime() - accepted);
      boolean throttled = outcome instanceof Outcome.Rejected;
      switch (throttled ? attempts.afterThrottling(age) : attempts.afterError(age)) {
        case Attempts.Next.Again(Duration pause) -> Thread.sleep(pause);
        case Attempts.Next.GiveUp(AsyncFailure.Condition condition) -> {
          keep(
              AsyncFailure.of(function, event, condition, attempts.failed(), outcome),
              rules.onFailure());
          return;
        }
      }
      outcome = pool.invoke(event.again()).get();
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
        "%s gave an event up after %d attempts: %s (request %s, on-failure destination: %s)"
            .formatted(
                failure.function(),
                failure.invokeCount(),
                failure.reason(),
                failure.requestId(),
                destination.isEmpty() ? "none" : destination));
  }

  private synchronized void ended() {
    if (!closed) {
      underWay--;
      notifyAll();
    }
  }
}
