package dev.pilotlight.local.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A TCP proxy in front of a server that can become slow, fall silent, refuse, drop its connections
/// or spoil its answers.
public final class TcpProxy implements AutoCloseable {
  public static final long FAST = Long.MAX_VALUE;
  public static final long DEAD = 0;

  private static final int TICK_MS = 50;
  private static final int TICKS_PER_SECOND = 1_000 / TICK_MS;
  private static final int BUFFER_BYTES = 64 << 10;

  private final URI target;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong passed = new AtomicLong();
  private final AtomicInteger forgotten = new AtomicInteger();
  private volatile ServerSocket server;
  private volatile long bytesPerSecond = FAST;
  private volatile long delayMillis;
  private volatile boolean garbles;
  private volatile boolean closed;

  public TcpProxy(URI target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = server.getLocalPort();
    start(server);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// From now on, for each connection's answers: [#FAST], [#DEAD] or a rate.
  public void pass(long newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
  }

  /// From now on, each answer comes so much later.
  public void delay(Duration each) {
    delayMillis = each.toMillis();
  }

  /// Whether answers become as many other bytes from now on.
  public void garble(boolean on) {
    garbles = on;
  }

  /// Refuses connections, and closes those that are open, until [#listen()].
  public void refuse() throws IOException {
    server.close();
    drop();
  }

  /// Ends [#refuse()], on the same port.
  public void listen() throws IOException {
    ServerSocket again = new ServerSocket();
    again.setReuseAddress(true);
    again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    server = again;
    start(again);
  }

  /// Closes the connections that are open.
  public void drop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /// Passes nothing more on the connections that are open, and closes none, as a router that has
  /// forgotten them.
  public void forget() {
    forgotten.incrementAndGet();
  }

  /// The bytes of answers that have passed.
  public long passed() {
    return passed.get();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    drop();
  }

  private void start(ServerSocket listening) {
    Thread.ofVirtual().start(() -> accept(listening));
  }

  private void accept(ServerSocket listening) {
    try {
      while (!closed) {
        Socket client = listening.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> connect(client, listening));
      }
    } catch (IOException e) {
      // closed, or refuses
    }
  }

  private void connect(Socket client, ServerSocket listening) {
    int born = forgotten.get();
    try {
      Socket upstream = new Socket(target.getHost(), target.getPort());
      sockets.add(upstream);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> pump(client, upstream, false, born));
      Thread.ofVirtual().start(() -> pump(upstream, client, true, born));
      if (listening.isClosed()) { // meanwhile
        client.close();
      }
    } catch (IOException e) {
      sockets.remove(client);
      closeQuietly(client); // the server is away
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }

  private void pump(Socket from, Socket to, boolean answers, int born) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (answers) {
          spoil(buffer, count);
        }
        for (int at = 0; at < count && !closed && born == forgotten.get(); ) {
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

  private void spoil(byte[] answer, int count) {
    if (delayMillis > 0) {
      sleep(delayMillis);
    }
    if (garbles) {
      byte[] garbage = new byte[count];
      new Random(count).nextBytes(garbage);
      System.arraycopy(garbage, 0, answer, 0, count);
    }
  }

  /// The bytes that may pass in this tick.
  private int allowed(int most) {
    long rate = bytesPerSecond;
    if (rate == FAST) {
      return most;
    }
    sleep(TICK_MS);
    return (int) Math.min(most, Math.ceilDiv(rate, TICKS_PER_SECOND));
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
