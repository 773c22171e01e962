package dev.pilotlight.access;

import dev.pilotlight.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// An API key: `pl_<tenant>_<secret><checksum>`. The secret is 256 random bits as 43 characters of
/// URL-safe base64. The checksum is the CRC-32 of everything before it as 6 digits of base 62, so
/// that a scanner finds leaked keys, and a mistyped one costs no read.
///
/// This object holds the digest of the key, not the key.
public final class ApiKey {
  private static final String PREFIX = "pl_";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int SECRET_BYTES = 32;
  private static final int SECRET_CHARS = 43;
  private static final int CHECKSUM_CHARS = 6;
  private static final int TENANT_CHARS_MAX = 40;
  private static final int ID_CHARS = 8;

  private final String tenant;
  private final String digest;

  private ApiKey(String tenant, String digest) {
    this.tenant = tenant;
    this.digest = digest;
  }

  /// Reads a key.
  ///
  /// @return null if the text is not a key, whatever the table has
  public static @Nullable ApiKey parse(String text) {
    int end = text.indexOf('_', PREFIX.length());
    if (!text.startsWith(PREFIX)
        || end < 0
        || text.length() != end + 1 + SECRET_CHARS + CHECKSUM_CHARS) {
      return null;
    }
    String tenant = text.substring(PREFIX.length(), end);
    int checksum = text.length() - CHECKSUM_CHARS;
    if (!isTenant(tenant) || !isSecret(text, end + 1, checksum)) {
      return null;
    }
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return text.endsWith(checksum(bytes, checksum))
        ? new ApiKey(tenant, Sha256.base64Url(bytes))
        : null;
  }

  /// Makes the text of a new key. It is shown once: only its digest is stored.
  ///
  /// @throws IllegalArgumentException if the tenant's name is not valid
  public static String create(String tenant, SecureRandom random) {
    if (!isTenant(tenant)) {
      throw new IllegalArgumentException(
          "tenant is '%s'; accepted: 1 to %d of a-z, 0-9 and -, the first not -"
              .formatted(tenant, TENANT_CHARS_MAX));
    }
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    String text =
        PREFIX + tenant + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return withChecksum(text);
  }

  /// Whether a text may be a tenant's name: 1 to 40 letters, digits and hyphens, in lower case.
  public static boolean isTenant(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isLowerCaseOrDigit(c) && (c != '-' || i == 0)) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= TENANT_CHARS_MAX;
  }

  private static boolean isSecret(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      boolean upperCase = c >= 'A' && c <= 'Z';
      if (!upperCase && !isLowerCaseOrDigit(c) && c != '-' && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLowerCaseOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static String withChecksum(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return text + checksum(bytes, bytes.length);
  }

  /// The checksum of the first bytes of a key.
  private static String checksum(byte[] bytes, int count) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, count);
    long value = crc.getValue();
    char[] digits = new char[CHECKSUM_CHARS];
    for (int i = CHECKSUM_CHARS - 1; i >= 0; i--) {
      digits[i] = DIGITS.charAt((int) (value % DIGITS.length()));
      value /= DIGITS.length();
    }
    return new String(digits);
  }

  /// The text of a key that no table has, for calls that only test the connection.
  static String absent() {
    String text = PREFIX + "absent_" + "A".repeat(SECRET_CHARS);
    return withChecksum(text);
  }

  /// The tenant that the key names.
  public String tenant() {
    return tenant;
  }

  /// The SHA-256 of the whole key, as 43 characters of URL-safe base64.
  public String digest() {
    return digest;
  }

  /// The public id of the key, by which people and lists name it.
  public String id() {
    return digest.substring(0, ID_CHARS);
  }

  @Override
  public String toString() {
    return "key " + id() + " of " + tenant;
  }
}
