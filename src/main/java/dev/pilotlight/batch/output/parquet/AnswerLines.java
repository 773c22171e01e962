package dev.pilotlight.batch.output.parquet;

import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.s3.BatchException;
import java.util.Arrays;
import java.util.Optional;

/// Reads the lines of an object of answers. Buffers one 8 MiB range, or one line if that is longer.
/// Not thread-safe.
final class AnswerLines {
  private static final int RANGE_BYTES = 8 << 20;

  private final OutputObject answers;
  private final long bytes;

  /// Bytes of the object before `place` of the buffer.
  private long offset;

  private byte[] buffer = {};
  private int place;

  /// @param bytes of the object
  /// @param offset of the first line to read
  AnswerLines(OutputObject answers, long bytes, long offset) {
    this.answers = answers;
    this.bytes = bytes;
    this.offset = offset;
  }

  /// Bytes of the object up to the end of the line that was read last.
  long offset() {
    return offset;
  }

  /// The next line; empty after the last one.
  ///
  /// @throws BatchException.Restart if somebody deleted the object
  Optional<AnswerRow> next() {
    int end = lineEnd(place);
    while (end < 0 && offset + buffer.length - place < bytes) {
      int searched = buffer.length - place;
      readNextRange();
      end = lineEnd(searched);
    }
    if (end < 0) {
      if (place < buffer.length) {
        throw new IllegalStateException("the last answer has no newline");
      }
      return Optional.empty();
    }
    AnswerRow row = AnswerRow.read(buffer, place, end);
    offset += end + 1L - place;
    place = end + 1;
    return Optional.of(row);
  }

  /// The place of the next newline; -1 if it is not in the buffer.
  private int lineEnd(int from) {
    for (int i = from; i < buffer.length; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void readNextRange() {
    int kept = buffer.length - place;
    long from = offset + kept;
    long to = Math.min(bytes, from + RANGE_BYTES);
    byte[] range =
        answers
            .bucket()
            .get(answers.key(), from, to)
            .filter(read -> read.length == to - from)
            .orElseThrow(
                () ->
                    new BatchException.Restart(
                        answers.bucket().uri(answers.key()) + " does not exist any more"));
    byte[] longer = Arrays.copyOfRange(buffer, place, place + kept + range.length);
    System.arraycopy(range, 0, longer, kept, range.length);
    buffer = longer;
    place = 0;
  }
}
