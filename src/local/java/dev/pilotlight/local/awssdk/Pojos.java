package dev.pilotlight.local.awssdk;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;

/// The SDK's requests and responses as JSON: their texts, numbers, times and maps of texts.
final class Pojos {
  private Pojos() {}

  static void write(JsonGenerator json, SdkPojo pojo) throws IOException {
    json.writeStartObject();
    for (SdkField<?> field : pojo.sdkFields()) {
      String name = field.memberName();
      switch (field.getValueOrDefault(pojo)) {
        case String text -> json.writeStringField(name, text);
        case Boolean flag -> json.writeBooleanField(name, flag);
        case Integer number -> json.writeNumberField(name, number);
        case Long number -> json.writeNumberField(name, number);
        case Instant time -> json.writeStringField(name, time.toString());
        case Map<?, ?> map when !map.isEmpty() -> write(json, name, map);
        case null, default -> {
          // not set
        }
      }
    }
    json.writeEndObject();
  }

  /// Sets what [#write] wrote.
  ///
  /// @param builder an empty one
  static <B extends SdkPojo> B read(B builder, Map<?, ?> fields) {
    for (SdkField<?> field : builder.sdkFields()) {
      Object value = fields.get(field.memberName());
      if (value != null) {
        field.set(builder, typed(field, value));
      }
    }
    return builder;
  }

  private static Object typed(SdkField<?> field, Object value) {
    if (field.marshallingType().equals(MarshallingType.INSTANT)) {
      return Instant.parse((String) value);
    }
    if (field.marshallingType().equals(MarshallingType.INTEGER)) {
      return Math.toIntExact((Long) value);
    }
    return value;
  }

  private static void write(JsonGenerator json, String name, Map<?, ?> map) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.writeStringField(String.valueOf(entry.getKey()), String.valueOf(entry.getValue()));
    }
    json.writeEndObject();
  }
}
