package dev.pilotlight.e2e.batch;

import static dev.pilotlight.e2e.batch.S3Record.created;
import static dev.pilotlight.e2e.batch.S3Record.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.e2e.Client;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/// S3's habits: events that are late, early, doubled, about what is gone, or about nothing.
///
/// Objects start nothing by themselves here, so that a test decides when their events come.
@Timeout(180)
@SuppressWarnings("NullAway.Init")
class BatchEventsIT {
  private static final String ONE = "{\"id\":\"one\",\"text\":\"hello\"}\n";
  private static final String TWO = ONE + "{\"id\":\"two\",\"text\":\"hello again\"}\n";
  private static final String OUT = ".out.jsonl";
  private static Inbox inbox;

  @BeforeAll
  static void start(@TempDir Path directory) {
    inbox = Inbox.withoutTrigger(directory);
  }

  @AfterAll
  static void stop() {
    inbox.close();
  }

  @AfterEach
  void clear() throws InterruptedException {
    assertThat(inbox.settle()).isEmpty();
    inbox.assertTidy();
    inbox.clear();
  }

  @Test
  void eventByHandMeansTheCurrentVersion() {
    inbox.put("Hand made+.JSONL", ONE);
    assertThat(endings(event(created("Hand made+.JSONL")))).containsExactly("done");
    assertThat(inbox.lines("Hand made+.JSONL" + OUT)).hasSize(1);
    assertThat(endings(event(created("Hand made+.JSONL")))).containsExactly("done-before");
    inbox.put("Hand made+.JSONL", TWO);
    assertThat(endings(event(created("Hand made+.JSONL")))).containsExactly("done");
    assertThat(inbox.lines("Hand made+.JSONL" + OUT)).hasSize(2);
  }

  @Test
  void theSameEventAgainDoesNothing() {
    S3Record first = version("again.JSONL", ONE, "01");
    assertThat(endings(event(first, first))).containsExactly("done", "done-before");
    Map<String, Object> before = objectsOf("again.JSONL");
    assertThat(endings(event(first))).containsExactly("done-before");
    assertThat(objectsOf("again.JSONL")).isEqualTo(before);
  }

  @Test
  void aNewerVersionReplacesAnOlderOne() {
    S3Record old = version("newer.JSONL", ONE, "01");
    S3Record young = version("newer.JSONL", TWO, "02");
    // the old version is still there, and is what its event is about
    assertThat(endings(event(old))).containsExactly("done");
    assertThat(inbox.lines("newer.JSONL" + OUT)).hasSize(1);
    assertThat(endings(event(young))).containsExactly("done");
    assertThat(inbox.lines("newer.JSONL" + OUT)).hasSize(2);
  }

  @Test
  void anOlderVersionsEventThatComesLateDoesNothing() {
    S3Record old = version("late.JSONL", ONE, "0A");
    S3Record young = version("late.JSONL", TWO, "0B");
    assertThat(endings(event(young, old))).containsExactly("done", "superseded");
    assertThat(inbox.lines("late.JSONL" + OUT)).hasSize(2);
  }

  @Test
  void aNewerVersionWithoutErrorsRemovesTheErrorsOfAnOlderOne() {
    assertThat(endings(event(version("mended.JSONL", "{\n", "01")))).containsExactly("done");
    assertThat(inbox.lines("mended.JSONL.errors.jsonl")).hasSize(1);
    assertThat(endings(event(version("mended.JSONL", ONE, "02")))).containsExactly("done");
    assertThat(inbox.keys(Inbox.OUT))
        .containsExactly("mended.JSONL.out.jsonl", "mended.JSONL.summary.json");
  }

  @Test
  void overwrittenObjectIsGoneWithoutVersioning() {
    String old = inbox.putForETag("over.JSONL", ONE);
    String young = inbox.putForETag("over.JSONL", TWO);
    S3Record record = created("over.JSONL");
    assertThat(endings(event(record.with("eTag", old).with("sequencer", "01"))))
        .containsExactly("gone");
    assertThat(inbox.keys(Inbox.OUT)).isEmpty();
    assertThat(endings(event(record.with("eTag", young).with("sequencer", "02"))))
        .containsExactly("done");
    assertThat(inbox.lines("over.JSONL" + OUT)).hasSize(2);
  }

