package dev.pilotlight.domain;

import java.util.regex.Pattern;

/// Names one result for ever: a SHA-256 over everything that can change it, as 43 characters of
/// URL-safe base64. It is also the id under which callers fetch the stored result.
public record ResultKey(String id) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

  public ResultKey {
    if (!isValid(id)) {
      throw new IllegalArgumentException("not a result id: " + id);
    }
  }

  public static boolean isValid(String id) {
    return FORM.matcher(id).matches();
  }

  @Override
  public String toString() {
    return id;
  }
}
