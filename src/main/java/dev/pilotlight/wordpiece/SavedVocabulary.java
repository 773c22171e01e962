package dev.pilotlight.wordpiece;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// A vocabulary and the rest of its `tokenizer.json`, saved as arrays in a second file. Loading
/// them replaces parsing 30,000 tokens during the start, before that code is compiled.
///
/// Packaging writes the file, and lists it in its note on the model. A listed file is used only if
/// its checksum is right and the JSON file has the size and checksum that it names; otherwise the
/// JSON file is parsed.
///
/// Layout, all numbers little-endian: seven of 4 bytes, the rest of the JSON file, the slots, the
/// pool, and a CRC-32 of all bytes before it.
final class SavedVocabulary {
  /// Identifies this layout.
  private static final int FORM = 0x504c5601;

  private static final int NUMBERS = 7;
  private static final int HEAD_BYTES = NUMBERS * Integer.BYTES;

  private SavedVocabulary() {}

  static Path fileFor(Path json) {
    return json.resolveSibling("tokenizer.vocabulary");
  }

  /// Saves a parsed JSON file.
  ///
  /// @param json the file's bytes, followed by a 0
  static void write(Path file, byte[] json, TokenizerFile parsed) throws IOException {
    Vocabulary.Table table = parsed.vocabulary().table();
    byte[] rest = parsed.rest();
    int length = HEAD_BYTES + rest.length + table.slots().length * Long.BYTES + table.pool().length;
    ByteBuffer bytes = ByteBuffer.allocate(length + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(FORM).putInt(json.length - 1).putInt(checksum(json, json.length - 1));
    bytes.putInt(rest.length).putInt(table.slots().length).putInt(table.count());
    bytes.putInt(table.bytesMax());
    bytes.put(rest);
    for (long slot : table.slots()) {
      bytes.putLong(slot);
    }
    bytes.put(table.pool());
    bytes.putInt(checksum(bytes.array(), length));
    Files.write(file, bytes.array());
  }

  /// Loads the file saved for a JSON file; null if there is none, it does not match, or it cannot
  /// be read.
  ///
  /// @param json the file's bytes, followed by a 0
  static @Nullable TokenizerFile load(Path file, byte[] json) {
    try {
      return Files.isRegularFile(file) ? of(TokenizerFile.bytes(file), json) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable TokenizerFile of(byte[] saved, byte[] json) {
    int length = saved.length - 1 - Integer.BYTES;
    ByteBuffer bytes = ByteBuffer.wrap(saved).order(ByteOrder.LITTLE_ENDIAN);
    if (length < HEAD_BYTES
        || bytes.getInt(length) != checksum(saved, length)
        || bytes.getInt() != FORM
        || bytes.getInt() != json.length - 1
        || bytes.getInt() != checksum(json, json.length - 1)) {
      return null;
    }
    int restBytes = bytes.getInt();
    int slotCount = bytes.getInt();
    int count = bytes.getInt();
    int bytesMax = bytes.getInt();
    if (restBytes < 0
        || slotCount < 0
        || Integer.bitCount(slotCount) != 1
        || HEAD_BYTES + (long) restBytes + (long) slotCount * Long.BYTES > length) {
      return null;
    }
    byte[] rest = new byte[restBytes];
    long[] slots = new long[slotCount];
    bytes.get(rest);
    bytes.asLongBuffer().get(slots);
    bytes.position(bytes.position() + slots.length * Long.BYTES);
    byte[] pool = new byte[length - bytes.position()];
    bytes.get(pool);
    return new TokenizerFile(
        new Vocabulary(new Vocabulary.Table(slots, pool, count, bytesMax)), rest);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
