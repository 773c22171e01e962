package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.protocol.door.Question;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// `GET /info`: a model and the limits of requests, as clients of text-embeddings-inference read
/// them. A field without a truthful value is null.
///
/// @param model of the query parameter `model`; empty if there is none
/// @param itemsMax the most inputs of a request
public record InfoRequest(String model, int itemsMax) implements Question {
  private static final int OK = 200;

  /// Reads a request.
  ///
  /// @throws dev.pilotlight.domain.Refusal NOT_FOUND: no model can have such a name
  public static Question read(HttpRequest request, Terms terms) {
    String name = request.query().getOrDefault("model", "");
    return new InfoRequest(name.isEmpty() ? "" : Names.model(name), terms.itemsMax());
  }

  @Override
  public boolean suits(ModelInfo info) {
    return info.takesText() && info.task() != Task.TOKEN_CLASSIFICATION;
  }

  @Override
  public HttpResponse answer(Subject subject) {
    ModelInfo info = subject.info();
    if (info.task() == Task.TOKEN_CLASSIFICATION) {
      throw Refusal.unsuited(
          "model %s classifies tokens, for which this server's clients have no type; accepted: a"
                  .formatted(info.name())
              + " model of embeddings, or a text classifier");
    }
    TokenizeRequest.requireText(info, this);
    JsonBytes json =
        new JsonBytes()
            .object()
            .field("model_id", info.name())
            .field("model_sha", info.digest())
            // a quantised graph computes in several types
            .field("model_dtype", null)
            .field("served_model_name", info.name())
            .name("model_type");
    type(json, info);
    // each text runs alone, so a run has the tokens of one text
    json.field("max_concurrent_requests", null)
        .field("max_input_length", info.maxTokens())
        .field("max_batch_tokens", info.maxTokens())
        .field("max_batch_requests", 1)
        .field("max_client_batch_size", itemsMax)
        .field("auto_truncate", true)
        .field("tokenization_workers", Runtime.getRuntime().availableProcessors())
        .field("version", subject.version())
        .field("sha", null)
        .field("docker_label", null)
        .endObject();
    return HttpResponse.json(OK, json.toByteArray());
  }

  private static void type(JsonBytes json, ModelInfo info) {
    if (info.task() == Task.FILL_MASK) {
      json.literal("null");
      return;
    }
    json.object();
    if (info.labels().isPresent()) {
      labels(json.name(info.ranks() ? "reranker" : "classifier"), info.labels().get());
    } else {
      json.name("embedding").object().field("pooling", pooling(info)).endObject();
    }
    json.endObject();
  }

  private static void labels(JsonBytes json, Labels labels) {
    List<String> names = labels.names();
    json.object().name("id2label").object();
    for (int i = 0; i < names.size(); i++) {
      json.field(Integer.toString(i), names.get(i));
    }
    json.endObject().name("label2id").object();
    for (int i = 0; i < names.size(); i++) {
      json.field(names.get(i), i);
    }
    json.endObject().endObject();
  }

  private static String pooling(ModelInfo info) {
    return info.fact("pooling").orElse(info.task() == Task.SPARSE_EMBEDDING ? "splade" : "none");
  }
}
