package dev.pilotlight.store.direct;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.SdkCalls;
import dev.pilotlight.store.mark.MarkCalls;
import dev.pilotlight.store.mark.SdkMarks;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.http.HttpAnswer;
import dev.pilotlight.support.http.HttpOrigin;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Connections and credentials of direct calls, for all tables. Thread-safe.
public final class DirectClient implements AutoCloseable {
  private final Sender sender;
  private final Detour detour = new Detour();

  private final Log log;

  private DirectClient(Sender sender, Log log) {
    this.sender = sender;
    this.log = log;
  }

  /// Returns the client, or empty where the SDK must make all calls: for an HTTP proxy, an endpoint
  /// with a path, a partition or kind of endpoint that this package does not know.
  ///
  /// @param environment the environment variables
  /// @param endpoint that is set instead of AWS's own
  /// @param credentials supplies the current ones
  /// @param attempt the longest wait for a connection, and for each next bytes of an answer
  public static Optional<DirectClient> of(
      Map<String, String> environment,
      String region,
      Optional<URI> endpoint,
      Supplier<Credentials> credentials,
      Duration attempt,
      Log log) {
    return of(environment, region, endpoint, credentials, attempt, InstantSource.system(), log);
  }

  static Optional<DirectClient> of(
      Map<String, String> environment,
      String region,
      Optional<URI> endpoint,
      Supplier<Credentials> credentials,
      Duration attempt,
      InstantSource clock,
      Log log) {
    Optional<HttpOrigin> origin = DirectRoute.of(environment, region, endpoint);
    return origin.map(
        at -> new DirectClient(new Sender(at, region, credentials, attempt, clock), log));
  }

  /// Returns the calls of one table.
  ///
  /// @param sdk makes the SDK's calls of a table
  public DirectCalls calls(String table, Function<String, SdkCalls> sdk) {
    return new DirectCalls(this, sdk, table, log);
  }

  /// Returns the calls for the marks of one table.
  ///
  /// @param sdk makes the SDK's calls of a table
  public MarkCalls marks(String table, Function<String, SdkCalls> sdk, SdkMarks marks) {
    return DirectMarks.of(calls(table, sdk), this, table, marks);
  }

  HttpAnswer send(String operation, JsonBytes body, Deadline end, @Nullable Runnable onSent)
      throws IOException {
    return sender.send(operation, body, end, onSent);
  }

  Detour detour() {
    return detour;
  }

  /// The time at which DynamoDB last refused or throttled a call, on the clock of
  /// [System#nanoTime()].
  public long lastRefusalNanos() {
    return sender.lastRefusalNanos();
  }

  /// Closes every connection after its call from now on.
  public void keepNoConnections() {
    sender.pool().keepNone();
  }

  /// Ends [#keepNoConnections()].
  public void keepConnections() {
    sender.pool().keep();
  }

  @Override
  public void close() {
    sender.close();
  }
}
