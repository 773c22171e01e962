package dev.pilotlight.bench.baseline;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A task for the [BaselineHandler], as the bytes of an event, which take little time to read.
///
/// @param responseBytes length of the answer
/// @param valueBytes length of each stored value
/// @param key of the value in Redis, or prefix of the keys in DynamoDB
/// @param together number of items in a group, for [Work#MANY]
/// @param items token ids, for which the model is run
public record BaselineEvent(
    Work work, int responseBytes, int valueBytes, String key, int together, List<long[]> items) {
  /// The work between reading the event and answering.
  public enum Work {
    ECHO,
    REDIS_GET,
    MISS,
    RUNS,
    MANY
  }

  public static BaselineEvent echo(int responseBytes) {
    return new BaselineEvent(Work.ECHO, responseBytes, 0, "", 1, List.of());
  }

  public static BaselineEvent redisGet(int responseBytes, String key) {
    return new BaselineEvent(Work.REDIS_GET, responseBytes, 0, key, 1, List.of());
  }

  /// Writes the event as JSON, padded to a length.
  ///
  /// @param bytes least length of the event
  public byte[] encoded(int bytes) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(all);
    write(out, work.name());
    out.writeInt(responseBytes);
    out.writeInt(valueBytes);
    write(out, key);
    out.writeInt(together);
    out.writeInt(items.size());
    for (long[] ids : items) {
      out.writeShort(ids.length);
      for (long id : ids) {
        out.writeChar((int) id);
      }
    }
    return Arrays.copyOf(all.toByteArray(), Math.max(bytes, all.size()));
  }

  static BaselineEvent of(byte[] event) {
    ByteBuffer in = ByteBuffer.wrap(event);
    Work work = Work.valueOf(text(in));
    int responseBytes = in.getInt();
    int valueBytes = in.getInt();
    String key = text(in);
    int together = in.getInt();
    int count = in.getInt();
    List<long[]> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long[] ids = new long[in.getShort()];
      for (int at = 0; at < ids.length; at++) {
        ids[at] = in.getChar();
      }
      items.add(ids);
    }
    return new BaselineEvent(work, responseBytes, valueBytes, key, together, items);
  }

  /// The key of an item: as long as a result's.
  String key(int item) {
    String number = Integer.toString(item);
    return key + "-".repeat(43 - key.length() - number.length()) + number;
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    out.writeByte(text.length());
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(ByteBuffer in) {
    byte[] text = new byte[in.get()];
    in.get(text);
    return new String(text, StandardCharsets.US_ASCII);
  }
}
