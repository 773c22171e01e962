package dev.pilotlight.domain.packed;

import dev.pilotlight.domain.ResultKey;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The id of a result that a batch keeps in a packed object: the result's key, the place of the
/// batch's packs and the number of the line, separated by dots. A pack holds consecutive lines, so
/// that the line alone leads to the pack.
///
/// @param place 22 characters of URL-safe base64 that name a version of an object of lines
/// @param line of that object, from 1
public record PackedId(ResultKey key, String place, long line) {
  /// The longest line number, which pads those in the keys of packs.
  public static final int LINE_DIGITS = 13;

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{22})\\.([1-9][0-9]{0,12})");

  /// Reads an id; empty if it is not a packed result's.
  public static Optional<PackedId> read(String id) {
    Matcher parts = FORM.matcher(id);
    return parts.matches()
        ? Optional.of(
            new PackedId(
                new ResultKey(parts.group(1)), parts.group(2), Long.parseLong(parts.group(3))))
        : Optional.empty();
  }

  /// As callers write it.
  @Override
  public String toString() {
    return key.id() + "." + place + "." + line;
  }
}
