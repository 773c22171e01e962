package dev.pilotlight.local.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/// A connector whose connections report whether the client has closed them. Jetty itself notices
/// that only when it writes the answer.
final class WatchedConnector extends ServerConnector {
  WatchedConnector(Server server, HttpConnectionFactory http) {
    super(server, 1, -1, http);
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    EndPoint endPoint = new EndPoint(channel, selector, key, getScheduler(), getExecutor());
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  /// A connection of a client. Checking for its end reads the bytes before the end, such as the
  /// next request. It keeps these for Jetty.
  static final class EndPoint extends SocketChannelEndPoint {
    private static final int AHEAD_BYTES_MAX = 8192;

    private final Executor executor;
    private final Object lock = new Object();
    private final ByteBuffer ahead = ByteBuffer.allocate(AHEAD_BYTES_MAX).limit(0);
    private boolean ended;

    EndPoint(
        SocketChannel channel,
        ManagedSelector selector,
        SelectionKey key,
        Scheduler scheduler,
        Executor executor) {
      super(channel, selector, key, scheduler);
      this.executor = executor;
    }

    /// Whether the client has closed its side, or the connection is broken. Never blocks.
    boolean isGone() {
      boolean found;
      synchronized (lock) {
        found = !ended && readAhead();
      }
      if (found && isFillInterested()) {
        executor.execute(getFillInterest()::fillable);
      }
      synchronized (lock) {
        return ended || !isOpen();
      }
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
      synchronized (lock) {
        if (ahead.hasRemaining()) {
          int start = BufferUtil.flipToFill(buffer);
          int taken = BufferUtil.put(ahead, buffer);
          BufferUtil.flipToFlush(buffer, start);
          return taken;
        }
        if (ended) {
          shutdownInput();
          return -1;
        }
        return super.fill(buffer);
      }
    }

    @Override
    protected void needsFillInterest() {
      boolean ready;
      synchronized (lock) {
        ready = ended || ahead.hasRemaining();
      }
      if (ready) {
        executor.execute(
            getFillInterest()::fillable); // the selector does not see bytes that were read ahead
      } else {
        super.needsFillInterest();
      }
    }

    /// @return whether anything came
    private boolean readAhead() {
      ahead.compact();
      try {
        int read = ahead.hasRemaining() ? getChannel().read(ahead) : 0;
        ended = read < 0;
        return read != 0;
      } catch (IOException e) {
        ended = true;
        return true;
      } finally {
        ahead.flip();
      }
    }
  }
}
