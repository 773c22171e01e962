package dev.pilotlight.batch.event;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.batch.claim.Trigger;
import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// A message of an SQS queue, as Lambda's event source mapping hands it over.
///
/// @param id of SQS
/// @param body the text of the message, an event of S3 as a rule; empty if the record has no text
/// @param fault why the record cannot be read, in one line; empty if it can
/// @param received how often the queue has delivered it, this time included; empty if unknown
record QueueMessage(String id, Optional<String> body, String fault, String received) {
  /// The sender of a message.
  static final String SOURCE = "aws:sqs";

  private static final String FIRST = "1";

  /// Reads an element of `Records`; empty if it is not a message.
  static Optional<QueueMessage> of(JsonReader json) throws IOException {
    Fields fields = new Fields(json);
    json.object(fields::read);
    return fields.source.equals(SOURCE)
        ? Optional.of(new QueueMessage(fields.id, fields.body, "", fields.received))
        : Optional.empty();
  }

  /// A message that cannot be read.
  ///
  /// @param fault in one line
  static QueueMessage unreadable(String fault) {
    return new QueueMessage("", Optional.empty(), fault, "");
  }

  /// A message whose count is unknown may have been delivered before.
  Trigger trigger() {
    return Trigger.message(id, !received.equals(FIRST));
  }

  /// The notices of the event in it. If it holds anything else, one [Notice.Malformed] with the
  /// reason.
  List<Notice> notices() {
    if (!fault.isEmpty()) {
      return List.of(refused("cannot be read: " + fault));
    }
    if (body.isEmpty()) {
      return List.of(refused("has no body"));
    }
    try {
      List<Notice> notices = S3Events.readStrictly(body.get().getBytes(StandardCharsets.UTF_8));
      return notices.isEmpty() ? List.of(refused("holds an event without records")) : notices;
    } catch (IllegalArgumentException e) {
      return List.of(refused("cannot be answered: " + e.getMessage()));
    }
  }

  private Notice refused(String why) {
    return new Notice.Malformed("the message %s of the queue %s".formatted(id, why));
  }

  /// The fields of a record, as far as they are read.
  private static final class Fields {
    private final JsonReader json;
    private String source = "";
    private String id = "";
    private Optional<String> body = Optional.empty();
    private String received = "";

    private Fields(JsonReader json) {
      this.json = json;
    }

    private void read(String field) throws IOException {
      switch (field) {
        case "eventSource" -> source = text().orElse("");
        case "messageId" -> id = text().orElse("");
        case "body" -> body = text();
        case "attributes" -> attributes();
        default -> json.skip();
      }
    }

    private void attributes() throws IOException {
      if (json.token() != JsonToken.START_OBJECT) {
        json.skip();
        return;
      }
      json.object(
          field -> {
            if (field.equals("ApproximateReceiveCount")) {
              received = text().orElse("");
            } else {
              json.skip();
            }
          });
    }

    /// Empty for a value that is not a text.
    private Optional<String> text() throws IOException {
      if (json.token() == JsonToken.VALUE_STRING) {
        return Optional.of(json.string());
      }
      json.skip();
      return Optional.empty();
    }
  }
}
