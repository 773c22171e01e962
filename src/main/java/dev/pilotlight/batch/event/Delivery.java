package dev.pilotlight.batch.event;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.batch.claim.Trigger;
import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A notice of S3, and what brought it to the function.
public record Delivery(Notice notice, Trigger trigger) {
  /// All notices of the function's event, in order: an event of S3 ([S3Events]), or messages of
  /// queues that hold such events.
  ///
  /// A message that holds anything else gives a [Notice.Malformed], because a message that the
  /// function does not refuse is deleted.
  ///
  /// @throws IllegalArgumentException in one line if it is neither
  public static List<Delivery> read(byte[] event) {
    List<Optional<QueueMessage>> messages = messages(event);
    if (messages.stream().allMatch(Optional::isEmpty)) {
      return all(S3Events.read(event), Trigger.EVENT);
    }
    List<Delivery> deliveries = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      Optional<QueueMessage> message = messages.get(i);
      if (message.isPresent()) {
        deliveries.addAll(all(message.get().notices(), message.get().trigger()));
      } else {
        String reason =
            "Records[%d] of the event is not a message, as others of it are".formatted(i);
        deliveries.add(new Delivery(new Notice.Malformed(reason), Trigger.message("", true)));
      }
    }
    return deliveries;
  }

  private static List<Delivery> all(List<Notice> notices, Trigger trigger) {
    return notices.stream().map(notice -> new Delivery(notice, trigger)).toList();
  }

  /// One for each record; empty for a record that is not a message of a queue.
  private static List<Optional<QueueMessage>> messages(byte[] event) {
    List<Optional<QueueMessage>> messages = new ArrayList<>();
    try {
      return JsonReader.read(
          event,
          0,
          event.length,
          json -> {
            json.object(
                field -> {
                  if (field.equals("Records") && json.token() == JsonToken.START_ARRAY) {
                    json.array(_ -> messages.add(message(event, json)));
                  } else {
                    json.skip();
                  }
                });
            return messages;
          });
    } catch (Refusal e) {
      return List.of(); // S3Events refuses it with the reason
    }
  }

  private static Optional<QueueMessage> message(byte[] event, JsonReader json) throws IOException {
    if (json.token() != JsonToken.START_OBJECT) {
      json.skip();
      return Optional.empty();
    }
    int start = json.start();
    json.skip();
    int length = json.end() - start;
    try {
      return JsonReader.read(event, start, length, QueueMessage::of);
    } catch (Refusal e) {
      // it must fail alone: an event that is not a queue's would be ignored, and deleted
      boolean names =
          new String(event, start, length, StandardCharsets.UTF_8).contains(QueueMessage.SOURCE);
      return names ? Optional.of(QueueMessage.unreadable(e.message())) : Optional.empty();
    }
  }
}
