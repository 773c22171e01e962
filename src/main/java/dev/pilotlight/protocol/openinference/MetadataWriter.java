package dev.pilotlight.protocol.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.json.JsonBytes;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.ModelFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Writes the bodies of the Open Inference Protocol's `GET` routes, as UTF-8 JSON.
public final class MetadataWriter {
  /// Triton's name for an ONNX model.
  private static final String PLATFORM = "onnx_onnxv1";

  private static final String SERVER_NAME = "pilotlight";
  private static final List<String> EXTENSIONS = List.of("binary_tensor_data");

  private MetadataWriter() {}

  /// What the list of models says of one.
  ///
  /// @param state such as `READY`
  /// @param reason why it is in that state, where that is worth a word
  public record ModelEntry(String name, String version, String state, Optional<String> reason) {}

  /// `GET /v2`.
  ///
  /// @param version the server's own
  public static byte[] server(String version) {
    return object(
        json -> {
          json.writeStringField("name", SERVER_NAME);
          json.writeStringField("version", version);
          strings(json, "extensions", EXTENSIONS);
        });
  }

  /// `GET /v2/health/live`.
  public static byte[] live(boolean live) {
    return object(json -> json.writeBooleanField("live", live));
  }

  /// `GET /v2/health/ready`.
  public static byte[] ready(boolean ready) {
    return object(json -> json.writeBooleanField("ready", ready));
  }

  /// `GET /v2/models/{m}/ready`.
  public static byte[] modelReady(String name, boolean ready) {
    return object(
        json -> {
          json.writeStringField("name", name);
          json.writeBooleanField("ready", ready);
        });
  }

  /// `GET /v2/models`; not in the protocol, but where its path leads.
  public static byte[] models(List<ModelEntry> models) {
    return object(
        json -> {
          json.writeArrayFieldStart("models");
          for (ModelEntry model : models) {
            json.writeStartObject();
            json.writeStringField("name", model.name());
            json.writeStringField("version", model.version());
            json.writeStringField("state", model.state());
            if (model.reason().isPresent()) {
              json.writeStringField("reason", model.reason().get());
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /// `GET /v2/models/{m}`; `parameters` holds what was resolved, and from which source.
  ///
  /// @param versions all that the repository has
  public static byte[] model(ModelInfo model, List<String> versions) {
    return object(
        json -> {
          json.writeStringField("name", model.name());
          strings(json, "versions", versions);
          json.writeStringField("platform", PLATFORM);
          specs(json, "inputs", model.inputs());
          specs(json, "outputs", model.outputs());
          json.writeFieldName("parameters");
          JsonBytes facts = new JsonBytes();
          ModelFacts.write(facts, model);
          json.writeRawValue(new String(facts.toByteArray(), StandardCharsets.UTF_8));
        });
  }

  private static void specs(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec spec : specs) {
      json.writeStartObject();
      json.writeStringField("name", spec.name());
      json.writeStringField("datatype", spec.datatype().name());
      json.writeArrayFieldStart("shape");
      for (long size : spec.shape()) {
        json.writeNumber(size);
      }
      json.writeEndArray();
      if (spec.anyRank()) {
        // a scalar has no sizes either
        json.writeObjectFieldStart("parameters");
        json.writeBooleanField("any_shape", true);
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void strings(JsonGenerator json, String field, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  @FunctionalInterface
  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] object(Fields fields) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonReader.FACTORY.createGenerator(body)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing here leaves memory
    }
    return body.toByteArray();
  }
}
