package dev.pilotlight.protocol;

import java.time.Instant;
import java.util.Collection;

/// The answers of `GET /v1/models` and `GET /v1/models/{model}`.
public final class OpenAiModels {
  private OpenAiModels() {}

  /// Lists models in the given order.
  ///
  /// @param created when the models were deployed, to the second
  public static HttpResponse list(Collection<String> names, Instant created) {
    JsonBytes json = new JsonBytes().object().field("object", "list").name("data").array();
    names.forEach(name -> write(json, name, created));
    return HttpResponse.json(200, json.endArray().endObject().toByteArray());
  }

  public static HttpResponse one(String name, Instant created) {
    JsonBytes json = new JsonBytes();
    write(json, name, created);
    return HttpResponse.json(200, json.toByteArray());
  }

  private static void write(JsonBytes json, String name, Instant created) {
    json.object()
        .field("id", name)
        .field("object", "model")
        .field("created", created.getEpochSecond())
        .field("owned_by", "pilotlight")
        .endObject();
  }
}
