package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// A range of an object's lines. Shards are answered in parallel, each by a chain of invocations.
///
/// @param index from 0
/// @param start bytes of the (decompressed) object before its first line
/// @param end bytes of the object up to the end of its last line; -1 for all that follows
/// @param line number of lines before it
/// @param lines its number of lines; -1 if that is not known
/// @param repeated number of its lines whose `custom_id` an earlier line of the object has; the
///   object [ShardKeys#repeated] lists them
public record Shard(int index, long start, long end, long line, long lines, long repeated) {
  /// All of an object that is not read in advance.
  static final Shard WHOLE = new Shard(0, 0, -1, 0, -1, 0);

  /// Whether it ends with the object, and its lines were not counted.
  public boolean isWhole() {
    return end < 0;
  }

  /// After its last line.
  long lineAfter() {
    return line + lines;
  }

  /// The work on it.
  public Job job(ObjectVersion version) {
    return Job.shard(version, start, end, line);
  }

  /// An array of shards, as the state machine's map reads it.
  static byte[] json(List<Shard> shards) {
    JsonBytes json = new JsonBytes().array();
    for (Shard shard : shards) {
      json.object()
          .field("index", shard.index)
          .field("start", shard.start)
          .field("end", shard.end)
          .field("line", shard.line)
          .field("lines", shard.lines)
          .field("repeated", shard.repeated)
          .endObject();
    }
    return json.endArray().newline().toByteArray();
  }

  /// Reads the array that Plan wrote.
  ///
  /// @throws dev.pilotlight.domain.Refusal if it is not such an array
  public static List<Shard> list(byte[] json) {
    return JsonReader.read(
        "plan",
        json,
        0,
        json.length,
        reader -> {
          List<Shard> shards = new ArrayList<>();
          reader.array(_ -> shards.add(read(reader)));
          return shards;
        });
  }

  /// Reads the object under the cursor. Unknown fields are ignored.
  static Shard read(JsonReader json) throws IOException {
    Fields fields = new Fields();
    json.object(
        name -> {
          switch (name) {
            case "index" -> fields.index = json.integer(0, Integer.MAX_VALUE);
            case "start" -> fields.start = json.integer(0, Long.MAX_VALUE);
            case "end" -> fields.end = json.integer(-1, Long.MAX_VALUE);
            case "line" -> fields.line = json.integer(0, Long.MAX_VALUE);
            case "lines" -> fields.lines = json.integer(-1, Long.MAX_VALUE);
            case "repeated" -> fields.repeated = json.integer(0, Long.MAX_VALUE);
            default -> json.skip();
          }
        });
    if (fields.isIncomplete()) {
      throw json.wrongType("a shard with index, start, end, line, lines and repeated");
    }
    return new Shard(
        (int) fields.index, fields.start, fields.end, fields.line, fields.lines, fields.repeated);
  }

  /// The fields read so far.
  private static final class Fields {
    private static final long ABSENT = -2;

    private long index = ABSENT;
    private long start = ABSENT;
    private long end = ABSENT;
    private long line = ABSENT;
    private long lines = ABSENT;
    private long repeated = ABSENT;

    private boolean isIncomplete() {
      return LongStream.of(index, start, end, line, lines, repeated)
          .anyMatch(value -> value == ABSENT);
    }
  }
}
