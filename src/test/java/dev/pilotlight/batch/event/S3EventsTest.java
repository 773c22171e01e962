package dev.pilotlight.batch.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public final class S3EventsTest {
  private static final String PUT =
      """
      {"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-west-2",
       "eventTime":"1970-01-01T00:00:00.000Z","eventName":"ObjectCreated:Put",
       "userIdentity":{"principalId":"AIDAJDPLRKLG7UEXAMPLE"},
       "requestParameters":{"sourceIPAddress":"127.0.0.1"},
       "responseElements":{"x-amz-request-id":"C3D13FE58DE4C810","x-amz-id-2":"FMyUVURIY8/IgAtTv"},
       "s3":{"s3SchemaVersion":"1.0","configurationId":"testConfigRule",
        "bucket":{"name":"pilotlight-in","ownerIdentity":{"principalId":"A3NL1KOZZKExample"},
         "arn":"arn:aws:s3:::pilotlight-in"},
        "object":{"key":"in/happy+face%C3%BC.jsonl","size":5368709120,
         "eTag":"d41d8cd98f00b204e9800998ecf8427e","versionId":"096fKKXTRTtl3on89fVO.nfljtsv6qko",
         "sequencer":"0055AED6DCD90281E5"}}}""";

  private static List<Notice> read(String event) {
    return S3Events.read(event.getBytes(StandardCharsets.UTF_8));
  }

  private static String records(String... records) {
    return "{\"Records\":[" + String.join(",", records) + "]}";
  }

  private static String byHand(String bucket, String object) {
    return records(
        """
        {"eventSource":"aws:s3","eventName":"ObjectCreated:Put",
         "s3":{"bucket":%s,"object":%s}}"""
            .formatted(bucket, object));
  }

  /// Compares with AWS's class.
  @Test
  void readsTheSameAsLambdasEventClass() throws IOException {
    byte[] event = records(PUT).getBytes(StandardCharsets.UTF_8);
    S3Event theirs =
        LambdaEventSerializers.serializerFor(S3Event.class, S3Event.class.getClassLoader())
            .fromJson(new ByteArrayInputStream(event));
    S3EventNotification.S3Entity s3 = theirs.getRecords().getFirst().getS3();
    assertThat(read(records(PUT)))
        .containsExactly(
            new Notice.Created(
                new ObjectVersion(
                    s3.getBucket().getName(),
                    s3.getObject().getUrlDecodedKey(),
                    s3.getObject().getVersionId(),
                    s3.getObject().geteTag(),
                    s3.getObject().getSizeAsLong(),
                    s3.getObject().getSequencer())));
  }

  @Test
  void putObjectHasAllValuesOfTheEvent() throws IOException {
    assertThat(read(records(PUT)))
        .containsExactly(
            new Notice.Created(
                new ObjectVersion(
                    "pilotlight-in",
                    "in/happy faceü.jsonl",
                    "096fKKXTRTtl3on89fVO.nfljtsv6qko",
                    "d41d8cd98f00b204e9800998ecf8427e",
                    5368709120L,
                    "0055AED6DCD90281E5")));
  }

  @Test
  void valuesThatAnEventByHandLacksAreEmpty() throws IOException {
    ObjectVersion bare = new ObjectVersion("b", "k.txt", "", "", -1, "");
    assertThat(read(byHand("{\"name\":\"b\"}", "{\"key\":\"k.txt\"}")))
        .containsExactly(new Notice.Created(bare));
    assertThat(
            read(
                byHand(
                    "{\"name\":\"b\"}",
                    """
                    {"key":"k.txt","size":null,"eTag":null,"versionId":null,"sequencer":null}""")))
        .containsExactly(new Notice.Created(bare));
  }

  @Test
  void anEntityTagLosesItsQuotes() throws IOException {
    assertThat(read(byHand("{\"name\":\"b\"}", "{\"key\":\"k\",\"eTag\":\"\\\"e-2\\\"\"}")))
        .containsExactly(new Notice.Created(new ObjectVersion("b", "k", "", "e-2", -1, "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.txt",
        "a b.txt",
        "a+b.txt",
        "100%.txt",
        "%41.txt",
        "ü/日本 語.txt",
        "😀.txt",
        "a//b.txt",
        "a&b=c?d#e.txt",
        "\"q\".txt",
        "a\\b.txt",
        "tab\there.txt",
        "(1)!*'.txt",
        "..txt",
        "~x.txt"
      })
  void aKeyIsDecodedAsS3EncodedIt(String key) throws IOException {
    String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    assertThat(read(byHand("{\"name\":\"b\"}", "{\"key\":\"%s\"}".formatted(encoded))))
        .containsExactly(new Notice.Created(new ObjectVersion("b", key, "", "", -1, "")));
  }

  @Test
  void recordsKeepTheirOrder() throws IOException {
    String removed = PUT.replace("ObjectCreated:Put", "ObjectRemoved:DeleteMarkerCreated");
    String copied =
        "{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Copy\","
            + "\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}";
    assertThat(read(records(PUT, removed, copied)))
        .satisfiesExactly(
            first -> assertThat(first).isInstanceOf(Notice.Created.class),
            second ->
                assertThat(second)
                    .isEqualTo(
                        new Notice.Other(
                            "ObjectRemoved:DeleteMarkerCreated from aws:s3 of"
                                + " s3://pilotlight-in/in/happy faceü.jsonl")),
            third ->
                assertThat(third)
                    .isEqualTo(new Notice.Created(new ObjectVersion("b", "k", "", "", -1, ""))));
    assertThat(read(records())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ObjectCreated:Put",
        "ObjectCreated:Post",
        "ObjectCreated:Copy",
        "ObjectCreated:CompleteMultipartUpload"
      })
  void everyKindOfCreationCounts(String name) throws IOException {
    assertThat(read(records(PUT.replace("ObjectCreated:Put", name))))
        .singleElement()
        .isInstanceOf(Notice.Created.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ObjectRemoved:Delete",
        "ObjectRestore:Completed",
        "ObjectTagging:Put",
        "LifecycleExpiration:Delete",
        "ReducedRedundancyLostObject",
        "Replication:OperationFailedReplication"
      })
  void whateverElseHappensIsSomethingElse(String name) throws IOException {
    assertThat(read(records(PUT.replace("ObjectCreated:Put", name))))
        .singleElement()
        .isInstanceOfSatisfying(
            Notice.Other.class, other -> assertThat(other.what()).startsWith(name));
  }

  @Test
  void theTestEventOfS3IsSomethingElse() throws IOException {
    assertThat(
            read(
                """
                {"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2014-10-13T15:57:02.089Z",
                 "Bucket":"b","RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwcmo8vvZ"}
                """))
        .containsExactly(new Notice.Other("s3:TestEvent from aws:s3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'messageId':'m','eventSource':'aws:sqs','body':'{}'} | a record from aws:sqs",
        "{'EventSource':'aws:sns','Sns':{'Message':'x'}} | a record from aws:sns",
        "{'eventSource':'aws:dynamodb','eventName':'INSERT','dynamodb':{}} | INSERT from aws:dyn",
        "{} | a record from an unknown sender"
      })
  void aRecordOfAnotherSenderIsSomethingElse(String record, String what) throws IOException {
    assertThat(read(records(record.replace('\'', '"'))))
        .singleElement()
        .isInstanceOfSatisfying(
            Notice.Other.class, other -> assertThat(other.what()).startsWith(what));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | is empty",
        "null | is null",
        "[] | is an array",
        "{} | s3:TestEvent",
        "{\"rawPath\":\"/\"} | accepted: an S3 event notification",
        "{\"Event\":\"other\"} | accepted: an S3 event notification",
        "{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\"} | accepted: an S3 event",
        "{\"source\":\"aws.ec2\",\"detail\":{}} | accepted: an S3 event",
        "{\"Records\":5} | Records is a number",
        "{\"Records\":[ | not valid JSON"
      })
  void eventOfAnotherSenderIsRefusedInOneLine(String event, String reason) {
    assertThatThrownBy(() -> read(event))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the event is not S3's; accepted: ")
        .hasMessageContaining(reason)
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "5 | Records[1] is a number",
        "null | Records[1] is null",
        "[] | Records[1] is an array",
        "{\"s3\":[]} | s3 is an array",
        "{\"eventName\":[]} | eventName is an array",
        "{\"s3\":{\"object\":{\"key\":7}}} | s3.object.key is a number",
        "{\"s3\":{\"object\":{\"key\":\"a%\"}}} | key is \"a%\", which is not URL",
        "{\"s3\":{\"object\":{\"size\":-1}}} | size is -1; accepted",
        "{\"s3\":{\"bucket\":\"b\"}} | s3.bucket is a string"
      })
  void aMalformedRecordLeavesTheOthersReadable(String record, String reason) throws IOException {
    assertThat(read(records(PUT, record, PUT)))
        .satisfiesExactly(
            first -> assertThat(first).isInstanceOf(Notice.Created.class),
            bad ->
                assertThat(bad)
                    .isInstanceOfSatisfying(
                        Notice.Malformed.class,
                        it -> assertThat(it.reason()).contains("Records[1]", reason)),
            last -> assertThat(last).isInstanceOf(Notice.Created.class));
  }

  @Test
  void anEventOfEventBridgeNamesTheSameObject() throws IOException {
    String detail =
        """
        {"version":"0","bucket":{"name":"b"},"object":{"key":"a+b c%20ü.jsonl","size":5,
         "etag":"e","version-id":"v","sequencer":"0A"},"request-id":"r","requester":"1",
         "reason":"CompleteMultipartUpload"}""";
    String event = "{\"version\":\"0\",\"detail\":%s,\"source\":\"aws.s3\",\"detail-type\":\"%s\"}";
    assertThat(read(event.formatted(detail, "Object Created")))
        .containsExactly(
            new Notice.Created(new ObjectVersion("b", "a+b c%20ü.jsonl", "v", "e", 5, "0A")));
    assertThat(read(event.formatted(detail, "Object Deleted")))
        .singleElement()
        .isInstanceOf(Notice.Other.class);
    assertThat(read(event.formatted("{\"object\":[]}", "Object Created")))
        .singleElement()
        .isInstanceOfSatisfying(
            Notice.Malformed.class, bad -> assertThat(bad.reason()).contains("object is an array"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | {\"key\":\"k\"}",
        "{\"name\":\"b\"} | {}",
        "{\"name\":\"b\"} | {\"key\":\"\"}"
      })
  void aCreationThatNamesNoObjectIsMalformed(String bucket, String object) throws IOException {
    assertThat(read(byHand(bucket, object)))
        .containsExactly(
            new Notice.Malformed(
                "the event's ObjectCreated:Put record names no object; accepted: s3.bucket.name"
                    + " and s3.object.key"));
  }
}
