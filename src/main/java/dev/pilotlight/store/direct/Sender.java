package dev.pilotlight.store.direct;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.http.HttpAnswer;
import dev.pilotlight.support.http.HttpConnection;
import dev.pilotlight.support.http.HttpFailure;
import dev.pilotlight.support.http.HttpOrigin;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Signs requests, sends each once, and checks that the answer is whole. Thread-safe.
final class Sender implements AutoCloseable {
  private static final String API = "DynamoDB_20120810.";
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  /// DynamoDB's limit is 16 MB of items, which base64 makes larger by a third.
  private static final int ANSWER_BYTES_MAX = 32 << 20;

  private final Supplier<Credentials> credentials;
  private final Signer signer;
  private final ConnectionPool pool;
  private final long attemptNanos;
  private final InstantSource clock;
  // a day ago: nothing has been refused yet
  private volatile long lastRefusalNanos = System.nanoTime() - Duration.ofDays(1).toNanos();

  Sender(
      HttpOrigin origin,
      String region,
      Supplier<Credentials> credentials,
      Duration attempt,
      InstantSource clock) {
    this.credentials = credentials;
    this.signer = new Signer(origin.authority(), region);
    this.pool = new ConnectionPool(origin);
    this.attemptNanos = attempt.toNanos();
    this.clock = clock;
  }

  ConnectionPool pool() {
    return pool;
  }

  /// The time of the last answer with status 4xx on the clock of [System#nanoTime()]; a day ago
  /// before the first.
  long lastRefusalNanos() {
    return lastRefusalNanos;
  }

  /// Returns the answer, whose status may be any.
  ///
  /// @param operation such as `GetItem`
  /// @param onSent is run whenever the request has been sent
  /// @throws IOException if there is no whole answer within one attempt and the deadline
  HttpAnswer send(String operation, JsonBytes body, Deadline end, @Nullable Runnable onSent)
      throws IOException {
    byte[] request =
        signer.signed(
            API + operation, body.buffer(), body.length(), credentials.get(), clock.instant());
    HttpAnswer answer = exchange(request, end, onSent);
    if (answer.status() >= CLIENT_ERROR && answer.status() < SERVER_ERROR) {
      lastRefusalNanos = System.nanoTime();
    }
    return answer;
  }

  private HttpAnswer exchange(byte[] request, Deadline end, @Nullable Runnable onSent)
      throws IOException {
    var _ = left(end);
    HttpConnection idle = pool.takeIdle();
    if (idle != null) {
      try {
        return exchange(idle, request, end, onSent);
      } catch (HttpFailure e) {
        // the server may have closed it while it was idle
        if (e.answerBegun() || e.getCause() instanceof SocketTimeoutException) {
          throw e;
        }
      }
    }
    return exchange(pool.open(Math.min(attemptNanos, left(end))), request, end, onSent);
  }

  /// Returns the connection to the pool after a whole answer, and closes it after anything else.
  private HttpAnswer exchange(
      HttpConnection connection, byte[] request, Deadline end, @Nullable Runnable onSent)
      throws IOException {
    boolean whole = false;
    try {
      HttpAnswer answer =
          connection.exchange(request, attemptNanos, left(end), ANSWER_BYTES_MAX, onSent);
      requireWhole(answer);
      whole = true;
      pool.give(connection);
      return answer;
    } finally {
      if (!whole) {
        connection.close();
      }
    }
  }

  private static long left(Deadline end) throws SocketTimeoutException {
    long left = end.nanoTime() - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("no time is left");
    }
    return left;
  }

  private static void requireWhole(HttpAnswer answer) throws IOException {
    String coding = answer.header("Content-Encoding");
    if (coding != null && !coding.equals("identity")) {
      throw new IOException("an answer in the coding " + coding);
    }
    String declared = answer.header("x-amz-crc32");
    if (declared != null) {
      CRC32 crc = new CRC32();
      crc.update(answer.body());
      if (crc.getValue() != Long.parseLong(declared)) {
        throw new IOException("an answer with another checksum than it declares");
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
