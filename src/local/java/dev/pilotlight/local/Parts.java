package dev.pilotlight.local;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The parts that have been started so far. Closes each once, the last one first. Thread-safe.
public final class Parts implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  /// Adds a part. If the others are being closed already, closes it.
  public <T extends AutoCloseable> T add(T part) {
    synchronized (open) {
      if (!closed) {
        open.push(part);
        return part;
      }
    }
    close(part);
    throw new IllegalStateException("stopped while it was starting");
  }

  @Override
  public void close() {
    synchronized (open) {
      closed = true;
    }
    for (AutoCloseable part = next(); part != null; part = next()) {
      close(part);
    }
  }

  private @Nullable AutoCloseable next() {
    synchronized (open) {
      return open.poll();
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      // the others must still be closed
    }
  }
}
