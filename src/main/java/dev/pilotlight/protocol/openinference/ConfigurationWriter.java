package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.support.json.Escapes;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// Writes the answer of Triton's model configuration extension, as UTF-8 JSON: the fields of its
/// message `ModelConfig` that a client of ours can use.
///
/// Source: <https://github.com/triton-inference-server/common>, `protobuf/model_config.proto`
public final class ConfigurationWriter {
  /// Triton's name for ONNX models.
  private static final String PLATFORM = "onnxruntime_onnx";

  private static final String BACKEND = "onnxruntime";

  /// The parameter with the names of the inputs and outputs that take any shape, which Triton's
  /// message cannot express.
  private static final String ANY_SHAPE = "any_shape";

  private ConfigurationWriter() {}

  /// `GET /v2/models/{model}[/versions/{version}]/config`.
  ///
  /// `max_batch_size` is 0, so `dims` are whole shapes, as in the metadata: a request may hold many
  /// items, but each runs alone.
  ///
  /// @param caches whether results are kept, so that an equal item is not run again
  public static byte[] write(ModelInfo model, boolean caches) {
    JsonBytes json =
        new JsonBytes(0, Escapes.PAIRS)
            .object()
            .field("name", model.name())
            .field("platform", PLATFORM)
            .field("backend", BACKEND);
    json.name("version_policy").object().name("all").object().endObject().endObject();
    json.field("max_batch_size", 0);
    json.name("input").array();
    for (TensorSpec input : model.inputs()) {
      start(json, input).field("format", "FORMAT_NONE");
      dims(json, input).endObject();
    }
    json.endArray().name("output").array();
    for (TensorSpec output : model.outputs()) {
      dims(start(json, output), output).endObject();
    }
    json.endArray().name("parameters").object();
    anyShape(json, model);
    json.endObject();
    json.name("response_cache").object().field("enable", caches).endObject();
    return json.endObject().toByteArray();
  }

  private static JsonBytes start(JsonBytes json, TensorSpec spec) {
    return json.object()
        .field("name", spec.name())
        .field("data_type", "TYPE_" + type(spec.datatype()));
  }

  private static String type(Datatype datatype) {
    return datatype == Datatype.BYTES ? "STRING" : datatype.name();
  }

  private static JsonBytes dims(JsonBytes json, TensorSpec spec) {
    json.name("dims").array();
    for (long size : spec.shape()) {
      json.number(size);
    }
    return json.endArray();
  }

  private static void anyShape(JsonBytes json, ModelInfo model) {
    StringBuilder names = new StringBuilder();
    for (List<TensorSpec> specs : List.of(model.inputs(), model.outputs())) {
      for (TensorSpec spec : specs) {
        if (spec.anyRank()) {
          names.append(names.isEmpty() ? "" : ",").append(spec.name());
        }
      }
    }
    if (!names.isEmpty()) {
      json.name(ANY_SHAPE).object().field("string_value", names.toString()).endObject();
    }
  }
}
