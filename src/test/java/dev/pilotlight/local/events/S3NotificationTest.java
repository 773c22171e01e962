package dev.pilotlight.local.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.s3.S3Local;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3NotificationTest {
  @Test
  void itHasTheFormThatS3Sends() {
    var created =
        new S3Local.Created("ObjectCreated:Copy", "in", "a b/ü.jsonl", "v1", "abc", 7, "00A1");
    assertThat(text(created))
        .isEqualTo(
            """
            {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1",\
            "eventTime":"2026-01-02T03:04:05.600Z","eventName":"ObjectCreated:Copy",\
            "userIdentity":{"principalId":"AWS:LOCAL"},\
            "requestParameters":{"sourceIPAddress":"127.0.0.1"},\
            "responseElements":{"x-amz-request-id":"LOCAL","x-amz-id-2":"LOCAL"},\
            "s3":{"s3SchemaVersion":"1.0","configurationId":"Lines","bucket":{"name":"in",\
            "ownerIdentity":{"principalId":"A1B2C3D4E5F6G7"},"arn":"arn:aws:s3:::in"},\
            "object":{"key":"a+b/%C3%BC.jsonl","size":7,"eTag":"abc","versionId":"v1",\
            "sequencer":"00A1"}}}]}""");
  }

  @Test
  void withoutVersionsThereIsNoVersionId() {
    var created = new S3Local.Created("ObjectCreated:Put", "in", "a", "", "abc", 7, "00A1");
    assertThat(text(created))
        .doesNotContain("versionId")
        .contains("\"eTag\":\"abc\",\"sequencer\"");
  }

  @ParameterizedTest
  @CsvSource({
    "a b, a+b",
    "a+b, a%2Bb",
    "100%.txt, 100%25.txt",
    "day=1/x.csv, day%3D1/x.csv",
    "(1).jsonl, %281%29.jsonl",
    "日.jsonl, %E6%97%A5.jsonl"
  })
  void keysAreEncodedAsInForms(String key, String encoded) {
    assertThat(S3Notification.encoded(key)).isEqualTo(encoded);
  }

  private static String text(S3Local.Created created) {
    Instant time = Instant.parse("2026-01-02T03:04:05.6Z");
    return new String(S3Notification.json(created, "Lines", time), StandardCharsets.UTF_8);
  }
}
