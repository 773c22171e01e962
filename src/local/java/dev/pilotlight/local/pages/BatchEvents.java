package dev.pilotlight.local.pages;

import dev.pilotlight.local.runtime.AsyncFailure;
import dev.pilotlight.local.runtime.AsyncInvocations;
import dev.pilotlight.local.s3.S3Local;
import java.util.Optional;

/// Says whether the events of batches are still due, and why they were given up. Thread-safe.
record BatchEvents(S3Local s3, AsyncInvocations events) {
  /// Whether no event runs, waits for a retry, or is due for an object that was put before.
  boolean areIdle() throws InterruptedException {
    s3.awaitDelivered();
    if (!events.isIdle()) {
      return false;
    }
    s3.awaitDelivered(); // an invocation may have put an object before it ended
    return events.isIdle();
  }

  /// The reason of the last attempt, if the event of an object was given up.
  ///
  /// @param key of letters that need no encoding in JSON and URLs
  Optional<String> givenUp(String key) {
    String quoted = "\"" + key + "\"";
    return events.failures().stream()
        .filter(it -> it.json().contains(quoted))
        .map(AsyncFailure::reason)
        .reduce((_, last) -> last);
  }
}
