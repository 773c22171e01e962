package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.packed.PackedId;
import dev.pilotlight.protocol.json.Text;
import java.util.Optional;

/// Checks the form of names, versions and ids from callers. Nothing else reaches the repository or
/// the store, so that no name can be a path.
public final class Names {
  private static final String MARKS = "._:@+-";
  private static final int PART_CHARS_MAX = 128;
  // as on Hugging Face, an owner may stand before the name
  private static final int PARTS_MAX = 4;

  private static final String LATEST = "latest";

  private Names() {}

  /// Checks a model's name before anything looks it up.
  ///
  /// @throws Refusal NOT_FOUND: no model can have such a name
  public static String model(String name) {
    if (isModel(name)) {
      return name;
    }
    throw Refusal.notFound(
        "model",
        ("no model is named '%s': names have 1 to 128 letters, digits and ._:@+-, start with a"
                + " letter or digit, and up to 4 of them may be joined by slashes")
            .formatted(Text.shorten(name)));
  }

  private static boolean isModel(String name) {
    int parts = 1;
    int start = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '/' && i > start) {
        parts++;
        start = i + 1;
      } else if (!isLetterOrDigit(c) && (i == start || MARKS.indexOf(c) < 0)) {
        return false;
      }
      if (i - start >= PART_CHARS_MAX) {
        return false;
      }
    }
    return start < name.length() && parts <= PARTS_MAX;
  }

  /// Whether a character is a letter or digit of ASCII.
  static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /// @return empty for `latest`
  /// @throws Refusal INVALID
  static Optional<String> version(String version) {
    if (version.equals(LATEST)) {
      return Optional.empty();
    }
    if (ModelInfo.isVersion(version)) {
      return Optional.of(version);
    }
    throw Refusal.invalid(
        "version",
        "version is '%s'; accepted: a whole number from 1 on, or latest"
            .formatted(Text.shorten(version)));
  }

  /// @throws Refusal NOT_FOUND: no result can have such an id
  static Route.StoredResult result(String id) {
    if (ResultKey.isValid(id)) {
      return new Route.StoredResult(new ResultKey(id));
    }
    return PackedId.read(id)
        .map(packed -> new Route.StoredResult(packed.key(), packed))
        .orElseThrow(
            () ->
                Refusal.notFound(
                    "id",
                    ("there is no result '%s': an id has 43 letters, digits, hyphens and"
                            + " underscores, or for packed results of batches <id>.<place>.<line>")
                        .formatted(Text.shorten(id))));
  }
}
