package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.FurtherFields;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the ids of an invalid line, so that its error names it. Not thread-safe.
final class BatchLineIds {
  private final byte[] line;
  private final FurtherFields further;
  private final Set<String> requestFields = new HashSet<>();
  private LineId id = LineId.NONE;
  private @Nullable String customId;
  private boolean simple;

  private BatchLineIds(byte[] line, FurtherFields further) {
    this.line = line;
    this.further = further;
  }

  /// A string of 1 to 512 characters.
  static String customId(JsonReader json) throws IOException {
    String text = json.string();
    if (text.isEmpty() || text.length() > BatchLineReader.CUSTOM_ID_CHARS_MAX) {
      throw Refusal.invalid(
          "custom_id",
          "custom_id has %d characters; accepted: 1 to %d"
              .formatted(text.length(), BatchLineReader.CUSTOM_ID_CHARS_MAX));
    }
    return text;
  }

  /// A string, or an integer of any size.
  static LineId id(JsonReader json) throws IOException {
    return switch (json.token()) {
      case VALUE_STRING -> LineId.of(Optional.of(json.string()));
      case VALUE_NUMBER_INT -> LineId.integer(json.parser().getText());
      case VALUE_NULL -> LineId.NONE;
      default -> throw json.wrongType("a string or an integer");
    };
  }

  /// An invalid line with its ids.
  ///
  /// @param further collects other fields
  static BatchLine.Wrong wrong(byte[] line, Refusal refusal, FurtherFields further) {
    BatchLineIds ids = new BatchLineIds(line, further);
    BatchLine.Form form;
    try {
      form = JsonReader.read(BatchLineReader.LINE, line, 0, line.length, ids::read);
    } catch (Refusal noJson) {
      // the ids before the place where it breaks still count
      form = BatchLine.Form.UNCLEAR;
    }
    boolean fieldMissing =
        form == BatchLine.Form.REQUEST && refusal.field().filter(ids::lacks).isPresent();
    return new BatchLine.Wrong(form, ids.id, ids.customId, refusal, fieldMissing);
  }

  private boolean lacks(String name) {
    return BatchLineReader.OF_REQUESTS.contains(name) && !requestFields.contains(name);
  }

  private BatchLine.Form read(JsonReader json) throws IOException {
    json.object(name -> field(json, name));
    boolean request = !requestFields.isEmpty();
    if (request == simple) {
      return BatchLine.Form.UNCLEAR;
    }
    return request ? BatchLine.Form.REQUEST : BatchLine.Form.SIMPLE;
  }

  private void field(JsonReader json, String name) throws IOException {
    boolean ofRequest = BatchLineReader.OF_REQUESTS.contains(name);
    boolean ofTexts = BatchLineReader.OF_TEXTS.contains(name);
    if (ofRequest) {
      requestFields.add(name);
    }
    simple |= ofTexts;
    try {
      switch (name) {
        case "custom_id" -> customId = customId(json);
        case "id" -> id = id(json);
        default -> {
          if (ofRequest || ofTexts) {
            json.skip();
          } else {
            further.read(json, name, line, "");
          }
        }
      }
    } catch (Refusal noId) {
      json.skip();
    }
  }
}
