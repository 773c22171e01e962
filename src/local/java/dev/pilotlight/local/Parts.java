package dev.pilotlight.local;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What has been started so far; closed once, last started first. Thread-safe.
public final class Parts implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  /// Keeps a part, or closes it if everything is being closed already.
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
      // the others must still be closed, and nothing more can be done for this one
    }
  }
}
