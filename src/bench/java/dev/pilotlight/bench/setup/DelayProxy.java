package dev.pilotlight.bench.setup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Stands for the network between a function and a server on this machine: every byte arrives half
/// a round trip after it was sent, in order, with no limit to what is under way. A connection is
/// made without delay.
///
/// Its threads sleep; Linux wakes them about 0.05 ms late, each way.
public final class DelayProxy implements AutoCloseable {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int BACKLOG = 50;
  private static final int BUFFER_BYTES = 64 * 1024;

  /// Some bytes on their way.
  ///
  /// @param bytes none at the end of the stream
  /// @param dueNanos when they arrive, as `System.nanoTime()` counts
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Chunk(byte[] bytes, long dueNanos) {}

  private final ServerSocket server;
  private final int target;
  private final long delayNanos;

  /// Starts it on a free port.
  ///
  /// @param target port of the server on this machine
  /// @param roundTrip half of it is the delay of each direction
  public DelayProxy(int target, Duration roundTrip) throws IOException {
    this.target = target;
    delayNanos = roundTrip.toNanos() / 2;
    server = new ServerSocket(0, BACKLOG, InetAddress.getByAddress(LOOPBACK));
    daemon(this::accept);
  }

  /// The port to connect to instead of the server's.
  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        connect(server.accept());
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      Socket upstream = new Socket(InetAddress.getByAddress(LOOPBACK), target);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      AtomicInteger open = new AtomicInteger(2);
      pipe(client, upstream, open);
      pipe(upstream, client, open);
    } catch (IOException e) {
      // as a network does it: the client sees a closed connection
      client.close();
    }
  }

  /// @param open directions of the connection; the end of the last one closes both sockets
  private void pipe(Socket from, Socket to, AtomicInteger open) {
    BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
    daemon(() -> read(from, underWay));
    daemon(
        () -> {
          boolean whole = write(underWay, to);
          if (open.decrementAndGet() == 0 || !whole) {
            close(from);
            close(to);
          }
        });
  }

  private void read(Socket from, BlockingQueue<Chunk> underWay) {
    byte[] buffer = new byte[BUFFER_BYTES];
    int count;
    do {
      count = readSome(from, buffer);
      long dueNanos = System.nanoTime() + delayNanos;
      underWay.add(new Chunk(Arrays.copyOf(buffer, Math.max(count, 0)), dueNanos));
    } while (count > 0);
  }

  /// How many bytes; at most 0 at the end of the stream.
  private static int readSome(Socket from, byte[] buffer) {
    try {
      InputStream in = from.getInputStream();
      return in.read(buffer);
    } catch (IOException e) {
      return -1; // reset, or closed by the other direction
    }
  }

  /// Returns at the end of the stream.
  ///
  /// @return whether all of it was written
  private static boolean write(BlockingQueue<Chunk> underWay, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      for (Chunk chunk = underWay.take(); chunk.bytes().length > 0; chunk = underWay.take()) {
        sleepUntil(chunk.dueNanos());
        out.write(chunk.bytes());
      }
      to.shutdownOutput();
      return true;
    } catch (IOException | InterruptedException e) {
      return false; // the receiver is gone
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed either way
    }
  }

  private static void sleepUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void daemon(Runnable task) {
    Thread.ofPlatform().daemon().name("delay-proxy").start(task);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // it is closed either way
    }
  }
}
