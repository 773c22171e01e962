package dev.pilotlight.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Parts of an upload that are copied from other objects, as S3 copies them.
final class S3LocalPartCopyIT {
  private static final String BUCKET = "copied";

  @SuppressWarnings("NullAway.Init")
  private static S3Local server;

  @SuppressWarnings("NullAway.Init")
  private static S3Client s3;

  @BeforeAll
  static void start() {
    server = S3Local.start(0, BUCKET);
    s3 = server.client();
    s3.putObject(put -> put.bucket(BUCKET).key("a b/é"), RequestBody.fromString("0123456789"));
  }

  @AfterAll
  static void stop() {
    s3.close();
    server.close();
  }

  private static String begin() {
    return s3.createMultipartUpload(create -> create.bucket(BUCKET).key("joined")).uploadId();
  }

  private static String copy(String uploadId, String source, String range) {
    return s3.uploadPartCopy(
            part ->
                part.sourceBucket(BUCKET)
                    .sourceKey(source)
                    .copySourceRange(range)
                    .destinationBucket(BUCKET)
                    .destinationKey("joined")
                    .uploadId(uploadId)
                    .partNumber(1))
        .copyPartResult()
        .eTag();
  }

  @Test
  void rangeOfAnObjectBecomesAPart() {
    String id = begin();
    String eTag = copy(id, "a b/é", "bytes=2-5");
    assertThat(eTag.replace("\"", "")).isEqualTo("81b073de9370ea873f548e31b8adc081");
    s3.completeMultipartUpload(
        complete ->
            complete
                .bucket(BUCKET)
                .key("joined")
                .uploadId(id)
                .multipartUpload(
                    all -> all.parts(CompletedPart.builder().partNumber(1).eTag(eTag).build())));
    assertThat(s3.getObjectAsBytes(get -> get.bucket(BUCKET).key("joined")).asUtf8String())
        .isEqualTo("2345");
  }

  @Test
  void missingSourceOrUploadAndRangeBeyondTheObjectAreRefused() {
    String id = begin();
    assertThatThrownBy(() -> copy(id, "none", "bytes=0-1")).isInstanceOf(NoSuchKeyException.class);
    assertThatThrownBy(() -> copy("none", "a b/é", "bytes=0-1"))
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NoSuchUpload"));
    assertThatThrownBy(() -> copy(id, "a b/é", "bytes=5-10"))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isIn(400, 416));
  }
}
