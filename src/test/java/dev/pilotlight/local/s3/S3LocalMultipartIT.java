package dev.pilotlight.local.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

class S3LocalMultipartIT extends S3Server {
  private static final int PART_BYTES_MIN = 5 << 20;

  @Test
  void partsBecomeOneObjectWithTheMetadataOfTheFirstRequest() throws Exception {
    server.keepVersions(bucket);
    String id =
        s3.createMultipartUpload(
                to ->
                    to.bucket(bucket)
                        .key("k")
                        .contentType("application/jsonl")
                        .metadata(Map.of("pilotlight-version", "v"))
                        .serverSideEncryption(ServerSideEncryption.AES256))
            .uploadId();
    String second = upload(id, 2, bytes(3, 'b'));
    String first = upload(id, 1, bytes(PART_BYTES_MIN, 'a'));
    assertThat(keys()).isEmpty();
    assertThat(parts(id)).extracting(Part::partNumber).containsExactly(1, 2);
    assertThat(parts(id)).extracting(Part::size).containsExactly((long) PART_BYTES_MIN, 3L);

    CompleteMultipartUploadResponse done = complete(id, first, second);

    assertThat(done.eTag()).endsWith("-2\"");
    var head = s3.headObject(of -> of.bucket(bucket).key("k"));
    assertThat(head.metadata()).containsEntry("pilotlight-version", "v");
    assertThat(head.contentType()).isEqualTo("application/jsonl");
    assertThat(head.versionId()).isNotBlank().isEqualTo(done.versionId());
    assertThat(head.serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
    assertThat(range("bytes=%d-".formatted(PART_BYTES_MIN - 1))).isEqualTo("abbb");
    S3Local.Created event = nextEvent();
    assertThat(event.eventName()).isEqualTo("ObjectCreated:CompleteMultipartUpload");
    assertThat(event.size()).isEqualTo(PART_BYTES_MIN + 3);
    assertThat(event.eTag()).isEqualTo(done.eTag().replace("\"", ""));
    assertThat(event.versionId()).isEqualTo(done.versionId());
    assertRefused(404, "NoSuchUpload", () -> parts(id));
  }

  @Test
  void partThatIsSentAgainReplacesTheFirst() {
    String id = start("k");
    String stale = upload(id, 1, bytes(1, 'a'));
    String eTag = upload(id, 1, bytes(2, 'b'));
    assertRefused(400, "InvalidPart", () -> complete(id, stale));
    complete(id, eTag);
    assertThat(get("k")).isEqualTo("bb");
  }

  @Test
  void abortedUploadIsUnknown() {
    String id = start("k");
    String eTag = upload(id, 1, bytes(1, 'a'));
    s3.abortMultipartUpload(of -> of.bucket(bucket).key("k").uploadId(id));
    assertRefused(404, "NoSuchUpload", () -> upload(id, 1, bytes(1, 'a')));
    assertRefused(404, "NoSuchUpload", () -> parts(id));
    assertRefused(404, "NoSuchUpload", () -> complete(id, eTag));
    assertRefused(
        404,
        "NoSuchUpload",
        () -> s3.abortMultipartUpload(of -> of.bucket(bucket).key("k").uploadId(id)));
    assertThat(uploads("")).isEmpty();
  }

  @Test
  void completedUploadCannotBeAborted() {
    String id = start("k");
    complete(id, upload(id, 1, bytes(1, 'a')));
    assertRefused(
        404,
        "NoSuchUpload",
        () -> s3.abortMultipartUpload(of -> of.bucket(bucket).key("k").uploadId(id)));
    assertThat(get("k")).isEqualTo("a");
  }

  @Test
  void uploadsAreListedByPrefix() {
    String mine = start("out/a.jsonl");
    String other = start("other");
    assertThat(uploads("out/")).containsExactly(mine);
    assertThat(uploads("")).containsExactlyInAnyOrder(mine, other);
    assertThat(keys()).isEmpty();
  }

  @Test
  void onlyTheLastPartMayBeSmall() {
    String id = start("k");
    String first = upload(id, 1, bytes(PART_BYTES_MIN - 1, 'a'));
    String second = upload(id, 2, bytes(1, 'b'));
    assertRefused(400, "EntityTooSmall", () -> complete(id, first, second));
  }

  @Test
  void partOfAnUnknownUploadIsRefused() {
    assertRefused(404, "NoSuchUpload", () -> upload("unknown", 1, bytes(1, 'a')));
  }

  @Test
  void partCanBeACopy() {
    put("source", "0123456789");
    String id = start("k");
    var part =
        s3.uploadPartCopy(
            to ->
                to.sourceBucket(bucket)
                    .sourceKey("source")
                    .copySourceRange("bytes=2-4")
                    .destinationBucket(bucket)
                    .destinationKey("k")
                    .uploadId(id)
                    .partNumber(1));
    complete(id, part.copyPartResult().eTag());
    assertThat(get("k")).isEqualTo("234");
  }

  private String start(String key) {
    return s3.createMultipartUpload(to -> to.bucket(bucket).key(key)).uploadId();
  }

  private String upload(String id, int number, byte[] content) {
    return s3.uploadPart(
            to -> to.bucket(bucket).key("k").uploadId(id).partNumber(number),
            RequestBody.fromBytes(content))
        .eTag();
  }

  private List<Part> parts(String id) {
    return s3.listParts(of -> of.bucket(bucket).key("k").uploadId(id)).parts();
  }

  private List<String> uploads(String prefix) {
    return s3.listMultipartUploads(of -> of.bucket(bucket).prefix(prefix)).uploads().stream()
        .map(MultipartUpload::uploadId)
        .toList();
  }

  private CompleteMultipartUploadResponse complete(String id, String... eTags) {
    List<CompletedPart> parts =
        IntStream.range(0, eTags.length)
            .mapToObj(i -> CompletedPart.builder().partNumber(i + 1).eTag(eTags[i]).build())
            .toList();
    return s3.completeMultipartUpload(
        of -> of.bucket(bucket).key("k").uploadId(id).multipartUpload(all -> all.parts(parts)));
  }

  private String range(String range) {
    return s3.getObjectAsBytes(of -> of.bucket(bucket).key("k").range(range)).asUtf8String();
  }

  private static byte[] bytes(int size, char of) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) of);
    return bytes;
  }
}
