package dev.pilotlight.store.direct;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.SdkCalls;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.store.mark.MarkCalls;
import dev.pilotlight.store.mark.SdkMarks;
import dev.pilotlight.store.rows.SdkCounters;
import dev.pilotlight.store.rows.SdkRows;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.http.HttpAnswer;
import dev.pilotlight.support.http.HttpOrigin;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.net.SocketTimeoutException;
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
    return new DirectCalls(this, sdk, table);
  }

  /// Returns the reads of rows of one table.
  ///
  /// @param sdk makes the SDK's reads of a table
  public DirectRows rows(String table, Function<String, SdkRows> sdk) {
    return new DirectRows(this, sdk, table);
  }

  /// Returns the counters of one table.
  ///
  /// @param sdk makes the SDK's calls of a table
  public DirectCounters counters(String table, Function<String, SdkCounters> sdk) {
    return new DirectCounters(this, sdk, table);
  }

  /// A call that this package makes.
  @FunctionalInterface
  interface Call<T> {
    T make() throws IOException, DirectFailure;
  }

  /// Makes a call directly; after a failure, the SDK makes it in the time that is left.
  ///
  /// @param operation such as `GetItem`
  /// @param bySdk makes the same call by the SDK
  /// @param sdk makes the SDK's calls of a table
  <S, T> T call(
      String operation,
      Call<T> direct,
      Function<S, T> bySdk,
      Function<String, S> sdk,
      String table,
      Deadline end) {
    if (detour.isOpen()) {
      return bySdk(bySdk, sdk.apply(table));
    }
    long begun = System.nanoTime();
    try {
      T answer = direct.make();
      detour.directSucceeded();
      return answer;
    } catch (IOException | DirectFailure | RuntimeException e) {
      long asked = System.nanoTime() - begun;
      if (end.passed() && isTimeout(e)) {
        // the caller's own deadline ended it, which proves nothing against direct calls
        throw StoreException.timeout("DynamoDB call timed out", e, asked);
      }
      if (detour.directFailed()) {
        warn(operation, e);
      }
      try {
        return bySdk(bySdk, sdk.apply(table));
      } catch (StoreException failure) {
        throw failure.after(asked);
      }
    }
  }

  private <S, T> T bySdk(Function<S, T> call, S sdk) {
    T answer = call.apply(sdk);
    detour.sdkSucceeded();
    return answer;
  }

  /// Writes status or classes only: messages of other classes may hold parts of the request.
  private void warn(String operation, Exception e) {
    String failure = e.getMessage();
    if (failure == null || !(e instanceof DirectFailure)) {
      Throwable cause = e.getCause();
      failure =
          e.getClass().getSimpleName()
              + (cause == null ? "" : " by " + cause.getClass().getSimpleName());
    }
    log.warn(
        "a direct call to DynamoDB failed; the AWS SDK repeats it",
        null,
        "operation",
        operation,
        "failure",
        failure);
  }

  private static boolean isTimeout(Exception e) {
    return e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException;
  }

  /// Returns the calls for the marks of one table.
  ///
  /// @param sdk makes the same calls
  public MarkCalls marks(String table, SdkMarks sdk) {
    return DirectMarks.of(this, table, sdk);
  }

  HttpAnswer send(String operation, JsonBytes body, Deadline end, @Nullable Runnable onSent)
      throws IOException {
    return sender.send(operation, body, end, onSent);
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
