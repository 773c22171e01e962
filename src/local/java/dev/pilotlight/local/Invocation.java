package dev.pilotlight.local;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One call of a function, from when it is queued to its outcome. Thread-safe.
final class Invocation {
  private final String requestId = UUID.randomUUID().toString();
  private final byte[] event;
  private final String traceId;
  private final @Nullable String clientContext;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile @Nullable Environment environment;

  /// @param event the payload; callers do not change it afterwards
  /// @param clientContext JSON from the Invoke API's header
  Invocation(byte[] event, String traceId, @Nullable String clientContext) {
    this.event = event;
    this.traceId = traceId;
    this.clientContext = clientContext;
  }

  String requestId() {
    return requestId;
  }

  byte[] event() {
    return event;
  }

  String traceId() {
    return traceId;
  }

  @Nullable String clientContext() {
    return clientContext;
  }

  /// Completes once, never exceptionally.
  CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  /// Completes it, unless it has an outcome already.
  ///
  /// @return whether this was the first outcome
  boolean complete(Outcome result) {
    return outcome.complete(result);
  }

  /// Which environment has it; null while it is queued.
  @Nullable Environment environment() {
    return environment;
  }

  void givenTo(Environment taker) {
    environment = taker;
  }
}
