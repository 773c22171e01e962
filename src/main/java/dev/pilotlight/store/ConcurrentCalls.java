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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Makes calls at the same time, on its own threads.
public final class ConcurrentCalls {
  private static final int TOGETHER_MAX = 8;
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads;

  public ConcurrentCalls() {
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

  /// Returns the answers in order. Returns or throws at the deadline at the latest; calls that are
  /// still running then end by their own time-outs.
  ///
  /// @throws RuntimeException the first failure; a [StoreException] when time ran out
  public <A, B> List<B> all(List<A> questions, Function<A, B> call, Deadline deadline) {
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
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (CancellationException e) {
      throw new StoreException("some calls did not end in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted", e);
    }
  }

  /// As [#all], for calls to DynamoDB: a time-out may be its outage. Its time begins when a thread
  /// takes the first call, not while all threads wait for S3.
  public <A, B> List<B> toDynamo(List<A> questions, Function<A, B> call, Deadline deadline) {
    AtomicLong begun = new AtomicLong();
    try {
      return all(
          questions,
          question -> {
            begun.compareAndSet(0, System.nanoTime());
            return call.apply(question);
          },
          deadline);
    } catch (StoreException e) {
      if (e.getCause() instanceof CancellationException) {
        long asked = begun.get() == 0 ? 0 : System.nanoTime() - begun.get();
        throw StoreException.timeout("DynamoDB call timed out", e, asked);
      }
      throw e;
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
