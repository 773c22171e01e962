package dev.pilotlight.protocol.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Pings that only keep an environment warm: an empty event, EventBridge's scheduled events, and
/// those of the warmers in use: serverless-plugin-warmup and its forks (`source`), lambda-warmer
/// (`warmer`), OpenNext (`type`).
public final class WarmUp {
  private static final byte[] ANSWER = "{\"warm\":true}".getBytes(StandardCharsets.UTF_8);
  private static final int BYTES_MAX = 64 * 1024;

  private WarmUp() {}

  /// The answer to a ping.
  public static byte[] answer() {
    return ANSWER.clone();
  }

  /// Whether an event that is not a request is a ping.
  public static boolean isPing(byte[] event) {
    if (event.length > BYTES_MAX) {
      return false;
    }
    try (JsonParser parser = JsonReader.FACTORY.createParser(event)) {
      JsonToken first = parser.nextToken();
      if (first == null || first == JsonToken.VALUE_NULL) {
        return parser.nextToken() == null;
      }
      return first == JsonToken.START_OBJECT && isPing(parser);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isPing(JsonParser parser) throws IOException {
    boolean empty = true;
    boolean ping = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      empty = false;
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      ping |=
          switch (name) {
            case "source" -> value == JsonToken.VALUE_STRING && isSource(parser.getText());
            case "type" -> value == JsonToken.VALUE_STRING && parser.getText().equals("warmer");
            case "warmer", "warmup", "warm" -> value == JsonToken.VALUE_TRUE;
            default -> false;
          };
      parser.skipChildren();
    }
    return (empty || ping) && parser.nextToken() == null;
  }

  private static boolean isSource(String source) {
    return source.equals("aws.events")
        || source.equals("aws.scheduler")
        || (source.startsWith("serverless-plugin-") && source.contains("warmup"));
  }
}
