package dev.pilotlight.local.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.pilotlight.batch.event.Delivery;
import dev.pilotlight.local.s3.S3Local;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueEventTest {
  private static final S3Local.Created CREATED =
      new S3Local.Created("ObjectCreated:Put", "b", "ü \"1\".txt", "v", "e", 5, "0A");

  @Test
  void lambdasEventClassReadsIt() {
    byte[] body = "{\"ü\":1}".getBytes(StandardCharsets.UTF_8);
    byte[] event = QueueEvent.of("pilotlight-batch-lines", body).json(2);
    SQSEvent theirs =
        LambdaEventSerializers.serializerFor(SQSEvent.class, SQSEvent.class.getClassLoader())
            .fromJson(new ByteArrayInputStream(event));
    SQSEvent.SQSMessage message = theirs.getRecords().getFirst();
    assertThat(message.getBody()).isEqualTo("{\"ü\":1}");
    assertThat(message.getAttributes()).containsEntry("ApproximateReceiveCount", "2");
    assertThat(message.getEventSource()).isEqualTo("aws:sqs");
    assertThat(message.getEventSourceArn())
        .isEqualTo("arn:aws:sqs:us-east-1:123456789012:pilotlight-batch-lines");
    assertThat(message.getMd5OfBody()).isEqualTo("f9452f311659294528a8a76492a0ef0b");
    assertThat(theirs.getRecords()).hasSize(1);
  }

  @Test
  void theFunctionReadsInItWhatIsInIt() {
    for (byte[] body :
        List.of(
            S3Notification.json(CREATED, "c", Instant.EPOCH),
            EventBridgeEvent.json(CREATED, Instant.EPOCH))) {
      assertThat(Delivery.read(QueueEvent.of("q", body).json(1)))
          .singleElement()
          .satisfies(
              it -> {
                assertThat(it.trigger().isMessage()).isTrue();
                assertThat(it.trigger().message()).isNotEmpty();
                assertThat(it.trigger().again()).isFalse();
                assertThat(it.notice()).isEqualTo(Delivery.read(body).getFirst().notice());
              });
    }
  }
}
