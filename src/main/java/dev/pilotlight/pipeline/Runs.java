package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The items that requests of this environment run right now: an item that several need at once is
/// run by one, and the others wait for its result. Thread-safe.
///
/// An item is claimed when its run begins, not when its request does, so that nobody waits for the
/// items before it.
final class Runs {
  private final ConcurrentMap<ResultKey, CompletableFuture<Optional<Result>>> underWay =
      new ConcurrentHashMap<>();

  /// For one request.
  ///
  /// @param shared false for a request that must run its items itself, and give them to nobody
  Claims claims(boolean shared) {
    return new Claims(underWay, shared);
  }

  /// What one request runs. Thread-safe.
  static final class Claims implements AutoCloseable {
    private final ConcurrentMap<ResultKey, CompletableFuture<Optional<Result>>> underWay;
    private final boolean shared;
    private final Set<ResultKey> own = ConcurrentHashMap.newKeySet();

    private Claims(
        ConcurrentMap<ResultKey, CompletableFuture<Optional<Result>>> underWay, boolean shared) {
      this.underWay = underWay;
      this.shared = shared;
    }

    /// Claims an item.
    ///
    /// @return null if the caller runs it now; else another request's run, which is empty in the
    ///   end if it failed
    @Nullable CompletableFuture<Optional<Result>> claim(ResultKey key) {
      if (!shared) {
        return null;
      }
      CompletableFuture<Optional<Result>> other =
          underWay.putIfAbsent(key, new CompletableFuture<>());
      if (other == null) {
        own.add(key);
      }
      return other;
    }

    /// The result of an item may be given to others now.
    void done(ResultKey key, Result result) {
      end(key, Optional.of(result));
    }

    /// No request waits any longer for what this one claimed and has no result of.
    @Override
    public void close() {
      own.forEach(key -> end(key, Optional.empty()));
    }

    private void end(ResultKey key, Optional<Result> result) {
      if (own.remove(key)) {
        CompletableFuture<Optional<Result>> run = underWay.remove(key);
        if (run != null) {
          run.complete(result);
        }
      }
    }
  }
}
