package dev.pilotlight.protocol.openai;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.json.ModelFacts;
import dev.pilotlight.support.json.JsonBytes;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// The answers of `GET /v1/models` and `GET /v1/models/{model}`.
public final class OpenAiModels {
  private OpenAiModels() {}

  /// One model.
  ///
  /// @param created when its files were written
  /// @param info empty if it is not loaded
  public record Entry(String name, Instant created, Optional<ModelInfo> info) {}

  /// Lists models in the given order.
  public static HttpResponse list(Collection<Entry> entries) {
    JsonBytes json = new JsonBytes().object().field("object", "list").name("data").array();
    entries.forEach(entry -> write(json, entry));
    return HttpResponse.json(200, json.endArray().endObject().toByteArray());
  }

  public static HttpResponse one(Entry entry) {
    JsonBytes json = new JsonBytes();
    write(json, entry);
    return HttpResponse.json(200, json.toByteArray());
  }

  /// `parameters` holds the resolved properties of a loaded model, as in `GET /v2/models/{m}`.
  private static void write(JsonBytes json, Entry entry) {
    json.object()
        .field("id", entry.name())
        .field("object", "model")
        .field("created", entry.created().getEpochSecond())
        .field("owned_by", "pilotlight");
    entry.info().ifPresent(info -> ModelFacts.write(json.name("parameters"), info));
    json.endObject();
  }
}
