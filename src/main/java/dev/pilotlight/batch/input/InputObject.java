package dev.pilotlight.batch.input;

import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// One version of an object in S3, read in ranges of [#RANGE_BYTES] that are held in memory.
/// Answering lines takes longer than reading them, and S3 closes connections that wait; so none is
/// open between two ranges.
///
/// A truncated range is read again from the byte where it broke off. All ranges are of the version
/// that was opened. Not thread-safe.
public final class InputObject {
  public static final int RANGE_BYTES = 4 * 1024 * 1024;

  private final S3Client s3;
  private final ObjectVersion version;
  private final Map<String, String> metadata;
  private final Retries retries;

  private InputObject(
      S3Client s3, ObjectVersion version, Map<String, String> metadata, Retries retries) {
    this.s3 = s3;
    this.version = version;
    this.metadata = Map.copyOf(metadata);
    this.retries = retries;
  }

  /// Finds the object.
  ///
  /// @param version its empty values, except the sequencer, are taken from the object
  /// @throws BatchException.Gone if this version does not exist
  /// @throws BatchException.Unreadable if S3 refuses to return it
  /// @throws BatchException.Unavailable if S3 times out
  public static InputObject open(S3Client s3, ObjectVersion version, Retries retries) {
    HeadObjectRequest request =
        HeadObjectRequest.builder()
            .bucket(version.bucket())
            .key(version.key())
            .versionId(versionId(version))
            .ifMatch(ifMatch(version))
            .build();
    try {
      HeadObjectResponse head = retries.call("find " + version, () -> s3.headObject(request));
      Map<String, String> metadata = new HashMap<>();
      head.metadata().forEach((name, value) -> metadata.put(name.toLowerCase(Locale.ROOT), value));
      return new InputObject(s3, completed(version, head), metadata, retries);
    } catch (S3Exception e) {
      throw InputFailure.of(version, reason(s3, version, e));
    }
  }

  /// Responses to HEAD have no body, so a GET gets the reason for S3's refusal.
  private static S3Exception reason(S3Client s3, ObjectVersion version, S3Exception head) {
    if (head.statusCode() != 400 && head.statusCode() != 403) {
      return head;
    }
    try {
      s3.getObject(get(version)).abort();
      return head;
    } catch (S3Exception e) {
      return e;
    } catch (SdkException e) {
      head.addSuppressed(e);
      return head;
    }
  }

  private static ObjectVersion completed(ObjectVersion version, HeadObjectResponse head) {
    return new ObjectVersion(
        version.bucket(),
        version.key(),
        version.versionId().isEmpty() ? versionId(head) : version.versionId(),
        head.eTag().replace("\"", ""),
        head.contentLength(),
        version.sequencer(),
        head.lastModified().toEpochMilli());
  }

  /// Empty if the bucket keeps no versions.
  private static String versionId(HeadObjectResponse head) {
    return head.versionId() == null ? "" : head.versionId();
  }

  /// The version that was opened, with S3's eTag and size.
  public ObjectVersion version() {
    return version;
  }

  /// The user metadata, names in lower case and without `x-amz-meta-`.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// The bytes of the object as they are stored, from an offset. Use one such stream at a time. Its
  /// methods throw [dev.pilotlight.batch.s3.BatchException]s as [#open] does, and no [IOException].
  public InputStream from(long offset) {
    return new Ranges(Math.min(offset, version.size()));
  }

  /// Reads a range that is within the object, with the exceptions of [#from].
  byte[] read(long offset, int length) {
    byte[] all = new byte[length];
    int got = 0;
    try {
      while (got < length) {
        long from = offset + got;
        byte[] rest = new byte[Math.min(RANGE_BYTES, length - got)];
        int count = retries.call("read " + version, () -> get(from, rest, rest.length));
        System.arraycopy(rest, 0, all, got, count);
        got += count;
      }
      return all;
    } catch (S3Exception e) {
      throw InputFailure.of(version, e);
    }
  }

  private final class Ranges extends InputStream {
    private final byte[] range;
    private long place;
    private int next;
    private int end;

    Ranges(long place) {
      this.place = place;
      this.range = new byte[(int) Math.min(RANGE_BYTES, version.size() - place)];
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, into.length);
      if (length == 0) {
        return 0;
      }
      if (next == end && !fill()) {
        return -1;
      }
      int count = Math.min(length, end - next);
      System.arraycopy(range, next, into, offset, count);
      next += count;
      place += count;
      return count;
    }

    private boolean fill() {
      int wanted = (int) Math.min(range.length, version.size() - place);
      if (wanted == 0) {
        return false;
      }
      try {
        end = retries.call("read " + version, () -> get(place, range, wanted));
        next = 0;
        return true;
      } catch (S3Exception e) {
        throw InputFailure.of(version, e);
      }
    }
  }

  /// Reads at least one byte, and up to `wanted` unless the body breaks off.
  private int get(long offset, byte[] into, int wanted) {
    String bytes = "bytes=%d-%d".formatted(offset, offset + wanted - 1);
    ResponseInputStream<GetObjectResponse> body =
        s3.getObject(get(version).toBuilder().range(bytes).build());
    int got = 0;
    Exception broken = null;
    try {
      while (got < wanted && !retries.end().passed()) {
        int count = body.read(into, got, wanted - got);
        if (count < 0) {
          break;
        }
        got += count;
      }
    } catch (IOException | SdkClientException e) {
      broken = e;
    }
    // also closes it: a connection whose body was read to its end serves again, and the rest of
    // another body is not waited for
    body.abort();
    if (got == 0) {
      throw SdkClientException.create("the body broke off before its first byte", broken);
    }
    return got;
  }

  private static GetObjectRequest get(ObjectVersion version) {
    return GetObjectRequest.builder()
        .bucket(version.bucket())
        .key(version.key())
        .versionId(versionId(version))
        .ifMatch(ifMatch(version))
        .build();
  }

  private static @Nullable String versionId(ObjectVersion version) {
    return version.versionId().isEmpty() ? null : version.versionId();
  }

  private static @Nullable String ifMatch(ObjectVersion version) {
    return version.eTag().isEmpty() ? null : '"' + version.eTag() + '"';
  }
}
