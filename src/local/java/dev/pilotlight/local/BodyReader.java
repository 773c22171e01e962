package dev.pilotlight.local;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/// Reads a request's body without blocking.
///
/// One that is too large is read on, up to a bound, and dropped: a client that is still sending
/// when the connection is closed never sees the answer.
final class BodyReader implements Invocable.Task {
  private static final int DROPPED_TIMES_MAX = 8;

  private final Request request;
  private final Callback callback;
  private final int bytesMax;
  private final Consumer<byte[]> then;
  private final Consumer<Throwable> otherwise;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private long seen;

  /// @param otherwise gets an IllegalStateException for a body that is too large, or what broke it
  BodyReader(
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
    if (seen <= bytesMax) {
      byte[] part = new byte[bytes.remaining()];
      bytes.get(part);
      body.writeBytes(part);
    }
  }

  private void finish() {
    if (seen <= bytesMax) {
      then.accept(body.toByteArray());
    } else {
      otherwise.accept(new IllegalStateException("over " + bytesMax + " bytes"));
    }
  }
}
