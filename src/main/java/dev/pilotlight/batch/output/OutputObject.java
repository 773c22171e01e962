package dev.pilotlight.batch.output;

import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BucketClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// One object of the output. Its metadata names the version of the input that it belongs to.
/// [BucketClient] lists what the calls throw.
///
/// @param identity of the version, not empty: [dev.pilotlight.batch.s3.ObjectVersion#identity()]
public record OutputObject(BucketClient bucket, String key, String contentType, String identity) {
  public static final String LINES = "application/jsonl; charset=utf-8";
  public static final String JSON = "application/json";
  public static final String PARQUET = "application/vnd.apache.parquet";

  /// The user metadata with the identity.
  static final String VERSION = "pilotlight-version";

  /// S3 may take minutes to complete an upload.
  private static final Duration COMPLETE_LIMIT = Duration.ofMinutes(3);

  /// How an attempt to complete ended.
  private enum Completion {
    DONE,
    NO_UPLOAD,
    WRONG_PARTS
  }

  /// Begins a multipart upload.
  ///
  /// @return its id
  public String begin() {
    return bucket.call(
        "s3:PutObject",
        key,
        BucketClient.LIMIT,
        s3 ->
            s3.createMultipartUpload(
                    create ->
                        create
                            .bucket(bucket.name())
                            .key(key)
                            .contentType(contentType)
                            .metadata(metadata()))
                .uploadId());
  }

  /// Sends a part, which replaces one of the same number.
  ///
  /// @param number from 1
  /// @param length how many of the first bytes
  /// @return its eTag, without quotes
  /// @throws BatchException.Restart if the upload does not exist any more
  public String part(String uploadId, int number, byte[] bytes, int length) {
    Optional<String> eTag =
        bucket.send(
            "s3:PutObject",
            key,
            bytes,
            length,
            (s3, lent) ->
                BucketClient.unless(
                    BucketClient.NO_UPLOAD,
                    () ->
                        s3.uploadPart(
                                part ->
                                    part.bucket(bucket.name())
                                        .key(key)
                                        .uploadId(uploadId)
                                        .partNumber(number),
                                lent.body(contentType))
                            .eTag()));
    return eTag.map(tag -> tag.replace("\"", "")).orElseThrow(this::restart);
  }

  /// Sends a range of another object of the bucket as a part, which replaces one of the same
  /// number.
  ///
  /// @param number from 1
  /// @param from the first byte of the range
  /// @param to after its last byte; at most 5 GiB after `from`
  /// @return its eTag, without quotes; empty if the other object does not exist
  /// @throws BatchException.Restart if the upload does not exist any more
  public Optional<String> copyPart(String uploadId, int number, String source, long from, long to) {
    Optional<Optional<String>> eTag =
        bucket.call(
            "s3:PutObject",
            key,
            COMPLETE_LIMIT,
            s3 ->
                BucketClient.unless(
                    BucketClient.NO_UPLOAD,
                    () ->
                        BucketClient.unless(
                            Set.of("NoSuchKey"),
                            () ->
                                s3.uploadPartCopy(
                                        part ->
                                            part.sourceBucket(bucket.name())
                                                .sourceKey(source)
                                                .copySourceRange(
                                                    "bytes=%d-%d".formatted(from, to - 1))
                                                .destinationBucket(bucket.name())
                                                .destinationKey(key)
                                                .uploadId(uploadId)
                                                .partNumber(number))
                                    .copyPartResult()
                                    .eTag())));
    return eTag.orElseThrow(this::restart).map(tag -> tag.replace("\"", ""));
  }

  /// Completes the upload, unless that was done.
  ///
  /// @throws BatchException.Restart if the upload does not exist any more, or its parts differ
  public void complete(Upload upload) {
    String id =
        upload.uploadId().orElseThrow(() -> new IllegalArgumentException("nothing was uploaded"));
    switch (bucket.call("s3:PutObject", key, COMPLETE_LIMIT, s3 -> complete(s3, id, upload))) {
      case DONE -> {}
      case NO_UPLOAD -> {
        if (!isWhole(upload.bytes())) {
          throw restart();
        }
      }
      case WRONG_PARTS -> {
        bucket.abort(key, id);
        throw restart();
      }
    }
  }

  private Completion complete(S3Client s3, String id, Upload upload) {
    List<CompletedPart> parts =
        IntStream.range(0, upload.eTags().size())
            .mapToObj(
                i ->
                    CompletedPart.builder()
                        .partNumber(i + 1)
                        .eTag('"' + upload.eTags().get(i) + '"')
                        .build())
            .toList();
    try {
      var _ =
          s3.completeMultipartUpload(
              complete ->
                  complete
                      .bucket(bucket.name())
                      .key(key)
                      .uploadId(id)
                      .multipartUpload(all -> all.parts(parts)));
      return Completion.DONE;
    } catch (S3Exception e) {
      return switch (BucketClient.code(e)) {
        case "NoSuchUpload" -> Completion.NO_UPLOAD;
        case "InvalidPart", "InvalidPartOrder", "EntityTooSmall" -> Completion.WRONG_PARTS;
        default -> throw e;
      };
    }
  }

  /// Writes the object in one call.
  public void put(byte[] content) {
    put(content, Map.of());
  }

  /// Writes the object in one call, marked as ours, with more metadata.
  ///
  /// @param more user metadata
  public void put(byte[] content, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.put(VERSION, identity);
    bucket.put(key, contentType, content, content.length, put -> put.metadata(all));
  }

  /// A value of the user metadata; empty unless the object exists and is of this version.
  public Optional<String> metadata(String name) {
    return head().filter(this::isOurs).map(head -> head.metadata().get(name));
  }

  /// Whether it is there, of any version.
  public boolean isThere() {
    return head().isPresent();
  }

  /// Whether it exists and is of this version.
  public boolean isOurs() {
    return head().filter(this::isOurs).isPresent();
  }

  /// Whether it exists and is of this version and size.
  public boolean isWhole(long bytes) {
    return head()
        .filter(this::isOurs)
        .filter(head -> Objects.equals(head.contentLength(), bytes))
        .isPresent();
  }

  /// Checks for the object first: a bucket with versions keeps a marker of every deletion.
  public void deleteIfThere() {
    if (isThere()) {
      bucket.delete(key);
    }
  }

  /// Deletes the object if this function has written it, for any version.
  public void deleteIfWrittenHere() {
    if (head().filter(head -> head.metadata().containsKey(VERSION)).isPresent()) {
      bucket.delete(key);
    }
  }

  private boolean isOurs(HeadObjectResponse head) {
    return identity.equals(head.metadata().get(VERSION));
  }

  /// Needs `s3:ListBucket`, too: without it S3 answers 403 for a missing object.
  private Optional<HeadObjectResponse> head() {
    return bucket.call(
        "s3:GetObject and s3:ListBucket",
        key,
        BucketClient.LIMIT,
        s3 -> {
          try {
            return Optional.of(s3.headObject(head -> head.bucket(bucket.name()).key(key)));
          } catch (S3Exception e) {
            if (e.statusCode() == 404) { // without a code: a HEAD's answer has no body
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  private Map<String, String> metadata() {
    return Map.of(VERSION, identity);
  }

  private BatchException restart() {
    return new BatchException.Restart(
        "the upload of %s does not exist any more".formatted(bucket.uri(key)));
  }
}
