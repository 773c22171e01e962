package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.json.ModelFacts;
import dev.pilotlight.protocol.openinference.tensors.TensorJson;
import dev.pilotlight.support.json.Escapes;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;
import java.util.Optional;

/// Writes the bodies of the Open Inference Protocol's `GET` routes, as UTF-8 JSON.
public final class MetadataWriter {
  /// The protocol's name for an ONNX model.
  private static final String PLATFORM = "onnx_onnxv1";

  private static final String SERVER_NAME = "pilotlight";
  private static final List<String> EXTENSIONS =
      List.of(
          "binary_tensor_data",
          "classification",
          "model_configuration",
          "model_repository",
          "statistics");

  private MetadataWriter() {}

  /// An entry in the list of models.
  ///
  /// @param state such as `READY`
  /// @param reason why it is in that state, if known
  public record ModelEntry(String name, String version, String state, Optional<String> reason) {}

  /// `GET /`, our extension of the protocol: the server and its routes.
  ///
  /// @param version the server's own
  public static byte[] root(String version, List<Router.Template> routes) {
    JsonBytes json = server(version, document()).name("routes").array();
    for (Router.Template route : routes) {
      json.object().field("method", route.method()).field("path", route.path()).endObject();
    }
    return json.endArray().endObject().toByteArray();
  }

  /// `GET /v2`.
  ///
  /// @param version the server's own
  public static byte[] server(String version) {
    return server(version, document()).strings("extensions", EXTENSIONS).endObject().toByteArray();
  }

  private static JsonBytes server(String version, JsonBytes json) {
    return json.object().field("name", SERVER_NAME).field("version", version);
  }

  /// `GET /v2/health/live`.
  public static byte[] live(boolean live) {
    return document().object().field("live", live).endObject().toByteArray();
  }

  /// `GET /v2/health/ready`.
  ///
  /// @param reasons why the server is not ready, if they are known; our extension of the protocol
  public static byte[] ready(boolean ready, List<String> reasons) {
    JsonBytes json = document().object().field("ready", ready);
    if (!reasons.isEmpty()) {
      json.strings("reasons", reasons);
    }
    return json.endObject().toByteArray();
  }

  /// `GET /v2/models/{m}/ready`.
  public static byte[] modelReady(String name, boolean ready) {
    JsonBytes json = document().object().field("name", name).field("ready", ready);
    return json.endObject().toByteArray();
  }

  /// `GET /v2/models`; our extension of the protocol.
  public static byte[] models(List<ModelEntry> models) {
    JsonBytes json = document().object().name("models").array();
    for (ModelEntry model : models) {
      json.object()
          .field("name", model.name())
          .field("version", model.version())
          .field("state", model.state());
      model.reason().ifPresent(reason -> json.field("reason", reason));
      json.endObject();
    }
    return json.endArray().endObject().toByteArray();
  }

  /// `GET /v2/models/{m}`; `parameters` holds the resolved properties and their sources.
  ///
  /// @param versions all that the repository has
  public static byte[] model(ModelInfo model, List<String> versions) {
    JsonBytes json =
        document()
            .object()
            .field("name", model.name())
            .strings("versions", versions)
            .field("platform", PLATFORM);
    specs(json, "inputs", model.inputs());
    specs(json, "outputs", model.outputs());
    JsonBytes facts = new JsonBytes();
    ModelFacts.write(facts, model);
    json.name("parameters").raw(facts.toByteArray());
    return json.endObject().toByteArray();
  }

  /// `GET /v1/results/{id}`, our extension: `{id, object:"result", model, version, created, tokens,
  /// outputs:[{name, shape, datatype, data}]}`, with `created` in seconds since 1970 and the data
  /// as [TensorJson#write] writes it.
  ///
  /// @param id as the request has it
  /// @param result the decoded value of `stored`
  public static byte[] result(String id, StoredResult stored, Result result) {
    JsonBytes json =
        new JsonBytes()
            .object()
            .field("id", id)
            .field("object", "result")
            .field("model", stored.model())
            .field("version", stored.version())
            .field("created", stored.created().getEpochSecond())
            .field("tokens", result.tokens())
            .name("outputs")
            .array();
    for (Tensor output : result.outputs()) {
      TensorJson.write(json, output);
    }
    return json.endArray().endObject().toByteArray();
  }

  private static JsonBytes document() {
    return new JsonBytes(0, Escapes.PAIRS);
  }

  private static void specs(JsonBytes json, String field, List<TensorSpec> specs) {
    json.name(field).array();
    for (TensorSpec spec : specs) {
      json.object().field("name", spec.name()).field("datatype", spec.datatype().name());
      TensorJson.writeShape(json, spec.shape().stream().mapToLong(Long::longValue).toArray());
      if (spec.anyRank()) {
        // a scalar has no sizes either
        json.name("parameters").object().field("any_shape", true).endObject();
      }
      json.endObject();
    }
    json.endArray();
  }
}
