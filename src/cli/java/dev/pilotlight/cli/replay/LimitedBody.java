package dev.pilotlight.cli.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Collects an answer's body up to a number of bytes, so that a stream without an end does not fill
/// the heap.
final class LimitedBody implements BodySubscriber<byte[]> {
  /// The most bytes of one answer.
  static final int BYTES_MAX = 64 * 1024 * 1024;

  private final AtomicLong collecting;
  private final long bytesMax;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  /// The body is larger than allowed.
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;
  }

  /// @param collecting the bytes that all bodies of a server hold while they arrive
  /// @param bytesMax the most that all of them may hold
  LimitedBody(AtomicLong collecting, long bytesMax) {
    this.collecting = collecting;
    this.bytesMax = bytesMax;
    var _ = body.whenComplete((_, _) -> collecting.addAndGet(-bytes.size()));
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (body.isDone()) {
      return;
    }
    for (ByteBuffer buffer : buffers) {
      int length = buffer.remaining();
      if (bytes.size() + length > BYTES_MAX || collecting.get() + length > bytesMax) {
        Flow.Subscription begun = subscription;
        if (begun != null) {
          begun.cancel();
        }
        boolean _ = body.completeExceptionally(new TooLarge());
        return;
      }
      byte[] copy = new byte[length];
      buffer.get(copy);
      bytes.writeBytes(copy);
      long _ = collecting.addAndGet(length);
    }
  }

  @Override
  public void onError(Throwable failure) {
    boolean _ = body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    boolean _ = body.complete(bytes.toByteArray());
  }
}
