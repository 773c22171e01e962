package dev.pilotlight.files;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.Budget;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The bytes of files and parts, as objects of one bucket. Thread-safe.
///
/// Every method throws [software.amazon.awssdk.core.exception.SdkException] if S3 failed, or did
/// not answer by the deadline.
public final class FileObjects {
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;
  private static final int DELETED_AT_ONCE = 1000;

  private final Supplier<S3Client> s3;
  private final String bucket;
  private final Presigner presigner;

  /// An object that is there.
  ///
  /// @param versionId null in a bucket without versions
  record Head(long bytes, @Nullable String versionId) {}

  /// A request that uploads a file, for anyone.
  public record Ticket(String method, URI url, Map<String, String> headers, Instant expires) {}

  FileObjects(Supplier<S3Client> s3, String bucket, Presigner presigner) {
    this.s3 = s3;
    this.bucket = bucket;
    this.presigner = presigner;
  }

  String bucket() {
    return bucket;
  }

  /// Writes an object.
  ///
  /// @return its version; null in a bucket without versions
  @Nullable String put(String key, byte[] bytes, Deadline end) {
    return s3.get()
        .putObject(
            put -> put.bucket(bucket).key(key).overrideConfiguration(within(end)),
            RequestBody.fromBytes(bytes))
        .versionId();
  }

  /// Looks an object up; empty if it is not there.
  Optional<Head> head(String key, Deadline end) {
    try {
      var head =
          s3.get().headObject(h -> h.bucket(bucket).key(key).overrideConfiguration(within(end)));
      return Optional.of(new Head(head.contentLength(), head.versionId()));
    } catch (S3Exception e) {
      return absent(e);
    }
  }

  /// Reads an object; empty if it is not there.
  ///
  /// @param versionId null for the current version
  Optional<byte[]> get(String from, String key, @Nullable String versionId, Deadline end) {
    try {
      return Optional.of(
          s3.get()
              .getObjectAsBytes(
                  get ->
                      get.bucket(from)
                          .key(key)
                          .versionId(versionId)
                          .overrideConfiguration(within(end)))
              .asByteArrayUnsafe());
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (S3Exception e) {
      return absent(e);
    }
  }

  private static <T> Optional<T> absent(S3Exception e) {
    if (e.statusCode() == NOT_FOUND) {
      return Optional.empty();
    }
    throw e;
  }

  /// Deletes a version; one that is not there counts as deleted.
  ///
  /// @param versionId null in a bucket without versions
  void delete(String from, String key, @Nullable String versionId, Deadline end) {
    var _ =
        s3.get()
            .deleteObject(
                delete ->
                    delete
                        .bucket(from)
                        .key(key)
                        .versionId(versionId)
                        .overrideConfiguration(within(end)));
  }

  /// Deletes the current versions of objects.
  ///
  /// @throws S3Exception also if S3 answered 200 and did not delete some of them
  void deleteAll(Collection<String> keys, Deadline end) {
    List<ObjectIdentifier> all =
        keys.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    for (int from = 0; from < all.size(); from += DELETED_AT_ONCE) {
      var some = all.subList(from, Math.min(from + DELETED_AT_ONCE, all.size()));
      requireDeleted(
          s3.get()
              .deleteObjects(
                  delete ->
                      delete
                          .bucket(bucket)
                          .delete(d -> d.objects(some).quiet(true))
                          .overrideConfiguration(within(end)))
              .errors());
    }
  }

  private static void requireDeleted(List<S3Error> errors) {
    if (errors.isEmpty()) {
      return;
    }
    S3Error first = errors.getFirst();
    throw S3Exception.builder()
        .statusCode("AccessDenied".equals(first.code()) ? FORBIDDEN : UNAVAILABLE)
        .message(
            "%d objects were not deleted, the first is %s: %s %s"
                .formatted(errors.size(), first.key(), first.code(), first.message()))
        .build();
  }

  /// Begins an object of several parts.
  Joining join(String key, Deadline end) {
    String id =
        s3.get()
            .createMultipartUpload(
                create -> create.bucket(bucket).key(key).overrideConfiguration(within(end)))
            .uploadId();
    return new Joining(key, id, end);
  }

  /// An object that is written part by part. Confined to a thread.
  final class Joining {
    private final String key;
    private final String id;
    private final Deadline end;
    private final List<CompletedPart> parts = new ArrayList<>();

    private Joining(String key, String id, Deadline end) {
      this.key = key;
      this.id = id;
      this.end = end;
    }

    /// Adds a part, of at least 5 MiB unless it is the last.
    void add(byte[] bytes, int length) {
      int number = parts.size() + 1;
      String eTag =
          s3.get()
              .uploadPart(
                  part ->
                      part.bucket(bucket)
                          .key(key)
                          .uploadId(id)
                          .partNumber(number)
                          .overrideConfiguration(within(end)),
                  RequestBody.fromByteBuffer(ByteBuffer.wrap(bytes, 0, length)))
              .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(eTag).build());
    }

    /// Completes the object, and returns its version; null in a bucket without versions.
    @Nullable String complete() {
      return s3.get()
          .completeMultipartUpload(
              complete ->
                  complete
                      .bucket(bucket)
                      .key(key)
                      .uploadId(id)
                      .multipartUpload(all -> all.parts(parts))
                      .overrideConfiguration(within(end)))
          .versionId();
    }

    void abort() {
      var _ =
          s3.get()
              .abortMultipartUpload(
                  abort ->
                      abort
                          .bucket(bucket)
                          .key(key)
                          .uploadId(id)
                          .overrideConfiguration(within(end)));
    }
  }

  /// A URL that reads an object.
  ///
  /// @param versionId null for the current version
  URI readUrl(String from, String key, @Nullable String versionId, Duration valid) {
    URI url = URI.create(url(from, key) + (versionId == null ? "" : "?versionId=" + versionId));
    return presigner.sign(SdkHttpMethod.GET, url, Map.of(), valid).url();
  }

  /// A request that writes an object of exactly so many bytes, once.
  Ticket ticket(String key, long bytes, Duration valid) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-length", Long.toString(bytes));
    headers.put("if-none-match", "*");
    URI url = URI.create(url(bucket, key));
    Presigner.Signed signed = presigner.sign(SdkHttpMethod.PUT, url, headers, valid);
    return new Ticket("PUT", signed.url(), headers, signed.expires());
  }

  private String url(String from, String key) {
    return s3.get().utilities().getUrl(url -> url.bucket(from).key(key)).toString();
  }

  private static AwsRequestOverrideConfiguration within(Deadline end) {
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(Budget.left(end)).build();
  }
}
