package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The items that requests of this environment are running: one request runs an item that several
/// need at once, and the others wait for its result. Thread-safe.
///
/// A request claims an item when the item's run begins, not when the request does, so that no other
/// request waits for the items before it.
final class Runs {
  /// How long after a claim other requests wait while the owner still looks up. A look-up takes a
  /// few milliseconds; one that takes longer than this waits for a throttled or distant store, and
  /// the other requests, whose own look-ups have ended, need not wait for it.
  static final Duration LOOK_UP_MAX = Duration.ofMillis(250);

  /// For a request that runs nothing.
  static final Claims NO_CLAIMS = new Runs().claims(false);

  /// One item's run; it completes with the result, or empty if the run failed.
  static final class Run extends CompletableFuture<Optional<Result>> {
    private final Claims owner;
    private final Deadline lookUpEnd;
    private volatile boolean awaited;

    private Run(Claims owner, Deadline lookUpEnd) {
      this.owner = owner;
      this.lookUpEnd = lookUpEnd;
    }

    /// Waits for the result.
    ///
    /// @return empty if the caller must run the item: the run failed, or the owner's look-up takes
    ///   too long
    /// @throws TimeoutException at the deadline
    Optional<Result> await(Deadline deadline)
        throws InterruptedException, ExecutionException, TimeoutException {
      if (!owner.lookedUp) {
        try {
          return get(nanos(deadline.orSooner(lookUpEnd)), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (!owner.lookedUp && !deadline.passed()) {
            return Optional.empty();
          }
        }
      }
      return get(nanos(deadline), TimeUnit.NANOSECONDS);
    }

    private static long nanos(Deadline deadline) {
      return deadline.remaining().toNanos();
    }

    /// Asks the owner to publish the result as soon as it has one.
    void expedite() {
      awaited = true;
    }
  }

  private final ConcurrentMap<ResultKey, Run> running = new ConcurrentHashMap<>();
  private final Duration lookUpMax;

  Runs() {
    this(LOOK_UP_MAX);
  }

  /// @param lookUpMax how long after a claim other requests wait while the owner still looks up
  Runs(Duration lookUpMax) {
    this.lookUpMax = lookUpMax;
  }

  /// Makes the claims of one request.
  ///
  /// @param shared false for a request that must run its items itself and share no result
  Claims claims(boolean shared) {
    return new Claims(shared);
  }

  /// The runs that one request owns. Thread-safe.
  final class Claims implements AutoCloseable {
    private final boolean shared;
    private final Map<ResultKey, Run> own = new ConcurrentHashMap<>();
    private volatile boolean lookedUp;
    private volatile boolean closed;

    private Claims(boolean shared) {
      this.shared = shared;
    }

    /// Lets other requests wait until the runs end: the request's look-ups have ended.
    void lookedUp() {
      lookedUp = true;
    }

    /// Claims an item. A claim that comes after [#close()] ends at once.
    ///
    /// @return null if the caller must run it now; else another request's run
    @Nullable Run claim(ResultKey key) {
      if (!shared) {
        return null;
      }
      Run run = new Run(this, Deadline.in(lookUpMax));
      // before others can see it: another thread may end the claim at any moment
      if (own.putIfAbsent(key, run) != null) {
        return null;
      }
      Run other = running.putIfAbsent(key, run);
      if (other != null) {
        own.remove(key, run);
        return other;
      }
      if (closed) {
        failed(key);
      }
      if (!own.containsKey(key)) {
        // it ended before it was in `running`
        running.remove(key, run);
      }
      return null;
    }

    /// Whether another request waits for the item and does nothing else.
    boolean isAwaited(ResultKey key) {
      Run run = own.get(key);
      return run != null && run.awaited;
    }

    /// Gives the result to the requests that wait for the item.
    void done(ResultKey key, Result result) {
      end(key, Optional.of(result));
    }

    /// Lets the requests that wait for the item run it themselves.
    void failed(ResultKey key) {
      end(key, Optional.empty());
    }

    /// Releases every item that is neither done nor failed.
    @Override
    public void close() {
      closed = true;
      own.keySet().forEach(this::failed);
    }

    private void end(ResultKey key, Optional<Result> result) {
      Run run = own.remove(key);
      if (run != null) {
        running.remove(key, run);
        run.complete(result);
      }
    }
  }
}
