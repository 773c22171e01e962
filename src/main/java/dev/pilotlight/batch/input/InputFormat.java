package dev.pilotlight.batch.input;

import dev.pilotlight.batch.s3.BatchException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The format of an object, by its key and its metadata.
///
/// @param gzip whether it is compressed, in one member or several
/// @param textColumn of a CSV or Parquet, if the metadata names one
/// @param idColumn of a CSV or Parquet, if the metadata names one
/// @param carried whether to read its other columns, too
public record InputFormat(
    Kind kind,
    boolean gzip,
    Optional<String> textColumn,
    Optional<String> idColumn,
    boolean carried) {
  private static final String GZIP_SUFFIX = ".gz";
  private static final String PARQUET_SUFFIX = ".parquet";

  /// How the bytes of an object are divided into lines.
  public enum Kind {
    /// One JSON document per line.
    JSONL,
    /// One text per line.
    TEXT,
    /// RFC 4180 with a header.
    CSV,
    /// The same with tabs in place of commas, quotes included.
    TSV,
    /// Rows of columns, compressed by the page.
    PARQUET;

    /// Whether it has records with columns.
    boolean hasColumns() {
      return this == CSV || this == TSV || this == PARQUET;
    }
  }

  /// Whether lines can be read from the middle of the object.
  public boolean isCuttable() {
    return !gzip && kind != Kind.PARQUET;
  }

  /// The byte between columns.
  byte delimiter() {
    return kind == Kind.TSV ? (byte) '\t' : (byte) ',';
  }

  /// The delimiter in words.
  String delimiters() {
    return kind == Kind.TSV ? "tabs" : "commas";
  }

  /// Chooses the format by the end of the object's key.
  ///
  /// @param metadata the object's user metadata, names in lower case; `text-column` and `id-column`
  ///   name columns of a CSV or Parquet
  /// @throws BatchException.Unreadable if the key's suffix is unknown
  public static InputFormat of(String key, Map<String, String> metadata) {
    String name = key.toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(GZIP_SUFFIX);
    String plain = gzip ? name.substring(0, name.length() - GZIP_SUFFIX.length()) : name;
    return new InputFormat(
        kind(key, plain),
        gzip,
        Optional.ofNullable(metadata.get("text-column")),
        Optional.ofNullable(metadata.get("id-column")),
        "carry".equals(metadata.get("fields")));
  }

  private static Kind kind(String key, String plain) {
    if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
      return Kind.JSONL;
    }
    if (plain.endsWith(".txt")) {
      return Kind.TEXT;
    }
    if (plain.endsWith(".csv")) {
      return Kind.CSV;
    }
    if (plain.endsWith(".tsv")) {
      return Kind.TSV;
    }
    if (plain.endsWith(PARQUET_SUFFIX)) {
      if (plain.length() < key.length()) {
        throw new BatchException.Unreadable(
            ("the key \"%s\" is of a Parquet file in gzip; accepted: .parquet, whose pages may be"
                    + " gzip")
                .formatted(key),
            null);
      }
      return Kind.PARQUET;
    }
    throw new BatchException.Unreadable(
        ("the key \"%s\" does not end in a known suffix; accepted, in upper and lower case: .jsonl,"
                + " .ndjson, .txt, .csv and .tsv, each also with .gz at the end, and .parquet")
            .formatted(key),
        null);
  }
}
