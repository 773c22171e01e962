package dev.pilotlight.support;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/// SHA-256, which every Java platform has.
public final class Sha256 {
  private Sha256() {}

  /// A new digest.
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  public static byte[] of(byte[] bytes) {
    return start().digest(bytes);
  }

  /// The digest in lower-case hex.
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(of(bytes));
  }

  /// The first characters of the digest of a text in lower-case hex.
  public static String hex(String text, int chars) {
    return hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, chars);
  }

  /// The digest of a text in 43 characters of URL-safe base64.
  public static String base64Url(String text) {
    return base64Url(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The digest in 43 characters of URL-safe base64.
  public static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(of(bytes));
  }
}
