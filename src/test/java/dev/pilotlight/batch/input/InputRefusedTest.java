package dev.pilotlight.batch.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.InputBucket;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Objects that S3 does not give, or gives no more.
final class InputRefusedTest extends InputBucket {
  @Test
  void anObjectThatIsNotThereIsGone() {
    assertThatThrownBy(() -> open("missing.txt"))
        .isInstanceOf(BatchException.Gone.class)
        .hasMessage("s3://inbox/missing.txt does not exist");
  }

  @Test
  void anotherVersionThanTheEventsIsGone() {
    assertThatThrownBy(() -> open("small.txt", "", "0123", Duration.ofSeconds(5)))
        .isInstanceOf(BatchException.Gone.class)
        .hasMessageContaining("has been replaced since its event")
        .hasMessageContaining("0123");
  }

  @Test
  void anObjectThatIsReplacedWhileItIsReadIsGone() throws IOException {
    put("changing.txt", CONTENT);
    InputStream in = open("changing.txt").from(0);
    assertThat(in.readNBytes(10)).hasSize(10);
    byte[] other = CONTENT.clone();
    other[0]++;
    put("changing.txt", other);
    assertThatThrownBy(in::readAllBytes)
        .isInstanceOf(BatchException.Gone.class)
        .hasMessageContaining("has been replaced since its event");
  }

  @Test
  void anObjectThatIsDeletedWhileItIsReadIsGone() throws IOException {
    put("going.txt", CONTENT);
    InputStream in = open("going.txt").from(0);
    assertThat(in.readNBytes(10)).hasSize(10);
    direct.deleteObject(delete -> delete.bucket(BUCKET).key("going.txt"));
    assertThatThrownBy(in::readAllBytes).isInstanceOf(BatchException.Gone.class);
  }

  @Test
  void aVersionIsAskedForByItsId() {
    between.rule(
        call ->
            String.valueOf(call.uri().getQuery()).contains("versionId=v7")
                ? new Fate.Fail(405, "")
                : new Fate.Pass());
    assertThatThrownBy(() -> open("small.txt", "v7", "", Duration.ofSeconds(5)))
        .isInstanceOf(BatchException.Gone.class)
        .hasMessage("s3://inbox/small.txt was deleted: this version is a delete marker");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | AccessDenied | Misconfigured | needs s3:GetObject",
        "403 | InvalidObjectState | Misconfigured | is archived; restore it",
        "400 | InvalidRequest | Unreadable | put it with SSE-S3 or SSE-KMS",
        "400 | KMS.DisabledException | Misconfigured | S3 answered 400, because",
        "400 | ExpiredToken | Unavailable | could not read s3://inbox/small.txt: ExpiredToken",
        "404 | NoSuchVersion | Gone | version",
        "404 | NoSuchBucket | Gone | the bucket does not exist",
        "409 | Strange | Unavailable | S3 answered 409 Strange"
      })
  void refusalOfS3IsExplainedWithARemedy(int status, String code, String kind, String message) {
    InputObject object = open("small.txt");
    String body = "<Error><Code>%s</Code><Message>because</Message></Error>".formatted(code);
    between.rule(_ -> new Fate.Fail(status, body));
    assertThatThrownBy(() -> object.from(0).read())
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("s3://inbox/small.txt")
        .hasMessageContaining(message)
        .extracting(e -> e.getClass().getSimpleName())
        .isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | AccessDenied | Misconfigured | needs s3:GetObject",
        "400 | InvalidRequest | Unreadable | put it with SSE-S3 or SSE-KMS",
        "400 | ExpiredToken | Unavailable | ExpiredToken"
      })
  void getExplainsWhyHeadWasRefused(int status, String code, String kind, String message) {
    String body = "<Error><Code>%s</Code><Message>because</Message></Error>".formatted(code);
    between.rule(call -> new Fate.Fail(status, call.method().equals("HEAD") ? "" : body));
    assertThatThrownBy(() -> open("small.txt"))
        .hasMessageContaining(message)
        .extracting(e -> e.getClass().getSimpleName())
        .isEqualTo(kind);
    assertThat(between.calls()).extracting(Between.Call::method).isEqualTo(List.of("HEAD", "GET"));
  }

  @Test
  void callersSeeNeitherThePlaceNorS3sText() {
    InputObject object = open("small.txt");
    String body = "<Error><Code>InvalidRequest</Code><Message>key of inbox</Message></Error>";
    between.rule(_ -> new Fate.Fail(400, body));
    assertThatThrownBy(() -> object.from(0).read())
        .isInstanceOfSatisfying(
            BatchException.Unreadable.class,
            e ->
                assertThat(e.publicReason()).isEqualTo("the file cannot be read: S3 answered 400"));
  }
}