  @Test
  void objectThatWasDeletedBeforeReadingIsGone() {
    S3Record version = version("gone.JSONL", ONE, "01");
    inbox
        .s3()
        .deleteObject(of -> of.bucket(Inbox.IN).key("gone.JSONL").versionId(versionId(version)));
    String eTag = inbox.putForETag("gone2.JSONL", ONE);
    inbox.s3().deleteObject(of -> of.bucket(Inbox.IN).key("gone2.JSONL"));
    assertThat(
            endings(
                event(
                    version,
                    created("gone2.JSONL").with("eTag", eTag).with("sequencer", "01"),
                    created("never.JSONL"))))
        .containsExactly("gone", "gone", "gone");
    assertThat(inbox.keys(Inbox.OUT)).isEmpty();
  }

  @Test
  void aVersionUnderADeleteMarkerIsStillAnswered() {
    S3Record version = version("marked.JSONL", ONE, "01");
    inbox.s3().deleteObject(of -> of.bucket(Inbox.IN).key("marked.JSONL"));
    assertThat(endings(event(version))).containsExactly("done");
    assertThat(inbox.lines("marked.JSONL" + OUT)).hasSize(1);
  }

  @Test
  void aBadRecordDoesNotKeepTheOthersOfItsEvent() throws InterruptedException {
    inbox.put("first.JSONL", ONE);
    inbox.put("bad.JSONL.GZ", ONE);
    inbox.put("last.JSONL", TWO);
    String event = event(created("first.JSONL"), created("bad.JSONL.GZ"), created("last.JSONL"));
    inbox.send(event);
    assertThat(inbox.settle())
        .singleElement()
        .satisfies(
            reason -> assertThat(reason).contains("Unreadable").contains("the object is not gzip"));
    assertThat(inbox.lines("first.JSONL" + OUT)).hasSize(1);
    assertThat(inbox.lines("last.JSONL" + OUT)).hasSize(2);
    assertThat(inbox.keys(Inbox.OUT)).hasSize(5).contains("bad.JSONL.GZ.failed.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ObjectRemoved:Delete",
        "ObjectRemoved:DeleteMarkerCreated",
        "ObjectTagging:Put",
        "ReducedRedundancyLostObject"
      })
  void eventThatIsNotAboutANewObjectIsIgnored(String name) {
    inbox.put("there.JSONL", ONE);
    assertThat(endings(event(created("there.JSONL").named(name)))).containsExactly("ignored");
    assertThat(inbox.keys(Inbox.OUT)).isEmpty();
  }

