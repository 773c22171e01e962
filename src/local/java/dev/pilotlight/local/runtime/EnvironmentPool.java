package dev.pilotlight.local.runtime;

import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.template.FunctionSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The environments of one function. Each works on one event at a time. While all are busy, events
/// wait in order and another environment is started, up to a maximum. Idle environments are kept.
/// An environment that crashes or times out is replaced. One that cannot initialise fails the
/// waiting events, and the next event starts another. Thread-safe; invoking never blocks.
///
/// Unlike Lambda it queues: a laptop cannot start a thousand environments.
public final class EnvironmentPool implements AutoCloseable {
  /// Events that wait hold at most so much memory.
  private static final long QUEUE_BYTES_MAX = 64L << 20;

  private final Launch launch;
  private final int environmentsMax;
  private final int queueMax;
  private final BiConsumer<Integer, String> logged;
  private final Events events = new Events();

  // guarded by this
  private final List<Environment> all = new ArrayList<>();
  private final Deque<Environment> idle = new ArrayDeque<>();
  private final Queue<Invocation> queue = new ArrayDeque<>();
  private final Map<Environment, Invocation> pendingQueries = new HashMap<>();
  private long queuedBytes;
  private int lastNumber;
  private boolean closed;
  private CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();

  /// @param logged takes each line that an environment writes, after its number; must not block
  public EnvironmentPool(
      Launch launch, int environmentsMax, int queueMax, BiConsumer<Integer, String> logged) {
    this.launch = launch;
    this.environmentsMax = environmentsMax;
    this.queueMax = queueMax;
    this.logged = logged;
  }

  public FunctionSettings function() {
    return launch.function();
  }

  /// Starts the first environment.
  ///
  /// @return completes when it is initialised, exceptionally with the reason in one line if it
  ///   fails
  public synchronized CompletableFuture<@Nullable Void> start() {
    if (living() == 0) {
      ready = new CompletableFuture<>();
      launchOne();
    }
    return ready.copy();
  }

  /// Gives the invocation to an idle environment, or queues it.
  ///
  /// @return the invocation's outcome, which is a rejection if the queue is full
  public CompletableFuture<Outcome> invoke(Invocation invocation) {
    Environment free;
    synchronized (this) {
      free = idle.poll();
      if (free == null) {
        enqueue(invocation);
      }
    }
    if (free != null) {
      give(free, invocation);
    }
    return invocation.outcome();
  }

  /// Sends an event to each environment that has served one before: at once if it is idle,
  /// otherwise as soon as it is free, before the queued events. If the previous query has not been
  /// delivered yet, its outcome is returned instead of asking again.
  ///
  /// @return the outcomes, by the environments' numbers
  public Map<Integer, CompletableFuture<Outcome>> queryAll(Supplier<Invocation> events) {
    Map<Integer, CompletableFuture<Outcome>> outcomes = new TreeMap<>();
    Map<Environment, Invocation> free = new HashMap<>();
    synchronized (this) {
      for (Environment environment : all) {
        if (environment.served() && !environment.closing()) {
          Invocation query = pendingQueries.computeIfAbsent(environment, _ -> events.get());
          outcomes.put(environment.number(), query.outcome().copy());
          if (idle.remove(environment)) {
            pendingQueries.remove(environment);
            free.put(environment, query);
          }
        }
      }
    }
    free.forEach(EnvironmentPool::offerOrFail);
    return outcomes;
  }

  private static void offerOrFail(Environment environment, Invocation query) {
    if (!environment.offer(query)) {
      query.complete(Outcome.Failed.of("Runtime.ExitError", "the environment has ended"));
    }
  }

  /// Removes an invocation from the queue when its caller has gone. An invocation that already runs
  /// continues, as in Lambda.
  public void withdraw(Invocation invocation, Outcome outcome) {
    boolean waited;
    synchronized (this) {
      waited = queue.remove(invocation);
      if (waited) {
        queuedBytes -= invocation.event().length;
      }
    }
    if (waited) {
      invocation.complete(outcome);
    }
  }

