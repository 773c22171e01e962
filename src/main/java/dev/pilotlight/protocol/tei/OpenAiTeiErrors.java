package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.support.json.JsonBytes;

/// Errors as text-embeddings-inference writes them on its route in OpenAI's form:
/// `{"message":"…","code":422,"type":"Validation"}`.
public final class OpenAiTeiErrors implements Errors.Shape {
  private final TeiErrors statuses = new TeiErrors();

  @Override
  public int status(Reason reason) {
    return statuses.status(reason);
  }

  @Override
  public int status(Refusal refusal) {
    return statuses.status(refusal);
  }

  @Override
  public void write(JsonBytes json, Errors.Fault fault) {
    json.object()
        .field("message", Errors.naming(fault))
        .field("code", fault.status())
        .field("type", TeiErrors.type(fault.reason()))
        .endObject();
  }
}
