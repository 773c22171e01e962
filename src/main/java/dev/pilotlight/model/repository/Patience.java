package dev.pilotlight.model.repository;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Timing;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How long the current thread's request waits for models to be listed and loaded.
///
/// It is bound to the thread: a request waits for names, listings, `pilotlight.json` and the load
/// itself, and every protocol would have to pass a deadline through. A thread without one waits
/// without a limit.
///
/// @param deadline when the request must have its answer
/// @param waited gets the time of each wait, as [Stage#LOAD]
record Patience(Deadline deadline, Consumer<Timing> waited) {
  private static final ThreadLocal<@Nullable Patience> CURRENT = new ThreadLocal<>();

  static @Nullable Patience current() {
    return CURRENT.get();
  }

  /// Binds this to the thread until [Bound#close()].
  Bound bind() {
    Patience before = CURRENT.get();
    CURRENT.set(this);
    return () -> CURRENT.set(before);
  }

  /// Whether the request of this thread has no time left.
  static boolean isOver() {
    Patience current = CURRENT.get();
    return current != null && current.deadline.passed();
  }

  /// Ends the binding; closed by the thread that made it.
  interface Bound extends AutoCloseable {
    @Override
    void close();
  }
}
