package dev.pilotlight.batch.lines;

import dev.pilotlight.support.json.JsonBytes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The id of a line of a batch, which its answer repeats.
///
/// @param text a string's characters or a number's digits; null for none
/// @param number whether it is an integer
public record LineId(@Nullable String text, boolean number) {
  public static final LineId NONE = new LineId(null, false);

  /// An id that is a string.
  public static LineId of(Optional<String> text) {
    return text.isEmpty() ? NONE : new LineId(text.get(), false);
  }

  static LineId integer(String digits) {
    return new LineId(digits, true);
  }

  void write(JsonBytes json) {
    json.name("id");
    if (text == null) {
      json.literal("null");
    } else if (number) {
      json.literal(text);
    } else {
      json.string(text);
    }
  }
}
