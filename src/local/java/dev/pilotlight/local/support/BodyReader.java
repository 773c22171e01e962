package dev.pilotlight.local.support;

import dev.pilotlight.serve.Body;
import dev.pilotlight.serve.HeldBytes;
import java.util.Objects;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/// Reads the bodies of requests as the container's server does ([Body]), without its limit of time.
public final class BodyReader {
  /// The memory of all requests that are being read and all answers that are being sent. Without
  /// the limit, clients could exhaust the heap.
  public static final HeldBytes HELD = new HeldBytes(128L << 20);

  private BodyReader() {}

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

  /// Reads a body, now and when more comes.
  ///
  /// @param callback fails if `then` throws
  /// @param then must not block
  /// @param otherwise gets [TooLarge], [NoRoom], or the failure of the connection
  public static void read(
      Request request,
      Callback callback,
      int bytesMax,
      Consumer<byte[]> then,
      Consumer<Throwable> otherwise) {
    Body.read(
        request,
        bytesMax,
        HELD,
        null,
        InvocationType.NON_BLOCKING,
        new Body.Reader() {
          @Override
          public void read(byte[] bytes) {
            try {
              then.accept(bytes);
            } catch (RuntimeException e) {
              callback.failed(e);
            } finally {
              HELD.release(bytes.length); // the queue counts the event that contains it
            }
          }

          @Override
          public void failed(Body.Fault fault, long seen, @Nullable Throwable cause) {
            try {
              otherwise.accept(
                  switch (fault) {
                    case TOO_LARGE -> new TooLarge(bytesMax);
                    case NO_ROOM -> new NoRoom();
                    case LATE, BROKEN -> Objects.requireNonNull(cause);
                  });
            } catch (RuntimeException e) {
              callback.failed(e);
            }
          }
        });
  }
}