  @Test
  void theTestEventThatS3SendsFirstIsIgnored() {
    String event =
        """
        {"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-23T12:00:00.000Z",
        "Bucket":"pilotlight-in","RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwc"}
        """;
    assertThat(endings(event)).containsExactly("ignored");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"Records\":5}      | the event is not S3's; accepted: an S3 event notification",
        "PUT a%zz             | which is not URL-encoded as S3 does it; write %25 for %",
        "PUT                  | names no object; accepted: s3.bucket.name and s3.object.key",
        "PUT a.docx        | the key \"a.docx\" does not end in a known suffix",
        "OUT a.jsonl          | is in PILOTLIGHT_BATCH_OUTPUT_BUCKET itself"
      })
  void anEventThatCanNeverBeAnsweredIsAFailureWithItsReason(String event, String reason)
      throws InterruptedException {
    inbox.put("a.docx", ONE);
    inbox.send(eventByHand(event, event.indexOf(' ')));
    assertThat(inbox.settle()).singleElement().satisfies(line -> assertThat(line).contains(reason));
    assertThat(inbox.keys(Inbox.OUT)).allMatch(key -> key.endsWith("a.docx.failed.json"));
  }

  @Test
  void copiesAreAnsweredLikeTheirOriginals() throws InterruptedException {
    inbox.put("original.bin", TWO);
    inbox
        .s3()
        .copyObject(
            to ->
                to.sourceBucket(Inbox.IN)
                    .sourceKey("original.bin")
                    .destinationBucket(Inbox.IN)
                    .destinationKey("other/copy.jsonl"));
    assertThat(inbox.settle()).isEmpty();
    assertThat(inbox.lines("other/copy.jsonl" + OUT)).hasSize(2);
  }

  @Test
  void multipartUploadIsAnsweredOnceItIsComplete() throws InterruptedException {
    String padding = " ".repeat(5 * 1024 * 1024 - ONE.length());
    String id =
        inbox.s3().createMultipartUpload(to -> to.bucket(Inbox.IN).key("other/p.jsonl")).uploadId();
    List<CompletedPart> parts = new ArrayList<>();
    for (String part : List.of(ONE.replace("}", padding + "}"), TWO)) {
      int number = parts.size() + 1;
      String eTag =
          inbox
              .s3()
              .uploadPart(
                  to -> to.bucket(Inbox.IN).key("other/p.jsonl").uploadId(id).partNumber(number),
                  RequestBody.fromString(part))
              .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(eTag).build());
    }
    assertThat(inbox.settle()).isEmpty();
    assertThat(inbox.keys(Inbox.OUT)).isEmpty();
    inbox
        .s3()
        .completeMultipartUpload(
            of ->
                of.bucket(Inbox.IN)
                    .key("other/p.jsonl")
                    .uploadId(id)
                    .multipartUpload(all -> all.parts(parts)));
    assertThat(inbox.settle()).isEmpty();
    assertThat(inbox.lines("other/p.jsonl" + OUT)).hasSize(3);
    assertThat(inbox.json("other/p.jsonl.summary.json").at("/input/etag").asText()).endsWith("-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AES256", "aws:kms"})
  void objectThatS3EncryptsIsAnswered(String encryption) throws InterruptedException {
    inbox
        .s3()
        .putObject(
            to ->
                to.bucket(Inbox.IN)
                    .key("other/secret.jsonl")
                    .serverSideEncryption(ServerSideEncryption.fromValue(encryption)),
            RequestBody.fromString(TWO));
    assertThat(inbox.settle()).isEmpty();
    assertThat(inbox.lines("other/secret.jsonl" + OUT)).hasSize(2);
  }

  /// Puts a version; its event comes when the test sends it.
  private static S3Record version(String key, String content, String sequencer) {
    String id = inbox.put(key, content);
    String eTag = inbox.eTag(key);
    return created(key).with("versionId", id).with("eTag", eTag).with("sequencer", sequencer);
  }

  private static String versionId(S3Record version) {
    return version.more().replaceAll(".*\"versionId\":\"([^\"]*)\".*", "$1");
  }

  /// When each of an object's answers was written.
  private static Map<String, Object> objectsOf(String key) {
    var out = inbox.s3().headObject(of -> of.bucket(Inbox.OUT).key(key + OUT));
    var summary = inbox.s3().headObject(of -> of.bucket(Inbox.OUT).key(key + ".summary.json"));
    return Map.of("out", out.lastModified(), "summary", summary.lastModified());
  }

  private static String eventByHand(String event, int space) {
    if (!event.startsWith("PUT") && !event.startsWith("OUT")) {
      return event;
    }
    String key = space < 0 ? "" : event.substring(space + 1);
    String bucket = event.startsWith("OUT") ? Inbox.OUT : Inbox.IN;
    // as it is: S3Record would encode it
    return event(created("KEY").in(bucket)).replace("KEY", key);
  }

  /// The ending of each record of an event, from the synchronous response.
  private static List<String> endings(String event) {
    Client.Reply reply = inbox.invoke(event);
    assertThat(reply.header("x-amz-function-error")).as(reply.text()).isEmpty();
    List<String> endings = new ArrayList<>();
    for (JsonNode batch : reply.json().get("batches")) {
      endings.add(batch.get("ending").asText());
    }
    return endings;
  }
}
