package dev.pilotlight.store.direct;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.TableItem;
import dev.pilotlight.store.rows.Row;
import dev.pilotlight.support.http.HttpAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the bodies of DynamoDB's answers. Fields that are not needed are skipped; a document that
/// is not as documented fails by an [IOException] or [IllegalArgumentException].
final class Answers {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String CONDITION_FAILED = "ConditionalCheckFailedException";
  private static final int BAD_REQUEST = 400;

  private Answers() {}

  /// The answer to BatchGetItem.
  ///
  /// @param rest the keys that DynamoDB has not read
  record Found(List<TableItem> items, List<ResultKey> rest) {}

  /// Reads the value of one field, at which the parser is.
  @FunctionalInterface
  private interface Field {
    void read(JsonParser parser) throws IOException;
  }

  /// Reads the answer to GetItem.
  static Optional<TableItem> item(byte[] body) throws IOException {
    List<TableItem> items = new ArrayList<>(1);
    try (JsonParser parser = start(body)) {
      while (nextField(parser)) {
        if (parser.currentName().equals("Item")) {
          parser.nextToken();
          add(items, ItemReader.read(parser));
        } else {
          skip(parser);
        }
      }
      requireEnd(parser);
    }
    return items.isEmpty() ? Optional.empty() : Optional.of(items.getFirst());
  }

  /// Reads an answer without a result.
  static void nothing(byte[] body) throws IOException {
    try (JsonParser parser = start(body)) {
      while (nextField(parser)) {
        skip(parser);
      }
      requireEnd(parser);
    }
  }

  /// Reads the answer to BatchGetItem.
  static Found found(byte[] body, String table) throws IOException {
    List<TableItem> items = new ArrayList<>();
    List<ResultKey> rest = new ArrayList<>();
    try (JsonParser parser = start(body)) {
      while (nextField(parser)) {
        switch (parser.currentName()) {
          case "Responses" -> ofTable(parser, table, p -> items(p, items));
          case "UnprocessedKeys" -> ofTable(parser, table, p -> unprocessedKeys(p, rest));
          default -> skip(parser);
        }
      }
      requireEnd(parser);
    }
    return new Found(items, rest);
  }

  /// Reads the answer to BatchGetItem of rows.
  ///
  /// @throws DirectFailure if DynamoDB has not read all of them
  static List<Row> rows(byte[] body, String table) throws IOException, DirectFailure {
    List<Row> rows = new ArrayList<>();
    boolean[] rest = new boolean[1];
    try (JsonParser parser = start(body)) {
      while (nextField(parser)) {
        switch (parser.currentName()) {
          case "Responses" -> ofTable(parser, table, p -> rows(p, rows));
          case "UnprocessedKeys" -> ofTable(parser, table, p -> rest[0] = skipped(p));
          default -> skip(parser);
        }
      }
      requireEnd(parser);
    }
    if (rest[0]) {
      throw new DirectFailure("unprocessed keys");
    }
    return rows;
  }

