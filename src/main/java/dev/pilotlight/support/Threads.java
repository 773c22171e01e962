package dev.pilotlight.support;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/// Names threads and keeps them from holding up the end of the process.
public final class Threads {
  private Threads() {}

  /// Daemon threads, numbered from 0. Java's own builder does the same, and takes three
  /// milliseconds of a cold start to count.
  ///
  /// @param prefix such as `pilotlight-redis-`
  public static ThreadFactory daemons(String prefix) {
    AtomicInteger next = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + next.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }
}
