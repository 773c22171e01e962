package dev.pilotlight.batch.output.parquet;

import java.util.List;
import java.util.Locale;

/// The columns of every file, in their order.
enum Column {
  /// The line's number in the object, from 1. The only column without nulls.
  LINE(Type.INT64),
  ID(Type.TEXT),
  MODEL(Type.TEXT),
  EMBEDDING(Type.FLOATS),
  LABEL(Type.TEXT),
  SCORE(Type.FLOAT),
  TOKENS(Type.INT64),
  RESULT_ID(Type.TEXT),
  /// An object of JSON.
  FIELDS(Type.TEXT),
  /// An array of JSON.
  IGNORED(Type.TEXT);

  /// Types of values.
  enum Type {
    INT64(2),
    FLOAT(4),
    /// Strings.
    TEXT(6),
    /// Lists of float32s.
    FLOATS(4);

    private final int number;

    Type(int number) {
      this.number = number;
    }
  }

  private static final int REQUIRED = 0;
  private static final int OPTIONAL = 1;
  private static final int REPEATED = 2;
  private static final int CONVERTED_UTF8 = 0;
  private static final int CONVERTED_LIST = 3;
  private static final int LOGICAL_STRING = 1;
  private static final int LOGICAL_LIST = 3;
  private static final String GROUP = "list";
  private static final String ELEMENT = "element";

  private final Type type;

  Column(Type type) {
    this.type = type;
  }

  Type type() {
    return type;
  }

  boolean isOptional() {
    return this != LINE;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The number of the physical type of its values.
  int physicalType() {
    return type.number;
  }

  /// The names from the root to its values.
  List<String> path() {
    return type == Type.FLOATS ? List.of(label(), GROUP, ELEMENT) : List.of(label());
  }

  /// How many elements it has in the schema.
  int elements() {
    return path().size();
  }

  /// Adds its elements to the schema.
  void describe(ThriftWriter schema) {
    int repetition = isOptional() ? OPTIONAL : REQUIRED;
    if (type == Type.FLOATS) {
      schema.element().int32(3, repetition).text(4, label()).int32(5, 1);
      schema.int32(6, CONVERTED_LIST).struct(10).struct(LOGICAL_LIST).end().end().end();
      schema.element().int32(3, REPEATED).text(4, GROUP).int32(5, 1).end();
      schema.element().int32(1, type.number).int32(3, REQUIRED).text(4, ELEMENT).end();
      return;
    }
    schema.element().int32(1, type.number).int32(3, repetition).text(4, label());
    if (type == Type.TEXT) {
      schema.int32(6, CONVERTED_UTF8).struct(10).struct(LOGICAL_STRING).end().end();
    }
    schema.end();
  }
}
