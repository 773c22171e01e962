package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The items that requests of this environment are running: one request runs an item that several
/// need at once, and the others wait for its result. Thread-safe.
///
/// A request claims an item when the item's run begins, not when the request does, so that no other
/// request waits for the items before it.
final class Runs {
  /// For a request that runs nothing.
  static final Claims NO_CLAIMS = new Runs().claims(false);

  /// One item's run; it completes with the result, or empty if the run failed.
  static final class Run extends CompletableFuture<Optional<Result>> {
    private volatile boolean awaited;

    /// Asks the owner to publish the result as soon as it has one.
    void expedite() {
      awaited = true;
    }
  }

  private final ConcurrentMap<ResultKey, Run> running = new ConcurrentHashMap<>();

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

    private Claims(boolean shared) {
      this.shared = shared;
    }

    /// Claims an item.
    ///
    /// @return null if the caller must run it now; else another request's run
    @Nullable Run claim(ResultKey key) {
      if (!shared) {
        return null;
      }
      Run run = new Run();
      Run other = running.putIfAbsent(key, run);
      if (other == null) {
        own.put(key, run);
      }
      return other;
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
      own.keySet().forEach(this::failed);
    }

    private void end(ResultKey key, Optional<Result> result) {
      Run run = own.remove(key);
      if (run != null) {
        running.remove(key);
        run.complete(result);
      }
    }
  }
}
