package dev.pilotlight.local.support;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// TCP ports of 127.0.0.1, the only address that anything local binds.
public final class Ports {
  public static final String HOST = "127.0.0.1";

  // below the ports that systems give to connections and to a port of 0: no other process gets one
  // between its choice and its use
  private static final int CHOSEN_MIN = 12_000;
  private static final int CHOSEN_COUNT = 18_000;

  // a process that starts while a port is checked inherits the checking socket for a moment
  private static final Duration BIND_PATIENCE = Duration.ofSeconds(1);

  private static final AtomicInteger CHOSEN = new AtomicInteger(new Random().nextInt(CHOSEN_COUNT));

  private Ports() {}

  /// Requires that a port is free; 0 always is. A server that can bind 0 itself should do so:
  /// between a claim and its use, another process may get the port.
  ///
  /// @throws IllegalStateException in one clear line if it is taken
  public static void requireFree(String who, int port) {
    int _ = port == 0 ? 0 : claim(who, port);
  }

  /// A port that is free, and that no later call returns again soon: for a server that another
  /// process or a later step binds.
  public static int unused() {
    while (true) {
      int port = CHOSEN_MIN + Math.floorMod(CHOSEN.getAndIncrement(), CHOSEN_COUNT);
      if (free(port)) {
        return port;
      }
    }
  }

  /// The given port if it can be bound, or a free one for 0.
  ///
  /// @throws IllegalStateException in one clear line if it is taken
  public static int claim(String who, int port) {
    if (port == 0) {
      return unused();
    }
    try {
      bindPatiently(port, () -> bind(port));
      return port;
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s cannot listen on %s:%d: the port is taken".formatted(who, HOST, port), e);
    }
  }

  /// Binds a given port, and tries again for a second while it is taken: a socket that checked the
  /// port may still be open in a process that started meanwhile.
  ///
  /// @param port 0 for any free one, which is tried once
  /// @param attempt leaves nothing open if it fails
  /// @throws IOException of the last attempt
  public static void bindPatiently(int port, Attempt attempt) throws IOException {
    long end = System.nanoTime() + BIND_PATIENCE.toNanos();
    while (true) {
      try {
        attempt.bind();
        return;
      } catch (IOException e) {
        if (port == 0 || System.nanoTime() - end > 0) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a port was taken");
    }
  }

  /// One attempt to bind a port.
  public interface Attempt {
    void bind() throws IOException;
  }

  public static boolean free(int port) {
    try {
      bind(port);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void bind(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address(port));
    }
  }

  public static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(address(port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  public static InetSocketAddress address(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(HOST, new byte[] {127, 0, 0, 1}), port);
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e); // four bytes are always an address
    }
  }
}
