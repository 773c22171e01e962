package dev.pilotlight.batch.input;

import java.util.Map;
import java.util.Optional;

/// A line of the object: a line of JSONL or text, or a record of CSV.
///
/// @param number from 1; a CSV's header has none
/// @param end bytes of the (decompressed) object up to and including the line's end
public record Line(long number, long end, Content content) {

  /// The content of a line.
  public sealed interface Content {
    /// Bytes that should be JSON, without the line's end.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Json(byte[] utf8) implements Content {}

    /// One text.
    record Text(Row row, String text) implements Content {
      public Text(Optional<String> id, String text) {
        this(new Row(id, Map.of()), text);
      }

      /// Does not show the caller's text.
      @Override
      public String toString() {
        return "Text[" + text.length() + " characters]";
      }
    }

    /// An invalid line.
    ///
    /// @param reason names the fault and what is accepted
    record Wrong(Row row, String reason) implements Content {
      public Wrong(String reason) {
        this(Row.NONE, reason);
      }
    }
  }

  /// The other columns of a CSV's record.
  ///
  /// @param id of the id column
  /// @param others by column name, in order; empty unless they are carried
  public record Row(Optional<String> id, Map<String, String> others) {
    static final Row NONE = new Row(Optional.empty(), Map.of());

    int chars() {
      int chars = id.map(String::length).orElse(0);
      for (Map.Entry<String, String> other : others.entrySet()) {
        chars += other.getKey().length() + other.getValue().length();
      }
      return chars;
    }
  }

  /// About how much memory it takes.
  public int bytes() {
    return switch (content) {
      case Content.Json(byte[] utf8) -> utf8.length;
      case Content.Text(Row row, String text) -> 2 * (text.length() + row.chars());
      case Content.Wrong(Row row, String reason) -> reason.length() + 2 * row.chars();
    };
  }
}
