package dev.pilotlight.local.support;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// JSON of the local parts of AWS.
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /// An empty object, to be filled.
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// An object of strings.
  ///
  /// @param pairs names and values in turn
  public static byte[] object(String... pairs) {
    ObjectNode object = object();
    for (int i = 0; i < pairs.length; i += 2) {
      object.put(pairs[i], pairs[i + 1]);
    }
    return bytes(object);
  }

  public static byte[] bytes(JsonNode value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a tree can always be written
    }
  }

  /// Reads exactly one value; empty if the text is anything else.
  public static Optional<JsonNode> read(byte[] text) {
    try {
      return Optional.of(MAPPER.readTree(text)).filter(value -> !value.isMissingNode());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  public static Optional<JsonNode> read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  public static boolean isValid(byte[] text) {
    return read(text).isPresent();
  }

  /// A string field of an object, or the fallback if there is none.
  public static String field(byte[] object, String name, String fallback) {
    return read(object).map(value -> value.path(name).asText(fallback)).orElse(fallback);
  }
}
