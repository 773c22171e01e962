package dev.pilotlight.protocol.cohere;

import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.support.json.JsonBytes;

/// Errors as Cohere writes them: `{"message":"…"}`, with our statuses.
///
/// Source: <https://docs.cohere.com/reference/errors>
public final class CohereErrors implements Errors.Shape {
  @Override
  public void write(JsonBytes json, Errors.Fault fault) {
    json.object().field("message", Errors.naming(fault)).endObject();
  }
}
