package dev.pilotlight.store.packed;

import dev.pilotlight.domain.packed.PackedId;
import dev.pilotlight.support.Sha256;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The keys of packs: `results/packed/<owner>/<place>/<last line>-<bytes of the index>-<unique>`.
///
/// The last line is padded with zeros, so that S3 lists packs in the order of their lines: the
/// first pack whose last line is not before a line holds that line.
public final class PackKeys {
  /// The prefix of all packs, which the template's permissions and lifecycle rule name.
  public static final String ROOT = "results/packed/";

  private static final int NAME_CHARS = 22;
  private static final char BEYOND = '~'; // sorts after the hyphen that follows a line
  private static final Pattern INDEX =
      Pattern.compile(".*/[0-9]{13}-([1-9][0-9]{0,8})-[0-9a-f-]{36}");

  private PackKeys() {}

  /// The prefix of an owner's packs; no other owner's packs have it.
  public static String ofOwner(String owner) {
    return ROOT + digest(owner) + "/";
  }

  /// The prefix of the packs of one batch.
  ///
  /// @param place of [PackedId]
  public static String ofBatch(String owner, String place) {
    return ofOwner(owner) + place + "/";
  }

  /// The place of a version of an object.
  ///
  /// @param version names it; unique
  public static String place(String version) {
    return digest(version);
  }

  /// A new key.
  ///
  /// @param batch the prefix of the batch's packs
  static String next(String batch, long lastLine, int indexBytes) {
    return "%s%s-%d-%s".formatted(batch, padded(lastLine), indexBytes, UUID.randomUUID());
  }

  /// A key that sorts after all packs that end with this line or before it, and before all others.
  ///
  /// @param line may be 0
  public static String after(String batch, long line) {
    return batch + padded(line) + BEYOND;
  }

  /// The length of a pack's index; empty if the key is not a pack's.
  static OptionalInt indexBytes(String key) {
    Matcher index = INDEX.matcher(key);
    return index.matches() ? OptionalInt.of(Integer.parseInt(index.group(1))) : OptionalInt.empty();
  }

  private static String padded(long line) {
    String digits = Long.toString(line);
    return "0".repeat(Math.max(0, PackedId.LINE_DIGITS - digits.length())) + digits;
  }

  private static String digest(String text) {
    return Sha256.base64Url(text).substring(0, NAME_CHARS);
  }
}
