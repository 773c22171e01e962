package dev.pilotlight.batch.output;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BucketClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Writes and deletes a batch's intermediate objects in a bucket. All calls may be repeated;
/// [BucketClient] lists what they throw.
public record Leftovers(BucketClient bucket) {
  private static final byte[] CONTINUATION = "{}".getBytes(StandardCharsets.UTF_8);
  private static final Duration DELETE_LIMIT = Duration.ofSeconds(60);

  /// Puts the object whose event starts the next invocation.
  public void putContinuation(String key) {
    bucket.put(key, OutputObject.JSON, CONTINUATION, CONTINUATION.length, put -> {});
  }

  /// Aborts the multipart uploads of these keys: those of older versions, and those whose ids no
  /// checkpoint has.
  ///
  /// @param except ids of uploads that are still needed
  public void abortUploads(Collection<String> keys, Set<String> except) {
    for (String key : keys) {
      abortUploads(key, Set.of(key), except);
    }
  }

  /// As [#abortUploads(Collection,Set)], with one list for all keys.
  ///
  /// @param prefix of all keys
  public void abortUploads(String prefix, Set<String> keys, Set<String> except) {
    for (MultipartUpload upload : uploads(prefix, keys::contains)) {
      if (!except.contains(upload.uploadId())) {
        bucket.abort(upload.key(), upload.uploadId());
      }
    }
  }

  /// Aborts all multipart uploads of keys with a prefix.
  public void abortUploads(String prefix) {
    for (MultipartUpload upload : uploads(prefix, _ -> true)) {
      bucket.abort(upload.key(), upload.uploadId());
    }
  }

  /// Deletes all objects with a prefix.
  public void deleteAll(String prefix) {
    deleteAll(prefix, null, null);
  }

  /// Deletes objects with a prefix.
  ///
  /// @param after only those whose keys sort after it; null for all
  /// @param upTo only those whose keys sort before it; null for all
  void deleteAll(String prefix, @Nullable String after, @Nullable String upTo) {
    @Nullable String last = after;
    ListObjectsV2Response page;
    do {
      page = objects(prefix, last);
      List<ObjectIdentifier> keys =
          page.contents().stream()
              .map(S3Object::key)
              .filter(key -> upTo == null || key.compareTo(upTo) < 0)
              .map(key -> ObjectIdentifier.builder().key(key).build())
              .toList();
      if (keys.isEmpty()) {
        return;
      }
      last = keys.getLast().key();
      var _ = bucket.call("s3:DeleteObject", prefix, DELETE_LIMIT, s3 -> delete(s3, prefix, keys));
    } while (page.isTruncated());
  }

  /// At most 1,000, the most that one request can delete.
  private ListObjectsV2Response objects(String prefix, @Nullable String after) {
    return bucket.call(
        "s3:ListBucket",
        prefix,
        BucketClient.LIMIT,
        s3 ->
            s3.listObjectsV2(list -> list.bucket(bucket.name()).prefix(prefix).startAfter(after)));
  }

  /// S3 may answer 200 although it did not delete some of them.
  private Boolean delete(S3Client s3, String prefix, List<ObjectIdentifier> keys) {
    List<S3Error> errors =
        s3.deleteObjects(
                delete ->
                    delete.bucket(bucket.name()).delete(some -> some.objects(keys).quiet(true)))
            .errors();
    for (S3Error error : errors) {
      if ("AccessDenied".equals(error.code())) {
        throw new BatchException.Misconfigured(
            "S3 refuses this function s3:DeleteObject on " + bucket.uri(prefix), null);
      }
      throw SdkClientException.create(
          "%s was not deleted: %s %s".formatted(error.key(), error.code(), error.message()));
    }
    return true;
  }

  /// @param keys of those with the prefix that are meant
  private List<MultipartUpload> uploads(String prefix, Predicate<String> keys) {
    List<MultipartUpload> uploads = new ArrayList<>();
    @Nullable String afterKey = null;
    @Nullable String afterId = null;
    ListMultipartUploadsResponse page;
    do {
      page = uploads(prefix, afterKey, afterId);
      page.uploads().stream().filter(upload -> keys.test(upload.key())).forEach(uploads::add);
      afterKey = page.nextKeyMarker();
      afterId = page.nextUploadIdMarker();
    } while (Objects.equals(page.isTruncated(), true));
    return uploads;
  }

  private ListMultipartUploadsResponse uploads(
      String prefix, @Nullable String afterKey, @Nullable String afterId) {
    return bucket.call(
        "s3:ListBucketMultipartUploads",
        prefix,
        BucketClient.LIMIT,
        s3 ->
            s3.listMultipartUploads(
                list ->
                    list.bucket(bucket.name())
                        .prefix(prefix)
                        .keyMarker(afterKey)
                        .uploadIdMarker(afterId)));
  }
}
