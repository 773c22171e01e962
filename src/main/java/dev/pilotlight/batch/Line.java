package dev.pilotlight.batch;

import java.util.Optional;

/// A line of the object: a line of JSONL or text, or a record of CSV.
///
/// @param number from 1; a CSV's header has none
/// @param end bytes of the (decompressed) object up to and including the line's end
public record Line(long number, long end, Content content) {

  /// What a line holds.
  public sealed interface Content {
    /// JSON, or what should be: UTF-8, without the line's end.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Json(byte[] utf8) implements Content {}

    /// One text.
    ///
    /// @param id of a CSV's column
    record Text(Optional<String> id, String text) implements Content {}

    /// Nothing that can be asked.
    ///
    /// @param reason names what is wrong and what is accepted
    record Wrong(String reason) implements Content {}
  }

  /// How much memory it takes, about.
  public int bytes() {
    return switch (content) {
      case Content.Json(byte[] utf8) -> utf8.length;
      case Content.Text(var _, String text) -> 2 * text.length();
      case Content.Wrong(String reason) -> reason.length();
    };
  }
}
