package dev.pilotlight.protocol.json;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.support.json.JsonBytes;

/// Writes the resolved properties of a model: `{"pooling":{"value":"mean","source":"…"},…}`, and
/// its warnings, if any, as a list of sentences.
public final class ModelFacts {
  private static final int DIGITS_MAX = 15;

  private ModelFacts() {}

  /// One JSON object.
  public static void write(JsonBytes json, ModelInfo model) {
    json.object();
    for (Fact fact : model.facts()) {
      json.name(fact.name()).object().name("value");
      value(json, fact.value());
      json.field("source", fact.source()).endObject();
    }
    if (!model.warnings().isEmpty()) {
      json.strings("warnings", model.warnings());
    }
    json.endObject();
  }

  private static void value(JsonBytes json, String text) {
    if (text.matches("-?\\d{1," + DIGITS_MAX + "}")) {
      json.number(Long.parseLong(text));
    } else if (text.equals("true") || text.equals("false")) {
      json.literal(text);
    } else {
      json.string(text);
    }
  }
}
