package dev.pilotlight.batch.s3;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

/// The first bytes of an array, for a call that may be abandoned when its time is up.
///
/// After [#close] such a call cannot read more of them and fails, so that the array can be reused
/// and S3 never gets a mixture. Thread-safe.
public final class LentBytes implements ContentStreamProvider, AutoCloseable {
  private final int length;
  private byte @Nullable [] array;

  LentBytes(byte[] array, int length) {
    this.array = array;
    this.length = length;
  }

  public RequestBody body(String contentType) {
    return RequestBody.fromContentProvider(this, length, contentType);
  }

  @Override
  public InputStream newStream() {
    return new Reader();
  }

  /// Ends the use of the array.
  @Override
  public synchronized void close() {
    array = null;
  }

  private synchronized int copy(int position, byte[] to, int offset, int count) throws IOException {
    if (array == null) {
      throw new IOException("the call's time was up");
    }
    int copied = Math.min(count, length - position);
    System.arraycopy(array, position, to, offset, copied);
    return copied;
  }

  private final class Reader extends InputStream {
    private int position;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
      int copied = copy(position, to, offset, count);
      position += copied;
      return copied == 0 && count > 0 ? -1 : copied;
    }

    @Override
    public int available() {
      return length - position;
    }
  }
}
