package dev.pilotlight.batch.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.batch.claim.Trigger;
import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Events of S3 that reach the function by themselves, or in messages of a queue.
public final class DeliveryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = "059f36b4-87a3-44ab-83d2-661975830a7d";
  private static final Trigger FIRST = Trigger.message(ID, false);
  private static final Trigger AGAIN = Trigger.message(ID, true);
  private static final String S3 =
      """
      {"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{
       "bucket":{"name":"b"},"object":{"key":"happy+face%C3%BC.txt","size":5,"eTag":"e",
       "versionId":"v","sequencer":"0055AED6DCD90281E5"}}}]}""";
  private static final String BRIDGE =
      """
      {"version":"0","source":"aws.s3","detail-type":"Object Created","detail":{
       "bucket":{"name":"b"},"object":{"key":"happy faceü.txt","size":5,"etag":"e",
       "version-id":"v","sequencer":"0055AED6DCD90281E5"},"reason":"PutObject"}}""";
  private static final Notice CREATED =
      new Notice.Created(
          new ObjectVersion("b", "happy faceü.txt", "v", "e", 5, "0055AED6DCD90281E5"));

  /// As Lambda's event source mapping for SQS makes it.
  private static ObjectNode message(String body, int received) {
    ObjectNode record = JSON.createObjectNode();
    record.put("messageId", ID);
    record.put("receiptHandle", "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a").put("body", body);
    record
        .putObject("attributes")
        .put("ApproximateReceiveCount", Integer.toString(received))
        .put("SentTimestamp", "1545082649183")
        .put("SenderId", "AIDAIENQZJOLO23YVJ4VO")
        .put("ApproximateFirstReceiveTimestamp", "1545082649185");
    record.putObject("messageAttributes");
    record.put("md5OfBody", "e4e68fb7bd0e697a0ae8f1bb342846b3").put("eventSource", "aws:sqs");
    record.put("eventSourceARN", "arn:aws:sqs:us-east-2:123456789012:my-queue");
    return record.put("awsRegion", "us-east-2");
  }

  private static List<Delivery> read(ObjectNode... records) {
    ObjectNode event = JSON.createObjectNode();
    event.putArray("Records").addAll(List.of(records));
    return read(event.toString());
  }

  private static List<Delivery> read(String event) {
    return Delivery.read(event.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anEventOfS3InAMessageIsReadAsByItself() {
    assertThat(read(S3)).containsExactly(new Delivery(CREATED, Trigger.EVENT));
    assertThat(read(BRIDGE)).containsExactly(new Delivery(CREATED, Trigger.EVENT));
    assertThat(read(message(S3, 1))).containsExactly(new Delivery(CREATED, FIRST));
    assertThat(read(message(BRIDGE, 1))).containsExactly(new Delivery(CREATED, FIRST));
  }

  @Test
  void aMessageThatWasDeliveredBeforeIsKnown() {
    assertThat(read(message(S3, 2))).containsExactly(new Delivery(CREATED, AGAIN));
    ObjectNode byHand = message(S3, 1).without("attributes");
    assertThat(read(byHand)).containsExactly(new Delivery(CREATED, AGAIN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"b\"}",
        "{\"Records\":[{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectRemoved:Delete\"}]}",
        "{\"source\":\"aws.s3\",\"detail-type\":\"Object Deleted\",\"detail\":{}}"
      })
  void anEventOfS3ThatCreatesNothingEndsWithoutFailure(String body) {
    assertThat(read(message(body, 1)))
        .singleElement()
        .satisfies(it -> assertThat(it.notice()).isInstanceOf(Notice.Other.class));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | (the body is empty",
        "hello | not valid JSON",
        "5 | is a number",
        "{} | the event is not S3's",
        "{\"warmup\":true} | the event is not S3's",
        "{\"Type\":\"Notification\",\"Message\":\"{}\"} | the event is not S3's",
        "{\"Records\":[]} | holds an event without records",
        "{\"Records\":5} | Records is a number",
        "{\"Records\":[{}]} | is from an unknown sender",
        "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"{}\"}]} | is from aws:sqs",
        "{\"Records\":[{\"EventSource\":\"aws:sns\"}]} | is from aws:sns",
        "{\"source\":\"aws.ec2\",\"detail\":{}} | the event is not S3's"
      })
  void aMessageWithAnythingElseIsRefused(String body, String reason) {
    assertThat(read(message(body, 1)))
        .singleElement()
        .extracting(Delivery::notice)
        .isInstanceOfSatisfying(
            Notice.Malformed.class, it -> assertThat(it.reason()).contains(reason));
  }

  @Test
  void aMessageThatCannotBeReadIsRefusedAloneAndNotTakenForNone() {
    ObjectNode event = JSON.createObjectNode();
    event.putArray("Records").add(message("half a character", 1));
    String half = event.toString().replace("half a character", "\\ud800");
    assertThat(read(half))
        .singleElement()
        .satisfies(it -> assertThat(it.notice()).isInstanceOf(Notice.Malformed.class))
        .satisfies(it -> assertThat(it.trigger()).isEqualTo(Trigger.message("", true)));

    event.withArray("Records").add(message(S3, 1));
    half = event.toString().replace("half a character", "\\ud800");
    assertThat(read(half))
        .extracting(Delivery::notice)
        .satisfiesExactly(
            it -> assertThat(it).isInstanceOf(Notice.Malformed.class),
            it -> assertThat(it).isEqualTo(CREATED));
  }

  @Test
  void aMessageWithoutABodyIsRefused() {
    assertThat(read(message("", 1).putNull("body")))
        .singleElement()
        .extracting(Delivery::notice)
        .isEqualTo(
            new Notice.Malformed(
                "the message 059f36b4-87a3-44ab-83d2-661975830a7d of the queue has no body"));
  }

  @Test
  void aMessageThatIsRefusedLeavesTheOthersReadable() {
    ObjectNode odd = JSON.createObjectNode().put("eventSource", "aws:s3");
    assertThat(read(message("hello", 1), odd, message(S3, 3)))
        .satisfiesExactly(
            bad -> assertThat(bad.notice()).isInstanceOf(Notice.Malformed.class),
            mixed ->
                assertThat(mixed.notice())
                    .isEqualTo(
                        new Notice.Malformed(
                            "Records[1] of the event is not a message, as others of it are")),
            last -> assertThat(last).isEqualTo(new Delivery(CREATED, AGAIN)));
  }

  @Test
  void anEventOfAnotherSenderIsRefusedAsBefore() {
    assertThatThrownBy(() -> read("{\"rawPath\":\"/\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the event is not S3's; accepted: ");
    assertThat(read("{\"Records\":[]}")).isEmpty();
  }
}
