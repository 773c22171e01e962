package dev.pilotlight.batch.output.parquet;

import java.io.ByteArrayOutputStream;

/// The levels of a page, of at most 8 bits, in runs of equal ones. Not thread-safe.
final class Levels {
  private final ByteArrayOutputStream runs = new ByteArrayOutputStream();
  private int level;
  private int length;

  /// Appends `times` copies of a level.
  void add(int newLevel, int times) {
    if (newLevel != level) {
      endRun();
      level = newLevel;
    }
    length += times;
  }

  private void endRun() {
    if (length > 0) {
      ThriftWriter.varint(runs, (long) length << 1);
      runs.write(level);
    }
    length = 0;
  }

  /// Moves them to a page, with their size before them.
  void moveTo(ByteArrayOutputStream page) {
    endRun();
    page.writeBytes(LittleEndian.int32(runs.size()));
    page.writeBytes(runs.toByteArray());
    runs.reset();
  }
}
