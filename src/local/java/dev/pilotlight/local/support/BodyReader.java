package dev.pilotlight.local.support;

import dev.pilotlight.serve.HeldBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/// Reads a request's body without blocking.
///
/// It reads a body that is too large to its end, up to a bound, and drops it: a client that is
/// still sending when the connection is closed never sees the answer.
public final class BodyReader implements Invocable.Task {
  /// The memory of all requests that are being read and all answers that are being sent. Without
  /// the limit, clients could exhaust the heap.
  public static final HeldBytes HELD = new HeldBytes(128L << 20);

  private static final int DROPPED_TIMES_MAX = 8;

  /// The body is larger than the limit.
  public static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1L;

    TooLarge(int bytesMax) {
      super("over " + bytesMax + " bytes");
    }
  }

  /// All bodies together are larger than the memory for them.
  public static final class NoRoom extends Exception {
    private static final long serialVersionUID = 1L;

    NoRoom() {
      super("too many bytes of requests are being read");
    }
  }

  private final Request request;
  private final Callback callback;
  private final int bytesMax;
  private final Consumer<byte[]> then;
  private final Consumer<Throwable> otherwise;
  private ByteArrayOutputStream body = new ByteArrayOutputStream();
  private long seen;
  private long held;
  private boolean noRoom;

  /// @param otherwise gets [TooLarge], [NoRoom], or the failure of the connection
  public BodyReader(
      Request request,
      Callback callback,
      int bytesMax,
      Consumer<byte[]> then,
      Consumer<Throwable> otherwise) {
    this.request = request;
    this.callback = callback;
    this.bytesMax = bytesMax;
    this.then = then;
    this.otherwise = otherwise;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public void run() {
    try {
      read();
    } catch (RuntimeException e) {
      callback.failed(e);
    }
  }

  private void read() {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        release();
        otherwise.accept(chunk.getFailure());
        return;
      }
      take(chunk.getByteBuffer());
      boolean last = chunk.isLast() || seen > (long) bytesMax * DROPPED_TIMES_MAX;
      chunk.release();
      if (last) {
        finish();
        return;
      }
    }
  }

  private void take(ByteBuffer bytes) {
    seen += bytes.remaining();
    if (noRoom || seen > bytesMax) {
      release();
      return;
    }
    int count = bytes.remaining();
    if (!HELD.take(count)) {
      noRoom = true;
      release();
      return;
    }
    held += count;
    byte[] part = new byte[count];
    bytes.get(part);
    body.writeBytes(part);
  }

  private void finish() {
    try {
      if (noRoom) {
        otherwise.accept(new NoRoom());
      } else if (seen > bytesMax) {
        otherwise.accept(new TooLarge(bytesMax));
      } else {
        then.accept(body.toByteArray());
      }
    } finally {
      release(); // the queue counts the event that contains it
    }
  }

  private void release() {
    HELD.release(held);
    held = 0;
    body = new ByteArrayOutputStream();
  }
}