  private static void rows(JsonParser parser, List<Row> rows) throws IOException {
    require(parser, JsonToken.START_ARRAY);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      rows.add(new Row(AttributeReader.read(parser)));
    }
  }

  private static boolean skipped(JsonParser parser) throws IOException {
    parser.skipChildren();
    return true;
  }

  /// Reads the answer to BatchWriteItem: the keys of the items that DynamoDB has not written.
  static List<ResultKey> unprocessed(byte[] body, String table) throws IOException {
    List<ResultKey> rest = new ArrayList<>();
    try (JsonParser parser = start(body)) {
      while (nextField(parser)) {
        if (parser.currentName().equals("UnprocessedItems")) {
          ofTable(parser, table, p -> unprocessedItems(p, rest));
        } else {
          skip(parser);
        }
      }
      requireEnd(parser);
    }
    return rest;
  }

  /// Reads the attributes in one field of an answer; empty without the field.
  static Map<String, Object> attributes(byte[] body, String field) throws IOException {
    Map<String, Object> attributes = Map.of();
    try (JsonParser parser = start(body)) {
      while (nextField(parser)) {
        if (parser.currentName().equals(field)) {
          parser.nextToken();
          attributes = AttributeReader.read(parser);
        } else {
          skip(parser);
        }
      }
      requireEnd(parser);
    }
    return attributes;
  }

  /// Whether the answer is that the condition of a write did not hold.
  static boolean isConditionFailed(HttpAnswer answer) throws IOException {
    String header = answer.header("x-amzn-ErrorType");
    if (answer.status() != BAD_REQUEST
        || (header != null && !header.startsWith(CONDITION_FAILED))) {
      return false;
    }
    boolean failed = false;
    try (JsonParser parser = start(answer.body())) {
      while (nextField(parser)) {
        boolean type = parser.currentName().equals("__type");
        parser.nextToken();
        if (type) {
          String name = parser.getText();
          failed = name.substring(name.indexOf('#') + 1).equals(CONDITION_FAILED);
        } else {
          parser.skipChildren();
        }
      }
      requireEnd(parser);
    }
    return failed;
  }

  private static void items(JsonParser parser, List<TableItem> items) throws IOException {
    require(parser, JsonToken.START_ARRAY);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      add(items, ItemReader.read(parser));
    }
  }

  /// Reads `{"Keys": [{"pk": {"S": "id"}}]}`.
  private static void unprocessedKeys(JsonParser parser, List<ResultKey> keys) throws IOException {
    require(parser, JsonToken.START_OBJECT);
    List<TableItem> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      if (parser.currentName().equals("Keys")) {
        parser.nextToken();
        items(parser, items);
      } else {
        skip(parser);
      }
    }
    for (TableItem item : items) {
      keys.add(item.key());
    }
  }

  /// Reads `[{"PutRequest": {"Item": {"pk": {"S": "id"}, …}}}]`.
  private static void unprocessedItems(JsonParser parser, List<ResultKey> keys) throws IOException {
    List<TableItem> items = new ArrayList<>();
    require(parser, JsonToken.START_ARRAY);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      requireName(parser, "PutRequest");
      requireName(parser, "Item");
      add(items, ItemReader.read(parser));
      parser.nextToken();
      require(parser, JsonToken.END_OBJECT);
      parser.nextToken();
      require(parser, JsonToken.END_OBJECT);
    }
    for (TableItem item : items) {
      keys.add(item.key());
    }
  }

  /// Reads the fields of an object that has tables' names as its fields' names.
  private static void ofTable(JsonParser parser, String table, Field field) throws IOException {
    parser.nextToken();
    require(parser, JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      if (!parser.currentName().equals(table)) {
        throw new IllegalArgumentException("an answer of another table");
      }
      parser.nextToken();
      field.read(parser);
    }
  }

  private static void requireName(JsonParser parser, String name) throws IOException {
    require(parser, JsonToken.START_OBJECT);
    if (!name.equals(parser.nextFieldName())) {
      throw new IllegalArgumentException("a field other than " + name);
    }
    parser.nextToken();
  }

  static void require(JsonParser parser, JsonToken token) {
    if (parser.currentToken() != token) {
      throw new IllegalArgumentException("another JSON value than expected");
    }
  }

  private static JsonParser start(byte[] body) throws IOException {
    JsonParser parser = JSON.createParser(body);
    parser.nextToken();
    require(parser, JsonToken.START_OBJECT);
    return parser;
  }

  private static boolean nextField(JsonParser parser) throws IOException {
    return parser.nextToken() != JsonToken.END_OBJECT;
  }

  private static void skip(JsonParser parser) throws IOException {
    parser.nextToken();
    parser.skipChildren();
  }

  private static void add(List<TableItem> items, @Nullable TableItem item) {
    if (item != null) {
      items.add(item);
    }
  }

  private static void requireEnd(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new IllegalArgumentException("text after the JSON document");
    }
  }
}
