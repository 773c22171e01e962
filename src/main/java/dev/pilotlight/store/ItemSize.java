package dev.pilotlight.store;

/// How large a result's item in the table is, as DynamoDB counts: names, values, half a byte a
/// digit. What reads and writes cost follows from it ([dev.pilotlight.support.Cost]).
///
/// DynamoDB does not count zeros at a number's end: an item may be a byte or two smaller.
public final class ItemSize {
  /// Of an item without its value, tenant, model and version: their names, the id, two times.
  private static final int ATTRIBUTE_BYTES = 97;

  /// What stands for a value that is in S3: its key, its length, its digest.
  private static final int POINTER_BYTES = 165;

  private ItemSize() {}

  /// The item's bytes.
  ///
  /// @param texts tenant, model and version
  /// @param inS3 whether the value is there, and the table only has where
  public static int of(int valueBytes, boolean inS3, String... texts) {
    int bytes = ATTRIBUTE_BYTES + (inS3 ? POINTER_BYTES : valueBytes);
    for (String text : texts) {
      bytes += utf8Bytes(text);
    }
    return bytes;
  }

  private static int utf8Bytes(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // two chars of a pair are four bytes together
      bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return bytes;
  }
}
