package dev.pilotlight.local.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A TCP proxy in front of a server that can become slow or fall silent. Connections stay open.
public final class TcpProxy implements AutoCloseable {
  public static final long FAST = Long.MAX_VALUE;
  public static final long DEAD = 0;

  private static final int TICK_MS = 50;
  private static final int TICKS_PER_SECOND = 1_000 / TICK_MS;
  private static final int BUFFER_BYTES = 64 << 10;

  private final URI target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong passed = new AtomicLong();
  private volatile long bytesPerSecond = FAST;
  private volatile boolean closed;

  public TcpProxy(URI target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /// From now on, for each connection's answers: [#FAST], [#DEAD] or a rate.
  public void pass(long newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
  }

  /// The bytes of answers that have passed.
  public long passed() {
    return passed.get();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (!closed) {
        Socket client = server.accept();
        Socket upstream = new Socket(target.getHost(), target.getPort());
        sockets.add(client);
        sockets.add(upstream);
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> pump(client, upstream, false));
        Thread.ofVirtual().start(() -> pump(upstream, client, true));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pump(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        for (int at = 0; at < count && !closed; ) {
          int now = answers ? allowed(count - at) : count;
          out.write(buffer, at, now);
          at += now;
          passed.addAndGet(answers ? now : 0);
        }
      }
    } catch (IOException e) {
      // one side closed its connection; the other is closed, too
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  /// The bytes that may pass in this tick.
  private int allowed(int most) {
    long rate = bytesPerSecond;
    if (rate == FAST) {
      return most;
    }
    tick();
    return (int) Math.min(most, Math.ceilDiv(rate, TICKS_PER_SECOND));
  }

  private static void tick() {
    try {
      Thread.sleep(TICK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
