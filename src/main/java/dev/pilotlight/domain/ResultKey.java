package dev.pilotlight.domain;

import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The key of one result: a SHA-256 over everything that can change the result, as 43 characters of
/// URL-safe base64. It is also the id by which callers fetch the stored result.
public record ResultKey(String id) {
  private static final int BYTES = 32;
  private static final int CHARS = 43;

  public ResultKey {
    if (!isValid(id)) {
      throw new IllegalArgumentException("not a result id: " + id);
    }
  }

  /// Makes a random key, which no result has, for calls that only test the connection.
  public static ResultKey random() {
    byte[] bytes = new byte[BYTES];
    ThreadLocalRandom.current().nextBytes(bytes);
    return new ResultKey(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  public static boolean isValid(String id) {
    if (id.length() != CHARS) {
      return false;
    }
    for (int i = 0; i < CHARS; i++) {
      if (!isBase64Url(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBase64Url(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  // written by hand: Java generates a record's methods on their first call, which slows a cold
  // start
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ResultKey that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }
}
