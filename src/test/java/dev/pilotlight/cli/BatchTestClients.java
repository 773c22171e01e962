package dev.pilotlight.cli;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// Rows and objects of batches as the batch function leaves them.
abstract class BatchTestClients extends TestClients {
  static final String IN = "pilotlight-in";
  static final String OUT = "pilotlight-out";

  @AfterEach
  void deleteObjects() {
    for (String bucket : new String[] {IN, OUT}) {
      aws.s3()
          .listObjectVersions(list -> list.bucket(bucket))
          .versions()
          .forEach(
              it ->
                  aws.s3()
                      .deleteObject(
                          delete -> delete.bucket(bucket).key(it.key()).versionId(it.versionId())));
    }
  }

  static HeadObjectResponse putIn(String key) {
    var _ =
        aws.s3()
            .putObject(
                put ->
                    put.bucket(IN)
                        .key(key)
                        .contentType("text/x-lines")
                        .metadata(Map.of("model", "m", "text-column", "review")),
                RequestBody.fromString("a text\n"));
    return aws.s3().headObject(head -> head.bucket(IN).key(key));
  }

  static void putOut(String key, String body) {
    var _ = aws.s3().putObject(put -> put.bucket(OUT).key(key), RequestBody.fromString(body));
  }

  static String id(String key) {
    return new ObjectVersion(IN, key, "", "", 0, "").batchId();
  }

  static void job(String key, HeadObjectResponse head, String state, long leaseUntil) {
    job(key, head, state, leaseUntil, Map.of());
  }

  static void job(
      String key,
      HeadObjectResponse head,
      String state,
      long leaseUntil,
      Map<String, AttributeValue> more) {
    Map<String, AttributeValue> item = new HashMap<>(more);
    item.put("pk", fromS("batch#" + id(key)));
    item.put("e_tag", fromS(head.eTag().replace("\"", "")));
    item.put("modified", fromN(Long.toString(head.lastModified().toEpochMilli())));
    item.put("state", fromS(state));
    item.put("lease_until", fromN(Long.toString(leaseUntil)));
    put(RESULTS, item);
  }

  static String failure(HeadObjectResponse head, boolean isFinal) {
    return """
        {"object":"batch.failure","input":{"etag":%s},"reason":"the object is gzip twice",\
        "final":%s,"attempts":2,"lines":0,"look":{"log_group":"g"},"next":"put it again"}
        """
        .formatted(head.eTag(), isFinal);
  }

  static String summary(HeadObjectResponse head) {
    return """
        {"object":"batch.summary","input":{"etag":%s},"lines":40,"failed":3,"milliseconds":2000,\
        "estimated_cost_usd":0.0000123}
        """
        .formatted(head.eTag());
  }

  static String state(String key) {
    return json(run("batches", "show", key, "--json")).at("/batch/state").asText();
  }
}
