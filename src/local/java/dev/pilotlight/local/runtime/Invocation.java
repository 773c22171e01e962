package dev.pilotlight.local.runtime;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One call of a function, from when it is queued to its outcome. Thread-safe.
public final class Invocation {
  public static final String NO_TRACE = "Root=1-00000000-000000000000000000000000";

  private final String requestId;
  private final byte[] event;
  private final String traceId;
  private final @Nullable String clientContext;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile @Nullable Environment environment;

  /// @param event the payload; callers do not change it afterwards
  /// @param clientContext JSON from the Invoke API's header
  public Invocation(byte[] event, String traceId, @Nullable String clientContext) {
    this(UUID.randomUUID().toString(), event, traceId, clientContext);
  }

  private Invocation(
      String requestId, byte[] event, String traceId, @Nullable String clientContext) {
    this.requestId = requestId;
    this.event = event;
    this.traceId = traceId;
    this.clientContext = clientContext;
  }

  /// A retry of this invocation, with the same request id as in Lambda.
  Invocation again() {
    return new Invocation(requestId, event, traceId, clientContext);
  }

  public String requestId() {
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

  /// The environment that works on it; null while it is queued.
  @Nullable
  public Environment environment() {
    return environment;
  }

  void assignTo(Environment taker) {
    environment = taker;
  }
}
