package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.FileChunks;
import dev.pilotlight.support.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Copies objects of one bucket to files, and resumes: the content of a partial file is the start
/// of the same object, so only the rest is read, with `Range` and `If-Match`.
///
/// A broken connection is replaced at once, as long as each one delivers at least a byte: a
/// connection does not survive a freeze of the Lambda environment.
final class S3Download {
  private static final int ATTEMPTS_IN_VAIN_MAX = 3;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int BUFFER_BYTES = 128 << 10;
  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_FOUND = 404;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final Supplier<S3Client> clients;
  private final String bucket;
  private volatile boolean stopped;

  S3Download(Supplier<S3Client> clients, String bucket) {
    this.clients = clients;
    this.bucket = bucket;
  }

  /// Stops the download; another process can resume it.
  void stop() {
    stopped = true;
  }

  /// Copies an object, or the rest of it, and checks the digest if a lock lists it. With a lock the
  /// content counts, not the listed tag.
  ///
  /// @param file whose content is the start of this state of the object
  /// @throws LocalCopies.Interrupted if the rest cannot be read now
  /// @throws LoadFailure if the object has changed, or is not the one in the lock
  /// @throws IOException if the file cannot be written
  void copy(String key, FileState state, Path file) throws IOException {
    if (state.sha256() == null) {
      var _ = fill(key, state, file, null);
      return;
    }
    MessageDigest sha = Sha256.start();
    boolean pieced = fill(key, state, file, sha);
    byte[] digest = sha.digest();
    if (pieced && !HexFormat.of().formatHex(digest).equals(state.sha256())) {
      // the pieces may be of two states of the object
      Files.delete(file);
      var _ = fill(key, state, file, sha);
      digest = sha.digest();
    }
    state.requireDigest(name(file), digest);
  }

  /// @param sha of the whole content, if it counts
  /// @return whether the content came in several pieces
  private boolean fill(String key, FileState state, Path file, @Nullable MessageDigest sha)
      throws IOException {
    long has = Files.exists(file) ? Files.size(file) : 0;
    if (sha != null && has > 0) {
      var _ = FileChunks.read(file, sha::update);
    }
    int pieces = has > 0 ? 1 : 0;
    int inVain = 0;
    while (has < state.bytes()) {
      pieces++;
      RuntimeException failure = copyFrom(has, key, state, file, sha);
      long now = Files.size(file);
      inVain = now > has ? 0 : inVain + 1;
      has = now;
      if (stopped || (has < state.bytes() && inVain == ATTEMPTS_IN_VAIN_MAX)) {
        throw failure;
      }
      if (inVain > 0) {
        pause(failure);
      }
    }
    if (has > state.bytes()) {
      throw changed(null);
    }
    if (state.bytes() == 0) {
      Files.write(file, new byte[0]);
    }
    return pieces > 1;
  }

  /// @return the reason if the file is not complete now
  private RuntimeException copyFrom(
      long from, String key, FileState state, Path file, @Nullable MessageDigest sha)
      throws IOException {
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ResponseInputStream<GetObjectResponse> in = clients.get().getObject(get(from, key, state));
      try {
        requireStart(from, in.response());
        requireSize(from, in.response(), state, file);
        copy(in, out, sha);
      } finally {
        in.abort(); // do not wait for the unread rest
      }
      return new LocalCopies.Interrupted("the object ended early", null);
    } catch (S3Exception e) {
      if (state.sha256() != null && e.statusCode() == NOT_FOUND) {
        throw LoadFailure.passing(state.missing(name(file)), e);
      }
      if (state.sha256() != null && e.statusCode() == RANGE_NOT_SATISFIABLE) {
        throw new LoadFailure(state.otherSize(name(file), from), e);
      }
      if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == NOT_FOUND) {
        throw changed(e);
      }
      return new LocalCopies.Interrupted("the object cannot be read", e);
    } catch (SdkException e) {
      return new LocalCopies.Interrupted("the object cannot be read", e);
    } catch (LocalCopies.Interrupted e) {
      return e;
    }
  }

  private GetObjectRequest get(long from, String key, FileState state) {
    GetObjectRequest.Builder get = GetObjectRequest.builder().bucket(bucket).key(key);
    if (state.sha256() == null) {
      get.ifMatch(state.tag());
    }
    return (from > 0 ? get.range("bytes=" + from + "-") : get).build();
  }

  /// A server without support for `Range` begins at the first byte.
  private static void requireStart(long from, GetObjectResponse response) {
    String range = response.contentRange();
    if (from > 0 && (range == null || !range.startsWith("bytes " + from + "-"))) {
      throw LoadFailure.passing("S3 did not return the rest of an object: start again", null);
    }
  }

  /// With a lock, the object may have another size than when it was listed.
  private static void requireSize(
      long from, GetObjectResponse response, FileState state, Path file) {
    Long rest = response.contentLength();
    if (state.sha256() != null && rest != null && from + rest != state.bytes()) {
      throw new LoadFailure(state.otherSize(name(file), from + rest));
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private void copy(
      ResponseInputStream<GetObjectResponse> in, OutputStream out, @Nullable MessageDigest sha)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = read(in, buffer); count >= 0; count = read(in, buffer)) {
      out.write(buffer, 0, count);
      if (sha != null) {
        sha.update(buffer, 0, count);
      }
    }
  }

  /// Distinguishes failures of the network (reading) from those of the disk (writing).
  private int read(ResponseInputStream<GetObjectResponse> in, byte[] buffer) {
    if (stopped) {
      throw new LocalCopies.Interrupted("the process ends", null);
    }
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new LocalCopies.Interrupted("the connection broke during the read", e);
    }
  }

  private static LoadFailure changed(@Nullable S3Exception cause) {
    return LoadFailure.passing("its files have changed since they were listed", cause);
  }

  private static void pause(RuntimeException failure) {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }
}
