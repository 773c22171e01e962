package dev.pilotlight.files;

import dev.pilotlight.support.Sha256;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Ids of files, uploads and parts, and the places of their objects in S3.
public final class FileIds {
  /// The prefix of all files' objects.
  public static final String FILES = ".pilotlight/files/";

  /// The prefix of all parts' objects.
  public static final String UPLOADS = ".pilotlight/uploads/";

  private static final int RANDOM_BYTES = 16;
  private static final Pattern TAIL = Pattern.compile("[0-9a-f]{32}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private FileIds() {}

  /// Makes an id with 128 random bits.
  ///
  /// @param prefix such as `file-`
  public static String random(String prefix) {
    byte[] bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return prefix + HexFormat.of().formatHex(bytes);
  }

  /// Whether an id has the form of those that [#random] makes.
  public static boolean isId(String prefix, String id) {
    return id.startsWith(prefix) && TAIL.matcher(id.substring(prefix.length())).matches();
  }

  /// The folder of an owner, whose name may have any characters: a digest.
  public static String folder(String owner) {
    return Sha256.base64Url(owner);
  }

  /// The key of a file's object.
  public static String key(String owner, String fileId) {
    return FILES + folder(owner) + "/" + fileId;
  }

  /// The key of a part's object.
  static String partKey(String owner, String uploadId, String partId) {
    return UPLOADS + folder(owner) + "/" + uploadId + "/" + partId;
  }
}
