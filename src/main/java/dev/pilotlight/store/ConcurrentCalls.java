package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Calls that are in the air together.
final class ConcurrentCalls {
  private static final int TOGETHER_MAX = 8;
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads;

  ConcurrentCalls() {
    threads =
        new ThreadPoolExecutor(
            TOGETHER_MAX,
            TOGETHER_MAX,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Threads.daemons("pilotlight-store-"));
    threads.allowCoreThreadTimeOut(true);
  }

  /// The answers in order. Returns or throws at the deadline at the latest; a call that is then
  /// still under way is left to its own time-outs.
  ///
  /// @throws RuntimeException the first failure; a [StoreException] when time ran out
  <A, B> List<B> all(List<A> questions, Function<A, B> call, Deadline deadline) {
    if (questions.isEmpty()) {
      return List.of();
    }
    List<Callable<B>> calls = new ArrayList<>();
    questions.forEach(question -> calls.add(() -> call.apply(question)));
    try {
      List<B> answers = new ArrayList<>();
      for (Future<B> answer :
          threads.invokeAll(calls, Budget.left(deadline).toNanos(), TimeUnit.NANOSECONDS)) {
        answers.add(answer.get());
      }
      return answers;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (CancellationException e) {
      throw new StoreException("some calls did not end in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted", e);
    }
  }

  /// The same for calls to DynamoDB: one that does not end in time may be its outage.
  <A, B> List<B> calls(List<A> questions, Function<A, B> call, Deadline deadline) {
    try {
      return all(questions, call, deadline);
    } catch (StoreException e) {
      throw e.getCause() instanceof CancellationException
          ? StoreException.timeout("DynamoDB call timed out", e)
          : e;
    }
  }

  static <T> List<List<T>> chunks(List<T> all, int size) {
    List<List<T>> chunks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      chunks.add(all.subList(from, Math.min(from + size, all.size())));
    }
    return chunks;
  }
}
