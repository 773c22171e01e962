package dev.pilotlight.support.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// One connection to an HTTP/1.1 server: one exchange at a time, blocking, each request by one
/// write. It uses no proxy and follows no redirect. Used by one thread at a time; only [#close()]
/// may be called by another, and ends an exchange.
public final class HttpConnection implements Closeable {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LimitedSocket socket;
  private final OutputStream out;
  private final AnswerReader reader;
  private int exchanges;
  private boolean failed;

  private HttpConnection(LimitedSocket socket, Socket wire) throws IOException {
    this.socket = socket;
    this.out = wire.getOutputStream();
    this.reader = new AnswerReader(wire.getInputStream());
  }

  /// Connects, with TLS if the origin has it; the server's certificate must have the host's name.
  ///
  /// @param nanos the time limit for all of it
  /// @throws IOException if there is no connection in that time
  public static HttpConnection open(HttpOrigin origin, long nanos) throws IOException {
    LimitedSocket socket = new LimitedSocket();
    try {
      long begun = System.nanoTime();
      InetSocketAddress address = new InetSocketAddress(origin.host(), origin.port());
      if (address.isUnresolved()) {
        throw new UnknownHostException(origin.host());
      }
      socket.setTcpNoDelay(true);
      socket.connect(address, millis(nanos));
      return new HttpConnection(
          socket,
          origin.tls() ? secure(socket, origin, nanos - (System.nanoTime() - begun)) : socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static SSLSocket secure(LimitedSocket socket, HttpOrigin origin, long nanos)
      throws IOException {
    socket.limit(0, Math.max(1, nanos));
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket secure = (SSLSocket) factory.createSocket(socket, origin.host(), origin.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private static int millis(long nanos) {
    return Math.clamp(Math.ceilDiv(nanos, NANOS_PER_MILLI), 1, Integer.MAX_VALUE);
  }

  /// Sends a request and reads its answer, which may have any status. If it throws anything, the
  /// connection is closed: the rest of an answer must never meet the next request.
  ///
  /// The time limits hold for reads. A write can block without limit if the request is larger than
  /// the buffers of the sockets and the server does not read.
  ///
  /// @param request of [HttpRequest], of any method but HEAD
  /// @param readNanos the longest wait for each next bytes of the answer; 0 means no limit
  /// @param totalNanos the longest wait for the complete answer; 0 means no limit
  /// @param bodyBytesMax the limit of the answer's body
  /// @throws HttpFailure if there is no complete answer
  public HttpAnswer exchange(byte[] request, long readNanos, long totalNanos, int bodyBytesMax)
      throws HttpFailure {
    return exchange(request, readNanos, totalNanos, bodyBytesMax, null);
  }

  /// As [#exchange(byte[], long, long, int)].
  ///
  /// @param onSent is run once the request has been written, before the answer is read
  public HttpAnswer exchange(
      byte[] request, long readNanos, long totalNanos, int bodyBytesMax, @Nullable Runnable onSent)
      throws HttpFailure {
    boolean sent = false;
    failed = true; // until the answer is complete
    try {
      if (!reader.canContinue()) {
        throw new IOException("the connection cannot have another exchange");
      }
      socket.limit(readNanos, totalNanos);
      out.write(request);
      sent = true;
      if (onSent != null) {
        onSent.run();
      }
      HttpAnswer answer = reader.read(bodyBytesMax);
      exchanges++;
      failed = false;
      return answer;
    } catch (IOException e) {
      throw new HttpFailure("no complete answer", sent && reader.begun(), e);
    } finally {
      if (failed) {
        close();
      }
    }
  }

  /// Whether the connection has had an exchange: then the server may have closed it meanwhile.
  public boolean isReused() {
    return exchanges > 0;
  }

  /// Whether the connection may have another exchange: the last answer was complete, the server
  /// keeps the connection open, and nothing has arrived since. It does not detect every connection
  /// that the server has closed, because that takes a read of a millisecond; the next exchange
  /// fails then without any byte of an answer.
  public boolean isReusable() {
    try {
      return !failed && !socket.isClosed() && reader.canContinue() && !socket.hasPending();
    } catch (IOException e) {
      return false;
    }
  }

  /// Closes the connection without a farewell by TLS, which could block.
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }
}
