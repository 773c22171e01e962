package dev.pilotlight.batch.input.parquet;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A top-level column of a file's schema.
///
/// @param leaf index of its chunk in each row group
/// @param optional whether it may hold nulls
/// @param form how its values become texts; empty if the type is not supported
/// @param type in words
public record ParquetColumn(
    String name, int leaf, boolean optional, Optional<Form> form, String type) {
  private static final int REPEATED = 2;
  private static final int UNSIGNED_FIRST = 11;
  private static final int SIGNED_LAST = 18;
  private static final int SIGNED_FIRST = 15;
  private static final String[] TYPES = {
    "BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"
  };
  private static final String[] CONVERTED = {
    "UTF8",
    "MAP",
    "MAP_KEY_VALUE",
    "LIST",
    "ENUM",
    "DECIMAL",
    "DATE",
    "TIME_MILLIS",
    "TIME_MICROS",
    "TIMESTAMP_MILLIS",
    "TIMESTAMP_MICROS",
    "UINT_8",
    "UINT_16",
    "UINT_32",
    "UINT_64",
    "INT_8",
    "INT_16",
    "INT_32",
    "INT_64",
    "JSON",
    "BSON",
    "INTERVAL"
  };
  private static final String[] LOGICAL = {
    "",
    "STRING",
    "MAP",
    "LIST",
    "ENUM",
    "DECIMAL",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "",
    "INTEGER",
    "UNKNOWN",
    "JSON",
    "BSON",
    "UUID",
    "FLOAT16"
  };

  /// How values become texts.
  public enum Form {
    BOOLEAN(0),
    INT32(1),
    UINT32(1),
    INT64(2),
    UINT64(2),
    FLOAT(4),
    DOUBLE(5),
    TEXT(6);

    /// The number of the physical type.
    final int type;

    Form(int type) {
      this.type = type;
    }

    /// Bytes per number.
    int bytes() {
      return this == INT64 || this == UINT64 || this == DOUBLE ? Long.BYTES : Integer.BYTES;
    }

    /// Whether it is a whole number.
    public boolean isWhole() {
      return type == 1 || type == 2;
    }

    /// The text of a whole number.
    byte[] text(long value) {
      return switch (this) {
        case INT32 -> ascii(Integer.toString((int) value));
        case UINT32 -> ascii(Integer.toUnsignedString((int) value));
        case UINT64 -> ascii(Long.toUnsignedString(value));
        default -> ascii(Long.toString(value));
      };
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// @param element an element of the schema
  static ParquetColumn of(Thrift element, int leaf) {
    String name = element.text(4);
    if (!element.has(1)) {
      return new ParquetColumn(name, leaf, true, Optional.empty(), "a group");
    }
    if (element.number(3, 0) == REPEATED) {
      return new ParquetColumn(name, leaf, true, Optional.empty(), "a repeated field");
    }
    int type = element.size(1);
    return new ParquetColumn(
        name, leaf, element.number(3, 0) == 1, form(element, type), described(element, type));
  }

  private static Optional<Form> form(Thrift element, int type) {
    int converted = (int) element.number(6, -1);
    Thrift union = element.struct(10);
    int logical = union == null ? -1 : union.fields().keySet().stream().findFirst().orElse(-1);
    boolean plain = converted < 0 && logical < 0;
    boolean isWhole = plain || (converted >= UNSIGNED_FIRST && converted <= SIGNED_LAST);
    isWhole = logical < 0 ? isWhole : logical == 10;
    boolean unsigned = converted >= UNSIGNED_FIRST && converted < SIGNED_FIRST;
    if (union != null && logical == 10) {
      unsigned = !union.required(10).flag(2, true);
    }
    boolean isText =
        logical < 0
            ? converted < 0 || converted == 0 || converted == 4 || converted == 19
            : logical == 1 || logical == 4 || logical == 12;
    return Optional.ofNullable(
        switch (type) {
          case 0 -> plain ? Form.BOOLEAN : null;
          case 1 -> isWhole ? (unsigned ? Form.UINT32 : Form.INT32) : null;
          case 2 -> isWhole ? (unsigned ? Form.UINT64 : Form.INT64) : null;
          case 4 -> plain ? Form.FLOAT : null;
          case 5 -> plain ? Form.DOUBLE : null;
          case 6 -> isText ? Form.TEXT : null;
          default -> null;
        });
  }

  private static String described(Thrift element, int type) {
    Thrift union = element.struct(10);
    int converted = (int) element.number(6, -1);
    String more = converted < 0 ? "" : named(CONVERTED, converted);
    if (union != null) {
      more = named(LOGICAL, union.fields().keySet().stream().findFirst().orElse(-1));
    }
    return named(TYPES, type) + (more.isEmpty() ? "" : " (" + more + ")");
  }

  private static String named(String[] names, int number) {
    return number >= 0 && number < names.length ? names[number] : "type " + number;
  }
}
