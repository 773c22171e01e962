package dev.pilotlight.local.awssdk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/// Keys of objects: any text; no character has a meaning.
final class Keys {
  static final int BYTES_MAX = 1024;

  /// S3's order, which for some pairs differs from that of strings.
  static final Comparator<String> BY_UTF_8 = (a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b));

  private Keys() {}

  /// @throws software.amazon.awssdk.awscore.exception.AwsServiceException 400 if it is too long
  static void require(String key) {
    int bytes = utf8(key).length;
    if (bytes > BYTES_MAX) {
      throw Refusals.keyTooLong(bytes, BYTES_MAX);
    }
  }

  private static byte[] utf8(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
