package dev.pilotlight.model.repository;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.support.Threads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Work that callers share: it runs on a separate thread, each caller waits until its deadline, and
/// the work continues after the last caller has given up. The next caller waits for the same work,
/// or gets its outcome. Thread-safe.
///
/// Lambda freezes the process after each answer; the thread then continues with the next
/// invocation.
final class SharedWork<T> {
  private static final ThreadFactory THREADS = Threads.daemons("pilotlight-load-");
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private @Nullable CompletableFuture<T> underWay;

  /// The outcome of the work, which starts now unless it is under way.
  ///
  /// @param what the caller waits for, in words: `model a/1 is still being loaded`
  /// @throws Refusal `UNAVAILABLE` when the caller's time is up
  /// @throws RuntimeException as the work throws it; so are errors
  T await(Patience patience, String what, Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return started(work).get(patience.deadline().remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw stillUnderWay(what);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stillUnderWay(what);
    } catch (ExecutionException e) {
      throw unchecked(e);
    } finally {
      patience.waited().accept(new Timing(Stage.LOAD, System.nanoTime() - start));
    }
  }

  private synchronized CompletableFuture<T> started(Supplier<T> work) {
    CompletableFuture<T> now = underWay;
    if (now != null && !now.isDone()) {
      return now;
    }
    CompletableFuture<T> next = new CompletableFuture<>();
    try {
      THREADS.newThread(() -> complete(next, work)).start();
    } catch (OutOfMemoryError e) {
      throw Refusal.unavailable("no thread can be started to load it; try again", RETRY_AFTER, e);
    }
    underWay = next;
    return next;
  }

  private static <T> void complete(CompletableFuture<T> future, Supplier<T> work) {
    try {
      future.complete(work.get());
    } catch (RuntimeException | Error e) {
      future.completeExceptionally(e);
    }
  }

  private static Refusal stillUnderWay(String what) {
    return Refusal.unavailable(
        what + "; loading continues while the function runs: try again", RETRY_AFTER, null);
  }

  private static RuntimeException unchecked(ExecutionException e) {
    return switch (e.getCause()) {
      case RuntimeException failure -> failure;
      case Error error -> throw error;
      case null, default -> new IllegalStateException(e);
    };
  }
}
