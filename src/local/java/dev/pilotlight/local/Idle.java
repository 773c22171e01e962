package dev.pilotlight.local;

import dev.pilotlight.local.runtime.AsyncInvocations;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.states.StateMachines;
import java.time.Duration;

/// Waits until all work that S3 objects started has ended.
record Idle(S3Local s3, AsyncInvocations events, StateMachines machines) {
  /// Returns whether all of it ended before the timeout.
  boolean await(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    do {
      s3.awaitDelivered(); // an object that an invocation puts may start another one
      if (!machines.awaitIdle(Duration.ofNanos(end - System.nanoTime()))
          || !events.awaitIdle(Duration.ofNanos(end - System.nanoTime()))) {
        return false;
      }
      s3.awaitDelivered();
    } while (!events.isIdle() || !machines.isIdle());
    return true;
  }
}
