package dev.pilotlight.files;

import java.time.Instant;

/// An entry of an owner's list of files. Entries sort by time, then by purpose and id.
///
/// @param created in seconds since 1970
/// @param letter of a purpose, or [#UPLOAD]
/// @param id of a file or an upload
/// @param expires when its bytes stop counting against the limit, in seconds since 1970
record FileEntry(long created, char letter, String id, long bytes, long expires) {
  /// Stands for the parts of an upload, which is not listed.
  static final char UPLOAD = 'u';

  private static final int PARTS = 5;

  static FileEntry of(StoredFile file) {
    return new FileEntry(
        file.created().getEpochSecond(),
        file.purpose().letter(),
        file.id(),
        file.bytes(),
        file.expires().getEpochSecond());
  }

  /// @throws IllegalArgumentException if the text is not an entry's
  static FileEntry of(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != PARTS || parts[1].length() != 1) {
      throw new IllegalArgumentException("no entry of a file: " + text);
    }
    return new FileEntry(
        Long.parseLong(parts[0]),
        parts[1].charAt(0),
        parts[2],
        Long.parseLong(parts[3]),
        Long.parseLong(parts[4]));
  }

  String text() {
    return "%012d/%c/%s/%d/%d".formatted(created, letter, id, bytes, expires);
  }

  /// The bytes that count at a time.
  long bytesAt(Instant now) {
    return now.getEpochSecond() < expires ? bytes : 0;
  }
}
