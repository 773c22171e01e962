package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.batch.lines.BatchLineReader;
import dev.pilotlight.batch.lines.CustomIds;
import dev.pilotlight.batch.lines.DuplicateCustomIds;
import dev.pilotlight.batch.s3.FanOutSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Cuts an object into shards by reading its lines. For one thread.
///
/// Also finds duplicate `custom_id`s, with the limits of a whole-object run, so that the same lines
/// fail.
final class Cutter {
  /// How often to find out whether the time is up.
  private static final int LINES_PER_CHECK = 256;

  private final Lines lines;
  private final CustomIds customIds;
  private final FanOutSettings limits;
  private final BooleanSupplier isTimeUp;
  private final int linesPerCheck;
  private int index;
  private long start;
  private long line;
  private boolean ended;

  /// @param lines after the shards that were cut before
  /// @param customIds those of the lines before, too
  /// @param last the shard that was cut last, if one was
  /// @param isTimeUp whether cutting has to end
  Cutter(
      Lines lines,
      CustomIds customIds,
      FanOutSettings limits,
      Optional<Shard> last,
      BooleanSupplier isTimeUp) {
    this(lines, customIds, limits, last, isTimeUp, LINES_PER_CHECK);
  }

  /// @param linesPerCheck lines between two calls of `isTimeUp`
  Cutter(
      Lines lines,
      CustomIds customIds,
      FanOutSettings limits,
      Optional<Shard> last,
      BooleanSupplier isTimeUp,
      int linesPerCheck) {
    this.lines = lines;
    this.customIds = customIds;
    this.limits = limits;
    this.isTimeUp = isTimeUp;
    this.linesPerCheck = linesPerCheck;
    this.index = last.map(shard -> shard.index() + 1).orElse(0);
    this.start = last.map(Shard::end).orElse(0L);
    this.line = last.map(Shard::lineAfter).orElse(0L);
  }

  /// A shard, and its lines whose `custom_id` an earlier line has.
  record Cut(Shard shard, DuplicateCustomIds repeated) {}

  /// Whether no line is left.
  boolean isAtEnd() {
    return ended;
  }

  /// The next shard; empty after the last line, or if the time is up before the shard's end.
  Optional<Cut> next() {
    Map<Long, Long> repeated = new HashMap<>();
    long end = start;
    long count = 0;
    while (count < limits.shardLines() && end - start < limits.shardBytes()) {
      if (count % linesPerCheck == 0 && isTimeUp.getAsBoolean()) {
        return Optional.empty();
      }
      Optional<Line> next = lines.next();
      if (next.isEmpty()) {
        ended = true;
        break;
      }
      Line read = next.get();
      count++;
      end = read.end();
      long first = firstLine(read);
      if (first != read.number()) {
        repeated.put(read.number(), first);
      }
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(cut(end, count, new DuplicateCustomIds(repeated)));
  }

  private Cut cut(long end, long count, DuplicateCustomIds repeated) {
    Shard shard = new Shard(index, start, end, line, count, repeated.firstLines().size());
    index++;
    start = end;
    line += count;
    return new Cut(shard, repeated);
  }

  private long firstLine(Line read) {
    return read.content() instanceof Line.Content.Json(byte[] utf8)
        ? BatchLineReader.customId(utf8)
            .map(id -> customIds.firstLine(id, read))
            .orElse(read.number())
        : read.number();
  }
}
