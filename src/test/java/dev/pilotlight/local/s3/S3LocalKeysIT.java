package dev.pilotlight.local.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

class S3LocalKeysIT extends S3Server {

  static List<String> oddKeys() {
    return List.of(
        "plain",
        "a b",
        " leading and trailing ",
        "a+b",
        "a%b",
        "a%20b",
        "100%",
        "a%2Fb",
        "ü/日本語/🚀",
        "e\u0301",
        "a",
        "a/",
        "a/b",
        "a//b",
        "/a",
        "//",
        "/",
        ".",
        "..a",
        "a/./b",
        "a/../b",
        "a/..",
        ".hidden",
        ".pilotlight/batches/x/1.tail",
        "a?b=c&d#e",
        "a;b,c:d@e=f$g!h*i'j(k)",
        "<a>&amp;\"'</a>",
        "back\\slash",
        "tilde~|^{}[]`",
        "tab\tend",
        ".s3proxy",
        "k".repeat(1024));
  }

  @ParameterizedTest
  @MethodSource("oddKeys")
  void everyKeyIsKeptUnchanged(String key) throws Exception {
    put(key, key);
    assertThat(get(key)).isEqualTo(key);
    assertThat(s3.headObject(of -> of.bucket(bucket).key(key)).contentLength())
        .isEqualTo(key.getBytes(StandardCharsets.UTF_8).length);
    assertThat(keys()).containsExactly(key);
    assertThat(nextEvent().key()).isEqualTo(key);
    s3.copyObject(
        to -> to.sourceBucket(bucket).sourceKey(key).destinationBucket(bucket).destinationKey("x"));
    assertThat(get("x")).isEqualTo(key);
    s3.copyObject(
        to -> to.sourceBucket(bucket).sourceKey("x").destinationBucket(bucket).destinationKey(key));
    s3.deleteObject(of -> of.bucket(bucket).key(key));
    assertThat(keys()).containsExactly("x");
  }

  @ParameterizedTest
  @MethodSource("oddKeys")
  void everyKeyCanBeUploadedInParts(String key) {
    String id = s3.createMultipartUpload(to -> to.bucket(bucket).key(key)).uploadId();
    assertThat(s3.listMultipartUploads(of -> of.bucket(bucket).prefix(key)).uploads())
        .singleElement()
        .satisfies(upload -> assertThat(upload.key()).isEqualTo(key));
    String eTag =
        s3.uploadPart(
                to -> to.bucket(bucket).key(key).uploadId(id).partNumber(1),
                RequestBody.fromString("in parts"))
            .eTag();
    s3.completeMultipartUpload(
        of ->
            of.bucket(bucket)
                .key(key)
                .uploadId(id)
                .multipartUpload(
                    all -> all.parts(CompletedPart.builder().partNumber(1).eTag(eTag).build())));
    assertThat(get(key)).isEqualTo("in parts");
  }

  @Test
  void keysAreListedInTheOrderOfTheirBytes() {
    oddKeys().forEach(key -> put(key, key));
    assertThat(keys())
        .containsExactlyElementsOf(
            oddKeys().stream()
                .sorted(Comparator.comparing(S3LocalKeysIT::utf8, Arrays::compareUnsigned))
                .toList());
    oddKeys().forEach(key -> assertThat(get(key)).isEqualTo(key));
  }

  @Test
  void manyObjectsAreDeletedAtOnce() {
    oddKeys().forEach(key -> put(key, ""));
    put("stays", "");
    List<ObjectIdentifier> all =
        oddKeys().stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    var answer = s3.deleteObjects(in -> in.bucket(bucket).delete(these -> these.objects(all)));
    assertThat(answer.errors()).isEmpty();
    assertThat(keys()).containsExactly("stays");
  }

  @Test
  void pagesFollowEachOther() {
    oddKeys().forEach(key -> put(key, ""));
    var pages = s3.listObjectsV2Paginator(of -> of.bucket(bucket).maxKeys(3));
    assertThat(pages.stream().mapToInt(page -> page.contents().size()).max()).hasValue(3);
    assertThat(pages.contents().stream().map(S3Object::key))
        .containsExactlyElementsOf(keys())
        .hasSameSizeAs(oddKeys());
  }

  @Test
  void keysAreRolledUpAtTheDelimiter() {
    List.of("a", "a/", "a/b", "a/c/d", "a0", "b/c", "b/d").forEach(key -> put(key, ""));
    ListObjectsV2Response top = s3.listObjectsV2(of -> of.bucket(bucket).delimiter("/"));
    assertThat(keys(top)).containsExactly("a", "a0");
    assertThat(prefixes(top)).containsExactly("a/", "b/");
    ListObjectsV2Response inside =
        s3.listObjectsV2(of -> of.bucket(bucket).delimiter("/").prefix("a/"));
    assertThat(keys(inside)).containsExactly("a/", "a/b");
    assertThat(prefixes(inside)).containsExactly("a/c/");
    var single = s3.listObjectsV2Paginator(of -> of.bucket(bucket).delimiter("/").maxKeys(1));
    assertThat(single.stream().flatMap(page -> keys(page).stream())).containsExactly("a", "a0");
    assertThat(single.stream().flatMap(page -> prefixes(page).stream()))
        .containsExactly("a/", "b/");
    assertThat(
            s3.listObjects(of -> of.bucket(bucket).delimiter("/").marker("a/").maxKeys(1))
                .contents())
        .singleElement()
        .satisfies(object -> assertThat(object.key()).isEqualTo("a0"));
  }

  @Test
  void listingStartsAfterAKey() {
    List.of("a", "b", "c").forEach(key -> put(key, ""));
    assertThat(keys(s3.listObjectsV2(of -> of.bucket(bucket).startAfter("a"))))
        .containsExactly("b", "c");
  }

  @Test
  void aKeyOfMoreThan1024BytesIsRefused() {
    assertRefused(400, "KeyTooLongError", () -> put("ü".repeat(513), ""));
  }

  private static List<String> keys(ListObjectsV2Response page) {
    return page.contents().stream().map(S3Object::key).toList();
  }

  private static List<String> prefixes(ListObjectsV2Response page) {
    return page.commonPrefixes().stream().map(CommonPrefix::prefix).toList();
  }

  private static byte[] utf8(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
