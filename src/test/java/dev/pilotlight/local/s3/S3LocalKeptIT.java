package dev.pilotlight.local.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/// An S3 server on a directory has what an earlier one had.
class S3LocalKeptIT {
  private static final String BUCKET = "kept";
  private static final List<String> KEYS =
      List.of("a", "a/b", "a//b/", "../x", ".", "ä 😀+%2F", "x".repeat(1024), "line\nbreak");

  @TempDir private Path directory;

  @Test
  void objectsOfAnyKeyKeepBodyMetadataTagAndTime() {
    GetObjectResponse before;
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      for (String key : KEYS) {
        s3.putObject(
            to ->
                to.bucket(BUCKET)
                    .key(key)
                    .contentType("text/x")
                    .contentEncoding("gzip")
                    .metadata(Map.of("model", "m-1", "text-column", "review")),
            RequestBody.fromString("body of " + key));
      }
      before = s3.getObject(of -> of.bucket(BUCKET).key("a")).response();
    }
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      assertThat(s3.listObjectsV2(of -> of.bucket(BUCKET)).contents())
          .extracting("key")
          .containsExactlyInAnyOrderElementsOf(KEYS);
      for (String key : KEYS) {
        assertThat(s3.getObjectAsBytes(of -> of.bucket(BUCKET).key(key)).asUtf8String())
            .isEqualTo("body of " + key);
      }
      GetObjectResponse after = s3.getObject(of -> of.bucket(BUCKET).key("a")).response();
      assertThat(after.metadata()).isEqualTo(before.metadata()).hasSize(2);
      assertThat(after.eTag()).isEqualTo(before.eTag());
      assertThat(after.lastModified()).isEqualTo(before.lastModified());
      assertThat(after.contentType()).isEqualTo("text/x");
      assertThat(after.contentEncoding()).isEqualTo("gzip");
    }
  }

  @Test
  void versionsMarkersAndDeletedVersionsStayInTheirOrder() {
    String first;
    String second;
    String marker;
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      put(s3, "k", "before versions");
      server.keepVersions(BUCKET);
      first = put(s3, "k", "one");
      second = put(s3, "k", "two");
      String third = put(s3, "k", "three");
      s3.deleteObject(of -> of.bucket(BUCKET).key("k").versionId(third));
      marker = s3.deleteObject(of -> of.bucket(BUCKET).key("k")).versionId();
    }
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      var listed = s3.listObjectVersions(of -> of.bucket(BUCKET));
      assertThat(listed.versions())
          .extracting(ObjectVersion::versionId)
          .containsExactly(second, first, "null");
      assertThat(listed.deleteMarkers())
          .singleElement()
          .satisfies(it -> assertThat(it.versionId()).isEqualTo(marker))
          .satisfies(it -> assertThat(it.isLatest()).isTrue());
      assertThat(s3.getBucketVersioning(of -> of.bucket(BUCKET)).status())
          .isEqualTo(BucketVersioningStatus.ENABLED);
      assertThat(put(s3, "k", "four")).isNotIn(first, second, "null");
    }
  }

  @Test
  void multipartUploadContinuesAfterARestart() {
    byte[] part = new byte[5 * 1024 * 1024];
    String upload;
    CompletedPart first;
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      upload =
          s3.createMultipartUpload(
                  to -> to.bucket(BUCKET).key("large").metadata(Map.of("owner", "me")))
              .uploadId();
      first = upload(s3, upload, 1, part);
    }
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      CompletedPart second = upload(s3, upload, 2, "end".getBytes(UTF_8));
      s3.completeMultipartUpload(
          of ->
              of.bucket(BUCKET)
                  .key("large")
                  .uploadId(upload)
                  .multipartUpload(it -> it.parts(first, second)));
    }
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      var object = s3.headObject(of -> of.bucket(BUCKET).key("large"));
      assertThat(object.contentLength()).isEqualTo(part.length + 3L);
      assertThat(object.metadata()).containsEntry("owner", "me");
      assertThat(s3.listMultipartUploads(of -> of.bucket(BUCKET)).uploads()).isEmpty();
    }
  }

  @Test
  void overwrittenAndDeletedObjectsLeaveNoFiles() throws Exception {
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      put(s3, "k", "one");
      put(s3, "k", "two");
      put(s3, "gone", "x");
      s3.deleteObject(of -> of.bucket(BUCKET).key("gone"));
    }
    Files.writeString(directory.resolve("bodies/left-by-a-kill"), "half of a body");
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      assertThat(read(s3, "k")).isEqualTo("two");
      assertThatThrownBy(() -> read(s3, "gone")).isInstanceOf(NoSuchKeyException.class);
      try (Stream<Path> bodies = Files.list(directory.resolve("bodies"))) {
        assertThat(bodies).hasSize(1);
      }
      assertThat(Files.readAllLines(directory.resolve("journal"))).hasSize(2);
    }
  }

  @Test
  void lineThatAKillCutIsLeftOut() throws Exception {
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      put(s3, "k", "one");
    }
    Path journal = directory.resolve("journal");
    byte[] line = "{\"change\":\"object\",\"bucket\":\"kept\",\"key\":\"ä".getBytes(UTF_8);
    byte[] cut = Arrays.copyOf(line, line.length - 1); // within the ä
    Files.write(journal, cut, StandardOpenOption.APPEND);
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      assertThat(read(s3, "k")).isEqualTo("one");
      put(s3, "k", "two");
    }
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      assertThat(read(s3, "k")).isEqualTo("two");
    }
  }

  @Test
  void changeOfALaterReleaseIsRefusedThoughItIsTheLastLine() throws Exception {
    start().close();
    Path journal = directory.resolve("journal");
    Files.writeString(journal, "{\"change\":\"new\"}\n", StandardOpenOption.APPEND);
    assertThatThrownBy(this::start).hasMessageContaining(journal + " is damaged in line 2");
  }

  @Test
  void journalThatIsDamagedInTheMiddleIsRefusedAndKept() throws Exception {
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      put(s3, "k", "one");
    }
    Path journal = directory.resolve("journal");
    List<String> lines = Files.readAllLines(journal);
    Files.write(journal, List.of(lines.getFirst(), "garbage", lines.getLast()));
    assertThatThrownBy(this::start).hasMessageContaining("journal is damaged in line 2");
    assertThat(Files.readAllLines(journal)).contains("garbage");
    Files.write(journal, lines);
    try (S3Local server = start();
        S3Client s3 = server.client()) {
      assertThat(read(s3, "k")).isEqualTo("one");
    }
  }

  private S3Local start() {
    return S3Local.start(Optional.of(directory), 0, List.of(BUCKET));
  }

  private static String put(S3Client s3, String key, String text) {
    return Optional.ofNullable(
            s3.putObject(to -> to.bucket(BUCKET).key(key), RequestBody.fromString(text))
                .versionId())
        .orElse("");
  }

  private static String read(S3Client s3, String key) {
    return s3.getObjectAsBytes(of -> of.bucket(BUCKET).key(key)).asUtf8String();
  }

  private static CompletedPart upload(S3Client s3, String upload, int number, byte[] bytes) {
    String eTag =
        s3.uploadPart(
                to -> to.bucket(BUCKET).key("large").uploadId(upload).partNumber(number),
                RequestBody.fromBytes(bytes))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(eTag).build();
  }
}
