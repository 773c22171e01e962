package dev.pilotlight.store;

/// The size of a result's item in the table as DynamoDB counts it: names, values, half a byte a
/// digit. It determines the cost of reads and writes ([dev.pilotlight.support.Cost]).
///
/// DynamoDB does not count zeros at a number's end: an item may be a byte or two smaller.
public final class ItemSize {
  /// The size of an item without value, tenant, model and version: names, id and two times.
  private static final int ATTRIBUTE_BYTES = 97;

  /// The size of a pointer to S3: key, length, digest.
  private static final int POINTER_BYTES = 165;

  private ItemSize() {}

  /// The size of an item in bytes.
  ///
  /// @param inS3 whether the value is in S3 and the item only points to it
  /// @param texts tenant, model and version
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
      // the two chars of a surrogate pair are four bytes together
      bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return bytes;
  }
}
