package dev.pilotlight.local.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

class S3LocalVersionsIT extends S3Server {

  @BeforeEach
  void keepVersions() {
    server.keepVersions(bucket);
  }

  @Test
  void everyWriteIsAVersionThatCanBeRead() throws Exception {
    String first = put("k", "one").versionId();
    String second = put("k", "second").versionId();
    assertThat(first).isNotBlank().isNotEqualTo(second);
    assertThat(nextEvent().versionId()).isEqualTo(first);
    assertThat(nextEvent().versionId()).isEqualTo(second);
    assertThat(get("k")).isEqualTo("second");
    assertThat(get("k", first)).isEqualTo("one");
    assertThat(s3.headObject(of -> of.bucket(bucket).key("k")).versionId()).isEqualTo(second);
    assertThat(s3.headObject(of -> of.bucket(bucket).key("k").versionId(first)).contentLength())
        .isEqualTo(3);
    assertThat(
            s3.getObjectAsBytes(of -> of.bucket(bucket).key("k").versionId(first).range("bytes=1-"))
                .asUtf8String())
        .isEqualTo("ne");
  }

  @Test
  void deleteLeavesAMarker() {
    String version = put("k", "one").versionId();
    var deleted = s3.deleteObject(of -> of.bucket(bucket).key("k"));
    assertThat(deleted.deleteMarker()).isTrue();
    assertThat(keys()).isEmpty();
    assertRefused(404, "NoSuchKey", () -> get("k"));
    assertThat(get("k", version)).isEqualTo("one");
    assertRefused(405, "MethodNotAllowed", () -> get("k", deleted.versionId()));
    s3.deleteObject(of -> of.bucket(bucket).key("k").versionId(deleted.versionId()));
    assertThat(get("k")).isEqualTo("one");
  }

  @Test
  void deletedVersionIsGone() {
    String first = put("k", "one").versionId();
    put("k", "two");
    s3.deleteObject(of -> of.bucket(bucket).key("k").versionId(first));
    assertRefused(404, "NoSuchVersion", () -> get("k", first));
    assertThat(get("k")).isEqualTo("two");
  }

  @Test
  void oldVersionCanBeCopied() {
    String first = put("k", "one").versionId();
    put("k", "two");
    var copied =
        s3.copyObject(
            to ->
                to.sourceBucket(bucket)
                    .sourceKey("k")
                    .sourceVersionId(first)
                    .destinationBucket(bucket)
                    .destinationKey("copy"));
    assertThat(get("copy", copied.versionId())).isEqualTo("one");
  }

  @Test
  void allVersionsAreListed() {
    String first = put("k", "one").versionId();
    String second = put("k", "two").versionId();
    put("l", "");
    s3.deleteObject(of -> of.bucket(bucket).key("k"));
    var listed = s3.listObjectVersionsPaginator(of -> of.bucket(bucket).maxKeys(1));
    assertThat(listed.versions().stream().filter(each -> each.key().equals("k")))
        .extracting(ObjectVersion::versionId)
        .containsExactly(second, first);
    assertThat(listed.versions().stream().filter(ObjectVersion::isLatest))
        .extracting(ObjectVersion::key)
        .containsExactly("l");
    assertThat(listed.deleteMarkers()).hasSize(1);
  }

  @Test
  void objectWrittenBeforeVersioningIsTheVersionNull() {
    String late = "later-" + bucket;
    s3.createBucket(to -> to.bucket(late));
    var before = s3.putObject(to -> to.bucket(late).key("k"), RequestBody.fromString("before"));
    assertThat(before.versionId()).isNull();
    s3.putBucketVersioning(
        of ->
            of.bucket(late)
                .versioningConfiguration(to -> to.status(BucketVersioningStatus.ENABLED)));
    s3.putObject(to -> to.bucket(late).key("k"), RequestBody.fromString("after"));
    assertThat(s3.getObjectAsBytes(of -> of.bucket(late).key("k").versionId("null")).asUtf8String())
        .isEqualTo("before");
  }

  private String get(String key, String version) {
    return s3.getObjectAsBytes(of -> of.bucket(bucket).key(key).versionId(version))
        .asString(StandardCharsets.UTF_8);
  }
}
