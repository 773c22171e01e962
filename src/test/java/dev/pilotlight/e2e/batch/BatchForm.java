package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.Options;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The two ways by which events reach the batch function: the template's parameter `BatchSource`.
enum BatchForm {
  EVENTS,
  QUEUE;

  private static final String SOURCE = "  BatchSource:\n    Type: String\n    Default: ";
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Leaves a case to `-Psoak` unless this is the form that has it in `mvn verify`. The function's
  /// code is the same in both; they differ in what delivers an event again.
  void assumeVerifies(BatchForm verified) {
    assumeTrue(Soak.isOn() || this == verified, () -> "-Psoak runs it with " + this);
  }

  /// Our template with this form as its default.
  String template() {
    try {
      String events = Files.readString(Path.of("template.yaml"));
      assertThat(events).contains(SOURCE + "events\n");
      return this == EVENTS ? events : events.replace(SOURCE + "events\n", SOURCE + "queue\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The options with that template.
  Options in(Options options) {
    if (this == EVENTS) {
      return options;
    }
    try {
      Path file = Files.createTempFile("template", ".yaml");
      file.toFile().deleteOnExit();
      return options.withTemplate(Files.writeString(file, template()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The function's event for an event of S3, or for a message that the function had before.
  String delivered(String event) {
    if (this == EVENTS || event.contains("\"aws:sqs\"")) {
      return event;
    }
    ObjectNode record = JSON.createObjectNode().put("messageId", "by-hand").put("body", event);
    record.put("eventSource", "aws:sqs");
    record.putObject("attributes").put("ApproximateReceiveCount", "1");
    ObjectNode message = JSON.createObjectNode();
    message.putArray("Records").add(record);
    return message.toString();
  }

  /// The event in what is kept of one that failed for good: Lambda's record of it, or the message.
  static String kept(String failure) throws IOException {
    var record = JSON.readTree(failure);
    return record.has("requestPayload") ? record.get("requestPayload").toString() : failure;
  }
}
