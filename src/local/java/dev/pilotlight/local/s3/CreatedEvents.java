package dev.pilotlight.local.s3;

import dev.pilotlight.local.awssdk.Listener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Passes the store's events to consumers on one thread, in order.
final class CreatedEvents implements Listener, AutoCloseable {
  // greater than those of an earlier server
  private final AtomicLong sequence = new AtomicLong(System.currentTimeMillis() << 20);
  private final List<Consumer<S3Local.Created>> consumers = new CopyOnWriteArrayList<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("s3-events").factory());

  void addConsumer(Consumer<S3Local.Created> consumer) {
    consumers.add(consumer);
  }

  @Override
  public void created(
      String eventName, String bucket, String key, String versionId, String eTag, long size) {
    String sequencer = "%018X".formatted(sequence.incrementAndGet());
    S3Local.Created event =
        new S3Local.Created(eventName, bucket, key, versionId, eTag, size, sequencer);
    for (Consumer<S3Local.Created> consumer : consumers) {
      thread.execute(() -> consumer.accept(event));
    }
  }

  /// Returns when the consumers have got all earlier events.
  void await() throws InterruptedException {
    try {
      thread.submit(() -> {}).get();
    } catch (ExecutionException | RejectedExecutionException e) {
      // closed: no consumer gets any more events
    }
  }

  /// Drops the events that no consumer has got yet, and interrupts a running consumer.
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
