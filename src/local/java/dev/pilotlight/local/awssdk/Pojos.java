package dev.pilotlight.local.awssdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.support.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;

/// The SDK's requests and responses as JSON: their texts, numbers, times and maps of texts.
final class Pojos {
  private Pojos() {}

  static ObjectNode write(SdkPojo pojo) {
    ObjectNode json = Json.object();
    for (SdkField<?> field : pojo.sdkFields()) {
      String name = field.memberName();
      switch (field.getValueOrDefault(pojo)) {
        case String text -> json.put(name, text);
        case Boolean flag -> json.put(name, flag);
        case Integer number -> json.put(name, number);
        case Long number -> json.put(name, number);
        case Instant time -> json.put(name, time.toString());
        case Map<?, ?> map when !map.isEmpty() -> {
          ObjectNode texts = json.putObject(name);
          map.forEach((key, text) -> texts.put(String.valueOf(key), String.valueOf(text)));
        }
        case null, default -> {
          // not set
        }
      }
    }
    return json;
  }

  /// Sets the fields that [#write] wrote.
  ///
  /// @param builder an empty one
  static <B extends SdkPojo> B read(B builder, JsonNode json) {
    for (SdkField<?> field : builder.sdkFields()) {
      JsonNode value = json.path(field.memberName());
      if (!value.isMissingNode()) {
        field.set(builder, typed(field.marshallingType(), value));
      }
    }
    return builder;
  }

  private static Object typed(MarshallingType<?> type, JsonNode value) {
    if (value.isObject()) {
      Map<String, String> texts = new LinkedHashMap<>();
      value.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
      return texts;
    }
    if (type.equals(MarshallingType.INSTANT)) {
      return Instant.parse(value.asText());
    }
    if (type.equals(MarshallingType.INTEGER)) {
      return value.intValue();
    }
    if (type.equals(MarshallingType.LONG)) {
      return value.longValue();
    }
    return value.isBoolean() ? value.booleanValue() : value.asText();
  }

  /// Copies fields of the same names and types.
  static <B extends SdkPojo> B copy(SdkPojo from, B to, Collection<String> names) {
    for (SdkField<?> source : from.sdkFields()) {
      for (SdkField<?> target : to.sdkFields()) {
        if (names.contains(source.memberName())
            && source.memberName().equals(target.memberName())) {
          target.set(to, source.getValueOrDefault(from));
        }
      }
    }
    return to;
  }
}
