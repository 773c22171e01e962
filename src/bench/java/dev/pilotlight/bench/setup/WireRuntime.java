package dev.pilotlight.bench.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The Lambda Runtime API of one process, with nothing in it that takes time: blocking sockets
/// without Nagle's delay, a thread a connection, and the clock read on that very thread.
///
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
public final class WireRuntime implements AutoCloseable {
  private static final long POLL_MS = 50;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  /// One answered event.
  ///
  /// @param sentNanos before the event was written as the answer to `/next`
  /// @param doneNanos when the posted response had been read whole
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Reply(boolean error, byte[] body, long sentNanos, long doneNanos) {
    public double wireMs() {
      return (doneNanos - sentNanos) / 1e6;
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private volatile boolean waiting;

  private WireRuntime(ServerSocket server) {
    this.server = server;
  }

  static WireRuntime start() throws IOException {
    ServerSocket server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0));
    WireRuntime runtime = new WireRuntime(server);
    daemon(runtime::accept);
    return runtime;
  }

  int port() {
    return server.getLocalPort();
  }

  /// Returns when the process waits for an event.
  void awaitNext(Process process, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (this) {
      while (!waiting) {
        require(process, end);
        wait(POLL_MS);
      }
    }
  }

  /// @throws IllegalStateException if the process reports an error, ends or does not answer
  Reply call(byte[] event, Process process, Duration patience) throws InterruptedException {
    events.add(event);
    long end = System.nanoTime() + patience.toNanos();
    Reply reply = null;
    while (reply == null) {
      reply = replies.poll(POLL_MS, TimeUnit.MILLISECONDS);
      if (reply == null) {
        require(process, end);
      }
    }
    if (reply.error()) {
      throw new IllegalStateException("the function failed: " + reply.text());
    }
    return reply;
  }

  private static void require(Process process, long endNanos) {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "the process ended with %d; %s has what it said"
              .formatted(process.exitValue(), Setup.LOG));
    }
    if (System.nanoTime() > endNanos) {
      throw new IllegalStateException("no answer in time; %s has the log".formatted(Setup.LOG));
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        daemon(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      WireConnection connection = new WireConnection(socket);
      long sentNanos = 0;
      for (var call = connection.read(); call != null; call = connection.read()) {
        long doneNanos = System.nanoTime();
        if (call.path().endsWith("/invocation/next")) {
          byte[] answer = WireConnection.event(takeEvent());
          sentNanos = System.nanoTime();
          connection.write(answer);
        } else {
          boolean error = !call.path().endsWith("/response");
          replies.add(new Reply(error, call.body(), sentNanos, doneNanos));
          connection.write(WireConnection.ACCEPTED);
        }
      }
    } catch (IOException | InterruptedException e) {
      // the process or this server is gone
    } finally {
      open.remove(socket);
    }
  }

  private byte[] takeEvent() throws InterruptedException {
    synchronized (this) {
      waiting = true;
      notifyAll();
    }
    byte[] event = events.take();
    waiting = false;
    return event;
  }

  private static void daemon(Runnable task) {
    Thread.ofPlatform().daemon().name("runtime-api").start(task);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