  /// How many events wait.
  public synchronized int queued() {
    return queue.size();
  }

  /// How many environments wait for an event.
  public synchronized int idle() {
    return idle.size();
  }

  /// The environments that run or start now.
  public synchronized List<Environment> environments() {
    return List.copyOf(all);
  }

  /// Replaces every environment by one new one, and returns when that is initialised.
  public void restart() {
    end(false);
    start().join();
  }

  @Override
  public void close() {
    end(true);
  }

  private void end(boolean forGood) {
    List<Environment> old;
    synchronized (this) {
      closed = forGood;
      idle.clear();
      old = List.copyOf(all);
    }
    old.parallelStream().forEach(Environment::close);
  }

  private synchronized void enqueue(Invocation invocation) {
    long bytes = queuedBytes + invocation.event().length;
    if (closed || queue.size() >= queueMax || bytes > QUEUE_BYTES_MAX) {
      invocation.complete(new Outcome.Rejected(429, "TooManyRequestsException", "Rate Exceeded."));
      return;
    }
    queue.add(invocation);
    queuedBytes = bytes;
    long starting = all.stream().filter(one -> !one.initialised() && !one.closing()).count();
    if (starting < queue.size() && living() < environmentsMax) {
      launchOne();
    }
  }

  private synchronized long living() {
    return all.stream().filter(one -> !one.closing()).count();
  }

  private synchronized void launchOne() {
    Environment environment = new Environment(++lastNumber, launch, events);
    all.add(environment);
    // starting a process takes longer than a request may be held up
    Thread.ofVirtual().name("start-" + environment.number()).start(environment::start);
  }

  private void give(Environment environment, Invocation invocation) {
    if (!environment.offer(invocation)) {
      enqueue(invocation); // it ended just now
    }
  }

  private synchronized @Nullable Invocation nextOrIdle(Environment environment) {
    for (Invocation next = queue.poll(); next != null; next = queue.poll()) {
      queuedBytes -= next.event().length;
      if (!next.outcome().isDone()) { // the caller may have given up
        return next;
      }
    }
    idle.push(environment);
    return null;
  }

  private synchronized CompletableFuture<@Nullable Void> ready() {
    return ready;
  }

  private synchronized void remove(Environment environment, byte @Nullable [] initError) {
    all.remove(environment);
    idle.remove(environment);
    Invocation query = pendingQueries.remove(environment);
    if (query != null) {
      offerOrFail(environment, query);
    }
    if (closed || (initError != null && living() == 0)) {
      byte[] error = initError == null ? Json.object("errorMessage", "stopped") : initError;
      ready.completeExceptionally(new IllegalStateException(oneLine(error)));
      queue.forEach(waiting -> waiting.complete(new Outcome.Failed(error)));
      queue.clear();
      queuedBytes = 0;
    } else if (!environment.closing() && initError == null) {
      boolean wanted = environment.served() || !queue.isEmpty();
      if (wanted && living() < environmentsMax) {
        launchOne();
      }
    }
  }

  private String oneLine(byte[] error) {
    return "%s did not start: %s: %s"
        .formatted(
            function().name(),
            Json.field(error, "errorType", "error"),
            Json.field(error, "errorMessage", "no reason given").lines().findFirst().orElse(""));
  }

  private final class Events implements Environment.Listener {
    @Override
    public void idle(Environment environment) {
      if (environment.closing()) {
        return;
      }
      Invocation query;
      Invocation next = null;
      synchronized (EnvironmentPool.this) {
        query = pendingQueries.remove(environment);
        if (query == null) {
          next = nextOrIdle(environment);
        }
      }
      if (query != null) {
        offerOrFail(environment, query);
      } else if (next != null) {
        give(environment, next);
      }
      ready().complete(null);
    }

    @Override
    public void ended(Environment environment, byte @Nullable [] initError) {
      if (initError != null && !environment.closing()) {
        logged.accept(environment.number(), oneLine(initError));
      }
      remove(environment, initError);
    }

    @Override
    public void logged(Environment environment, String line) {
      logged.accept(environment.number(), line);
    }
  }
}
