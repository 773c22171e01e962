package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.support.json.JsonBytes;

/// Errors as Hugging Face's inference API writes them: `{"error":"…"}`.
public final class HuggingFaceErrors implements Errors.Shape {
  @Override
  public void write(JsonBytes json, Errors.Fault fault) {
    json.object().field("error", Errors.naming(fault)).endObject();
  }
}
