package dev.pilotlight.fuzz;

import dev.pilotlight.handler.TestRequest;
import java.util.ArrayList;
import java.util.List;

/// Good events of batches and good objects of lines, from which the spoilt ones are made.
final class GoodBatches {
  /// In place of an object's key.
  static final String EVENT = "event";

  private static final String S3_EVENT =
      """
      {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1",
       "eventTime":"2026-01-01T00:00:00.000Z","eventName":"ObjectCreated:Put",
       "s3":{"s3SchemaVersion":"1.0","bucket":{"name":"in","arn":"arn:aws:s3:::in"},
        "object":{"key":"in/a+b%C3%BC.jsonl","size":5368709120,"eTag":"d41d8cd98f",
         "versionId":"096fKKXT","sequencer":"0055AED6DCD90281E5"}}}]}""";
  private static final String EVENT_BRIDGE =
      """
      {"version":"0","id":"17793124","detail-type":"Object Created","source":"aws.s3",
       "time":"2026-01-01T00:00:00Z","detail":{"version":"0","bucket":{"name":"in"},
        "object":{"key":"in/a.csv","size":5,"etag":"b1946ac9","version-id":"IYV3p45BT0ac8hjHg1",
         "sequencer":"00617F08299329D189"},"reason":"PutObject"}}""";
  private static final String TEST_EVENT =
      """
      {"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"in","RequestId":"5582815E1"}""";
  private static final String SCHEDULE =
      """
      {"version":"0","id":"53dc4d37","detail-type":"Scheduled Event","source":"aws.events",
       "time":"2026-01-01T00:00:00Z","resources":["arn:aws:events:eu-west-1:1:rule/r"],
       "detail":{}}""";

  @SuppressWarnings("InlineFormatString") // it stands with the other inputs
  private static final String LINES =
      """
      {"id":"a","text":"hello","model":"embedder","truncate":true,"prompt_name":"query"}
      {"id":7,"inputs":["hello","world"],"model":"classes"}
      {"custom_id":"c","method":"POST","url":"/embed","body":{"model":"embedder","inputs":"a"}}
      {"id":"p","text":"a","text_pair":"b","model":"ranker"}
      {"id":null,"model":"tensors","inputs":[@a,@b]}
      {"custom_id":"i","method":"POST","url":"/v2/models/tensors/infer","body":{"inputs":[@a,@b]}}
      {"id":"t","text":"a b","model":"tagger"}
      {"custom_id":"m","method":"POST","url":"/models/masks","body":{"inputs":"[MASK]"}}
      {"custom_id":"s","method":"POST","url":"/embed_sparse","body":{"model":"sparse","inputs":"a"}}
      """;

  private static final String CSV =
      """
      id,text,note
      1,hello,"a ""note"", with
      two lines"
      ,"b, c",
      3,world,
      """;

  /// An event, or an object with its key.
  record Input(String key, byte[] bytes) {
    boolean isEvent() {
      return key.equals(EVENT);
    }

    /// Whether it is JSON, or lines of JSON.
    boolean isJson() {
      return isEvent() || key.endsWith(".jsonl");
    }
  }

  private GoodBatches() {}

  static List<Input> all() {
    List<Input> all = new ArrayList<>();
    for (String event :
        List.of(
            S3_EVENT,
            EVENT_BRIDGE,
            TEST_EVENT,
            SCHEDULE,
            message(S3_EVENT),
            message(EVENT_BRIDGE))) {
      all.add(new Input(EVENT, TestRequest.utf8(event)));
    }
    byte[] lines = TestRequest.utf8(lines());
    byte[] csv = TestRequest.utf8(CSV);
    all.add(new Input("a.jsonl", lines));
    all.add(new Input("a.jsonl.gz", TestRequest.gzip(lines)));
    all.add(new Input("a.csv", csv));
    all.add(new Input("a.csv.gz", TestRequest.gzip(csv)));
    all.add(new Input("a.tsv", TestRequest.utf8(CSV.replace(',', '\t'))));
    all.add(new Input("a.txt", TestRequest.utf8("hello\nworld\r\n\nlast")));
    return List.copyOf(all);
  }

  private static String lines() {
    String tensor = "{\"name\":\"%s\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":[1,2]}";
    return LINES.replace("@a", tensor.formatted("a")).replace("@b", tensor.formatted("b"));
  }

  /// Such an event in a message of a queue.
  static String message(String event) {
    String body = event.replace("\n", "").replace("\\", "\\\\").replace("\"", "\\\"");
    return """
        {"Records":[{"messageId":"19dd0b57","receiptHandle":"AQEB","body":"%s",
         "attributes":{"ApproximateReceiveCount":"1"},"eventSource":"aws:sqs",
         "eventSourceARN":"arn:aws:sqs:eu-west-1:123456789012:in"}]}"""
        .formatted(body);
  }
}
