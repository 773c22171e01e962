package dev.pilotlight.protocol.files;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The fields that describe a file, in forms and in JSON. Each method throws [Refusal] INVALID.
public final class FileFields {
  static final String FILENAME = "filename";
  static final String PURPOSE = "purpose";
  static final String BYTES = "bytes";
  static final String EXPIRES = "expires_after";
  static final String ANCHOR = "anchor";
  static final String SECONDS = "seconds";

  static final long SECONDS_LEAST = 3_600;
  static final long SECONDS_MOST = 2_592_000;

  private static final int FILENAME_CHARS_MAX = 255;
  private static final char REPLACEMENT = '\uFFFD';
  private static final String FILENAMES =
      "1 to %d characters without slashes and control characters, ending in .jsonl"
          .formatted(FILENAME_CHARS_MAX);

  private FileFields() {}

  /// @param field as the request has it
  static String filename(String field, String name) {
    boolean isPlain =
        !name.isBlank()
            && name.length() <= FILENAME_CHARS_MAX
            && name.chars()
                .noneMatch(
                    c -> c == '/' || c == '\\' || c == REPLACEMENT || Character.isISOControl(c));
    if (!isPlain || !name.toLowerCase(Locale.ROOT).endsWith(".jsonl")) {
      throw Refusal.invalid(
          field, "%s is '%s'; accepted: %s".formatted(field, Text.shorten(name), FILENAMES));
    }
    return name;
  }

  static void requirePurpose(@Nullable String purpose) {
    if (purpose == null) {
      throw Refusal.invalid(PURPOSE, "purpose is missing; accepted: batch");
    }
    if (!purpose.equals("batch")) {
      throw Refusal.invalid(
          PURPOSE,
          "purpose is '%s'; accepted: batch. Files of other purposes have no use here"
              .formatted(Text.shorten(purpose)));
    }
  }

  static void requireAnchor(String field, String anchor) {
    if (!anchor.equals("created_at")) {
      throw Refusal.invalid(
          field, "%s is '%s'; accepted: created_at".formatted(field, Text.shorten(anchor)));
    }
  }

  /// @param text of a form
  static long seconds(String field, String text) {
    try {
      long seconds = Long.parseLong(text);
      if (seconds >= SECONDS_LEAST && seconds <= SECONDS_MOST) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw Refusal.invalid(
        field,
        "%s is '%s'; accepted: a whole number from %d to %d"
            .formatted(field, Text.shorten(text), SECONDS_LEAST, SECONDS_MOST));
  }

  /// @param anchor null if the request has none
  /// @param seconds likewise
  static @Nullable Long expiry(String field, @Nullable String anchor, @Nullable Long seconds) {
    if ((anchor == null) != (seconds == null)) {
      throw Refusal.invalid(
          field,
          "%s has only one of anchor and seconds; accepted: both, or neither".formatted(field));
    }
    return seconds;
  }

  /// Reads the object `expires_after`, or another of its form.
  ///
  /// @return 3,600 to 2,592,000 seconds
  public static Long expiry(JsonReader json) throws IOException {
    String[] anchor = new String[1];
    Long[] seconds = new Long[1];
    String field = json.path();
    json.object(
        name -> {
          switch (name) {
            case ANCHOR -> {
              anchor[0] = json.string();
              requireAnchor(json.path(), anchor[0]);
            }
            case SECONDS -> seconds[0] = json.integer(SECONDS_LEAST, SECONDS_MOST);
            default -> throw json.unknownField("anchor, seconds");
          }
        });
    if (anchor[0] == null || seconds[0] == null) {
      throw Refusal.invalid(field, "%s needs anchor and seconds; accepted: both".formatted(field));
    }
    return seconds[0];
  }
}
