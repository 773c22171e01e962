package dev.pilotlight.batch;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How an object is written, as its key and its metadata say.
///
/// @param gzip whether it is compressed, in one member or several
/// @param textColumn of a CSV, if the metadata names one
/// @param idColumn of a CSV, if the metadata names one
record InputFormat(
    Kind kind, boolean gzip, Optional<String> textColumn, Optional<String> idColumn) {
  private static final String GZIP_SUFFIX = ".gz";

  enum Kind {
    /// One JSON document per line.
    JSONL,
    /// One text per line.
    TEXT,
    /// RFC 4180 with a header.
    CSV
  }

  /// @param metadata the object's user metadata, names in lower case; `text-column` and `id-column`
  ///   name columns of a CSV
  /// @throws BatchException.Unreadable if the key ends in nothing known
  static InputFormat of(String key, Map<String, String> metadata) {
    String name = key.toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(GZIP_SUFFIX);
    String plain = gzip ? name.substring(0, name.length() - GZIP_SUFFIX.length()) : name;
    return new InputFormat(
        kind(key, plain),
        gzip,
        Optional.ofNullable(metadata.get("text-column")),
        Optional.ofNullable(metadata.get("id-column")));
  }

  private static Kind kind(String key, String plain) {
    if (plain.endsWith(".jsonl")) {
      return Kind.JSONL;
    }
    if (plain.endsWith(".txt")) {
      return Kind.TEXT;
    }
    if (plain.endsWith(".csv")) {
      return Kind.CSV;
    }
    throw new BatchException.Unreadable(
        "the key \"%s\" does not say what the object holds; accepted: .jsonl, .txt and .csv, each"
                .formatted(key)
            + " also with .gz at the end",
        null);
  }
}
