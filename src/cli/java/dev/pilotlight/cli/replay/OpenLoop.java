package dev.pilotlight.cli.replay;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/// Sends each request when it is due, whether or not earlier ones are answered. The latency counts
/// from when the request was due, so that a server that stalls is charged for the requests that
/// wait meanwhile.
final class OpenLoop {
  /// Sends a request; the future never completes exceptionally.
  interface Sender {
    CompletableFuture<Reply> send(Schedule.Slot slot);
  }

  /// Called from several threads.
  interface Listener {
    /// A request was answered, or failed.
    ///
    /// @param latencyNanos since the request was due
    void answered(Schedule.Slot slot, Reply reply, long latencyNanos, long doneNanos);

    /// A request is about to be sent, on the thread of the loop.
    ///
    /// @param lateNanos since it was due
    void sending(Schedule.Slot slot, long lateNanos);

    /// As many requests as allowed are in flight.
    void notSent(Schedule.Slot slot);
  }

  private final Pacer pacer;
  private final Sender sender;
  private final Listener listener;
  private final int inFlightMax;

  OpenLoop(Pacer pacer, Sender sender, Listener listener, int inFlightMax) {
    this.pacer = pacer;
    this.sender = sender;
    this.listener = listener;
    this.inFlightMax = inFlightMax;
  }

  /// Returns when all requests are answered.
  ///
  /// @param targets how many targets there are; each may have as many requests in flight
  void run(Iterable<Schedule.Slot> slots, int targets) throws InterruptedException {
    Semaphore[] permits = new Semaphore[targets];
    for (int i = 0; i < targets; i++) {
      permits[i] = new Semaphore(inFlightMax);
    }
    long begun = pacer.nanos();
    for (Schedule.Slot slot : slots) {
      long due = begun + slot.offsetNanos();
      pacer.sleepUntil(due);
      Semaphore permit = permits[slot.target()];
      if (permit.tryAcquire()) {
        listener.sending(slot, Math.max(0, pacer.nanos() - due));
        send(slot, due, permit);
      } else {
        listener.notSent(slot);
      }
    }
    for (Semaphore permit : permits) {
      pacer.awaitPermits(permit, inFlightMax);
    }
  }

  private void send(Schedule.Slot slot, long due, Semaphore permit) {
    var _ =
        sender
            .send(slot)
            .whenComplete(
                (reply, _) -> {
                  long now = pacer.nanos();
                  try {
                    listener.answered(slot, reply, now - due, now);
                  } finally {
                    permit.release();
                  }
                });
  }
}
