package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Result;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One item's run that begins before the store has answered. The request's thread either uses its
/// outcome or abandons it; it waits for it only if it uses it. Thread-safe.
final class EarlyRun {
  private enum State {
    WAITING,
    /// A lane has taken the item and sees whether it must be run.
    CLAIMING,
    RUNNING,
    ENDED,
    /// The request does not use the outcome, or runs the item itself.
    ABANDONED
  }

  private final PreparedItem item;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final CompletableFuture<Ran> outcome = new CompletableFuture<>();
  // null after an Error; valid in the state ENDED
  private @Nullable Ran ended;
  // valid in the state ABANDONED: the result that replaces the run
  private volatile @Nullable Result stored;
  private volatile @Nullable Runnable stop;

  EarlyRun(PreparedItem item) {
    this.item = item;
  }

  PreparedItem item() {
    return item;
  }

  /// Runs the item on the calling thread, unless it is abandoned or another thread has taken it.
  ///
  /// @return false if there was nothing to do
  boolean run(ItemRun runs) {
    if (!state.compareAndSet(State.WAITING, State.CLAIMING)) {
      return false;
    }
    try {
      Ran known = runs.claim(item);
      if (known != null) {
        end(State.CLAIMING, known, runs);
      } else if (state.compareAndSet(State.CLAIMING, State.RUNNING)) {
        end(State.RUNNING, runs.compute(item, this::stopBy), runs);
      } else {
        release(runs);
      }
    } catch (RuntimeException | Error e) {
      // the thread that uses the outcome gets it
      outcome.completeExceptionally(e);
      if (state.getAndSet(State.ENDED) == State.ABANDONED) {
        release(runs);
      }
    }
    return true;
  }

  private void end(State from, Ran ran, ItemRun runs) {
    ended = ran;
    if (state.compareAndSet(from, State.ENDED)) {
      outcome.complete(ran);
      runs.record(item, ran);
    } else {
      release(runs);
    }
  }

  /// Ends the claim of an abandoned run, which nobody else does if it came late.
  private void release(ItemRun runs) {
    Result known = stored;
    if (known == null) {
      runs.claims().failed(item.key());
    } else {
      runs.claims().done(item.key(), known);
    }
  }

  /// Takes what stops the run, and stops it if it is abandoned by now.
  private void stopBy(Runnable its) {
    stop = its;
    if (state.get() == State.ABANDONED) {
      its.run();
    }
  }

  /// Takes the item back for the request's thread.
  ///
  /// @return false if a lane has taken it: then its outcome is there or will be
  boolean takeBack() {
    return state.compareAndSet(State.WAITING, State.ABANDONED);
  }

  /// The outcome; completes exceptionally with an [Error] only.
  CompletableFuture<Ran> outcome() {
    return outcome;
  }

  /// Waits for the outcome.
  Ran await() {
    try {
      return outcome.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /// Makes the request independent of the run, which is stopped if the model runs on tensors, and
  /// otherwise ends by itself.
  ///
  /// @param known the item's result if the store has it, for requests that wait for the item
  /// @return whether the model was run in vain
  boolean abandon(@Nullable Result known) {
    stored = known;
    State before = state.getAndUpdate(s -> s == State.ENDED ? s : State.ABANDONED);
    Runnable its = stop;
    if (before == State.RUNNING && its != null) {
      its.run();
    }
    return switch (before) {
      case WAITING, CLAIMING, ABANDONED -> false;
      case RUNNING -> true;
      case ENDED -> ended == null || ended instanceof Ran.Finished || ended instanceof Ran.Failed;
    };
  }
}
