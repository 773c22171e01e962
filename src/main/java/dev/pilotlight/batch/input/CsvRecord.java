package dev.pilotlight.batch.input;

import java.util.Arrays;

/// One record at the beginning of a buffer, by RFC 4180; quotes within an unquoted field are
/// literal. Not thread-safe.
final class CsvRecord {
  /// The result of parsing.
  enum Outcome {
    /// The record is complete.
    WHOLE,
    /// A quote is opened and not closed before the object's end, or not in as many bytes as a
    /// record may have, or closed on a later line in the middle of a text.
    NOT_CLOSED,
    /// Text follows a closing quote, on the record's first line.
    TEXT_AFTER_QUOTE
  }

  private enum State {
    FIELD_START,
    UNQUOTED,
    QUOTED,
    AFTER_QUOTE
  }

  private final ReadBuffer buffer;
  private final int bytesMax;
  private final byte delimiter;
  private final int[] starts;
  private final int[] ends;
  private final boolean[] doubled;
  private State state = State.FIELD_START;
  private int fields;
  private int fieldStart;
  private boolean fieldDoubled;
  private int lineEnd;
  private Outcome outcome = Outcome.NOT_CLOSED;

  private CsvRecord(ReadBuffer buffer, int bytesMax, byte delimiter, int fieldsKept) {
    this.buffer = buffer;
    this.bytesMax = bytesMax;
    this.delimiter = delimiter;
    this.starts = new int[fieldsKept];
    this.ends = new int[fieldsKept];
    this.doubled = new boolean[fieldsKept];
  }

  /// Finds the record's end, and consumes nothing.
  ///
  /// @param firstLineEnd where the record's first line ends
  /// @param bytesMax of the record, without its line end
  /// @param delimiter between fields
  /// @param fieldsKept number of first fields that [#bytes] returns
  static CsvRecord at(
      ReadBuffer buffer, int firstLineEnd, int bytesMax, byte delimiter, int fieldsKept) {
    CsvRecord record = new CsvRecord(buffer, bytesMax, delimiter, fieldsKept);
    record.outcome = record.read(firstLineEnd);
    return record;
  }

  Outcome outcome() {
    return outcome;
  }

  /// The number of fields; at least one.
  int fields() {
    return fields;
  }

  /// The place after its line end.
  int end() {
    return lineEnd;
  }

  /// A field's bytes, without the quotes around it.
  byte[] bytes(int field) {
    byte[] bytes = buffer.copy(starts[field], ends[field]);
    return doubled[field] ? single(bytes) : bytes;
  }

  private Outcome read(int firstLineEnd) {
    int from = 0;
    lineEnd = firstLineEnd;
    while (true) {
      int contentEnd = buffer.contentEnd(from, lineEnd);
      if (!scan(from, contentEnd)) {
        return from == 0 ? Outcome.TEXT_AFTER_QUOTE : Outcome.NOT_CLOSED;
      }
      if (state != State.QUOTED) {
        endField(state == State.AFTER_QUOTE ? contentEnd - 1 : contentEnd);
        return contentEnd > bytesMax ? Outcome.NOT_CLOSED : Outcome.WHOLE;
      }
      from = lineEnd;
      lineEnd = buffer.lineEnd(from, bytesMax + Lines.LINE_END_BYTES_MAX);
      if (lineEnd <= from) {
        return Outcome.NOT_CLOSED;
      }
    }
  }

  /// @return whether it may be a record so far
  private boolean scan(int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = buffer.at(i);
      switch (state) {
        case FIELD_START -> beginField(i, b);
        case UNQUOTED -> {
          if (b == delimiter) {
            endField(i);
          }
        }
        case QUOTED -> {
          if (b == '"') {
            state = State.AFTER_QUOTE;
          }
        }
        case AFTER_QUOTE -> {
          if (b != '"' && b != delimiter) {
            return false;
          }
          afterQuote(i, b);
        }
      }
    }
    return true;
  }

  private void beginField(int i, byte b) {
    fieldDoubled = false;
    fieldStart = b == '"' ? i + 1 : i;
    if (b == delimiter) {
      endField(i);
    } else {
      state = b == '"' ? State.QUOTED : State.UNQUOTED;
    }
  }

  private void afterQuote(int i, byte b) {
    if (b == '"') {
      fieldDoubled = true;
      state = State.QUOTED;
    } else {
      endField(i - 1);
    }
  }

  private void endField(int end) {
    if (fields < starts.length) {
      // an empty one at the record's end has not begun
      starts[fields] = state == State.FIELD_START ? end : fieldStart;
      ends[fields] = end;
      doubled[fields] = fieldDoubled && state == State.AFTER_QUOTE;
    }
    fields++;
    state = State.FIELD_START;
  }

  private static byte[] single(byte[] bytes) {
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      bytes[length++] = bytes[i];
      if (bytes[i] == '"') {
        i++; // the other one
      }
    }
    return Arrays.copyOf(bytes, length);
  }
}
