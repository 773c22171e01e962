package dev.pilotlight.store.direct;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.Pointer;
import dev.pilotlight.store.TableItem;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads one item. Attributes that are unknown, or of another type, count as absent.
final class ItemReader {
  private @Nullable String key;
  private String tenant = "";
  private String model = "";
  private String version = "";
  private long created;
  private long expires;
  private byte @Nullable [] value;
  private boolean inS3;
  private String s3Key = "";
  private long bytes;
  private byte @Nullable [] sha256;

  private ItemReader() {}

  /// Reads the object at which the parser is.
  ///
  /// @return null if it has no attributes
  /// @throws IllegalArgumentException if the key or a number is not valid
  static @Nullable TableItem read(JsonParser parser) throws IOException {
    ItemReader reader = new ItemReader();
    boolean empty = true;
    Answers.require(parser, JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      reader.attribute(name, parser);
      empty = false;
    }
    return empty ? null : reader.item();
  }

  private TableItem item() {
    byte[] digest = sha256;
    return new TableItem(
        new ResultKey(key == null ? "" : key),
        tenant,
        model,
        version,
        created,
        expires,
        value,
        !inS3 || digest == null ? null : new Pointer(s3Key, bytes, digest));
  }

  /// Reads `{"S": "text"}` and the like.
  private void attribute(String name, JsonParser parser) throws IOException {
    Answers.require(parser, JsonToken.START_OBJECT);
    inS3 |= name.equals(TableItem.S3_KEY);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String type = parser.currentName();
      boolean isString = parser.nextToken() == JsonToken.VALUE_STRING;
      if (isString && type.equals("S")) {
        text(name, parser.getText());
      } else if (isString && type.equals("N")) {
        number(name, parser.getText());
      } else if (isString && type.equals("B")) {
        binary(name, parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void text(String name, String text) {
    switch (name) {
      case TableItem.KEY -> key = text;
      case TableItem.TENANT -> tenant = text;
      case TableItem.MODEL -> model = text;
      case TableItem.VERSION -> version = text;
      case TableItem.S3_KEY -> s3Key = text;
      default -> {
        // unknown
      }
    }
  }

  private void number(String name, String text) {
    switch (name) {
      case TableItem.CREATED -> created = Long.parseLong(text);
      case TableItem.EXPIRES -> expires = Long.parseLong(text);
      case TableItem.BYTES -> bytes = Long.parseLong(text);
      default -> {
        // unknown
      }
    }
  }

  private void binary(String name, JsonParser parser) throws IOException {
    switch (name) {
      case TableItem.VALUE -> value = parser.getBinaryValue();
      case TableItem.SHA_256 -> sha256 = parser.getBinaryValue();
      default -> {
        // unknown
      }
    }
  }
}
