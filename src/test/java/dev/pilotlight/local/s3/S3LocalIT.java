package dev.pilotlight.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

class S3LocalIT extends S3Server {

  @Test
  void objectKeepsItsMetadata() {
    s3.putObject(
        to ->
            to.bucket(bucket)
                .key("k")
                .contentType("text/csv")
                .contentEncoding("gzip")
                .metadata(Map.of("encoding-format", "base64"))
                .serverSideEncryption(ServerSideEncryption.AES256),
        RequestBody.fromString("x"));
    var head = s3.headObject(of -> of.bucket(bucket).key("k"));
    assertThat(head.metadata()).containsExactly(Map.entry("encoding-format", "base64"));
    assertThat(head.contentType()).isEqualTo("text/csv");
    assertThat(head.contentEncoding()).isEqualTo("gzip");
    assertThat(head.serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
    assertThat(head.versionId()).isNull();
    copy("k", "kept", MetadataDirective.COPY);
    assertThat(s3.headObject(of -> of.bucket(bucket).key("kept")).metadata())
        .isEqualTo(head.metadata());
    copy("k", "replaced", MetadataDirective.REPLACE);
    assertThat(s3.headObject(of -> of.bucket(bucket).key("replaced")).metadata()).isEmpty();
  }

  @Test
  void rangesAreReadFromTheRightObject() {
    String eTag = put("k", "0123456789").eTag();
    assertThat(range("bytes=2-4", eTag)).isEqualTo("234");
    assertThat(range("bytes=7-", eTag)).isEqualTo("789");
    assertThat(range("bytes=-2", eTag)).isEqualTo("89");
    assertThat(range("bytes=8-99", eTag)).isEqualTo("89");
    assertRefused(416, "InvalidRange", () -> range("bytes=10-", eTag));
    put("k", "abcdefghij");
    assertRefused(412, "PreconditionFailed", () -> range("bytes=2-4", eTag));
  }

  @Test
  void emptyObjectExists() {
    String eTag = put("k", "").eTag();
    assertThat(get("k")).isEmpty();
    assertThat(s3.headObject(of -> of.bucket(bucket).key("k")).contentLength()).isZero();
    assertRefused(416, "InvalidRange", () -> range("bytes=0-", eTag));
  }

  @Test
  void missingObjectsAreNotFound() {
    assertRefused(404, "NoSuchKey", () -> get("k"));
    assertRefused(404, "NoSuchBucket", () -> s3.listObjectsV2(of -> of.bucket("no-bucket")));
    s3.deleteObject(of -> of.bucket(bucket).key("k"));
  }

  @Test
  void conditionalWriteSucceedsOnlyOnce() {
    var first = putIf(null, "*");
    assertRefused(412, "PreconditionFailed", () -> putIf(null, "*"));
    putIf(first, null);
    assertRefused(412, "PreconditionFailed", () -> putIf("\"stale\"", null));
  }

  @Test
  void bucketIsDeletedOnlyWhenEmpty() {
    put("k", "");
    assertRefused(409, "BucketNotEmpty", () -> s3.deleteBucket(of -> of.bucket(bucket)));
    s3.deleteObject(of -> of.bucket(bucket).key("k"));
    s3.deleteBucket(of -> of.bucket(bucket));
    assertThat(s3.listBuckets().buckets()).noneMatch(each -> each.name().equals(bucket));
  }

  @Test
  void aBodyThatDoesNotHaveItsMd5IsRefused() {
    ContentStreamProvider tenBytes = () -> new ByteArrayInputStream(new byte[10]);
    assertThat(
            catchThrowable(
                () ->
                    s3.putObject(
                        to -> to.bucket(bucket).key("k").contentMD5("1B2M2Y8AsgTpgAmY7PhCfg=="),
                        RequestBody.fromContentProvider(tenBytes, 10, "text/plain"))))
        .hasMessageContaining("Content-MD5");
    assertThat(keys()).isEmpty();
  }

  @Test
  void everyNewObjectIsAnEventInOrder() throws Exception {
    String eTag = put("k", "one").eTag().replace("\"", "");
    copy("k", "copy", MetadataDirective.COPY);
    s3.deleteObject(of -> of.bucket(bucket).key("k"));
    put("k", "three");

    S3Local.Created first = nextEvent();
    assertThat(first)
        .isEqualTo(
            new S3Local.Created("ObjectCreated:Put", bucket, "k", "", eTag, 3, first.sequencer()));
    S3Local.Created second = nextEvent();
    assertThat(second.eventName()).isEqualTo("ObjectCreated:Copy");
    S3Local.Created third = nextEvent();
    assertThat(third.size()).isEqualTo(5);
    assertThat(List.of(first.sequencer(), second.sequencer(), third.sequencer()))
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(each -> each.matches("[0-9A-F]{18}"));
  }

  @Test
  void slowConsumerDelaysNoRequestAndMissesNoEvent() throws Exception {
    try (S3Local slow = S3Local.start(0, "bucket");
        var client = slow.client()) {
      CountDownLatch hold = new CountDownLatch(1);
      CountDownLatch heard = new CountDownLatch(3);
      List<String> keys = new ArrayList<>();
      slow.onCreated(
          event -> {
            await(hold);
            // the object of an event exists
            client.headObject(of -> of.bucket("bucket").key(event.key()));
            keys.add(event.key());
            heard.countDown();
          });
      for (String key : List.of("c", "a", "b")) {
        client.putObject(to -> to.bucket("bucket").key(key), RequestBody.empty());
      }
      hold.countDown();
      heard.await();
      assertThat(keys).containsExactly("c", "a", "b");
    }
  }

  @Test
  void everyPutIsOneWrite() throws Exception {
    for (int i = 0; i < 200; i++) {
      put("k" + i, "");
    }
    for (int i = 0; i < 200; i++) {
      assertThat(nextEvent().key()).isEqualTo("k" + i);
    }
  }

  private void copy(String from, String to, MetadataDirective directive) {
    s3.copyObject(
        copy ->
            copy.sourceBucket(bucket)
                .sourceKey(from)
                .destinationBucket(bucket)
                .destinationKey(to)
                .metadataDirective(directive));
  }

  private String putIf(@Nullable String match, @Nullable String noneMatch) {
    return s3.putObject(
            to -> to.bucket(bucket).key("k").ifMatch(match).ifNoneMatch(noneMatch),
            RequestBody.fromString("x"))
        .eTag();
  }

  private String range(String range, String eTag) {
    return s3.getObjectAsBytes(of -> of.bucket(bucket).key("k").range(range).ifMatch(eTag))
        .asUtf8String();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void wrongBucketNameIsRefusedAtTheStart() {
    assertThatThrownBy(() -> S3Local.start(0, "in"))
        .hasMessage("'in' is not a bucket name; accepted: 3 to 63 of a-z, 0-9, . and -");
  }
}
