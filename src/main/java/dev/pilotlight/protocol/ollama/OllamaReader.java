package dev.pilotlight.protocol.ollama;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.ollama.OllamaEmbed.Form;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Reads the body of a request for embeddings. A field that is null counts as absent. Not
/// thread-safe; used once.
final class OllamaReader {
  private static final List<String> OF_EMBED =
      List.of("model", "input", "truncate", "dimensions", "options", "keep_alive");
  private static final List<String> OF_EMBEDDINGS =
      List.of("model", "prompt", "options", "keep_alive");
  private static final String OPTIONS = "options";
  private static final String CONTEXT = "num_ctx";

  private static final String TEXT = "a string that is not empty";

  private final JsonReader json;
  private final Form form;
  private final List<String> fields;
  private final int textsMax;
  private final OtherFields others;
  private final List<String> texts = new ArrayList<>();
  private String model = "";
  private boolean listed;
  private boolean truncates;
  private int dimensions;
  private OptionalLong context = OptionalLong.empty();

  OllamaReader(JsonReader json, Form form, Terms terms) {
    this.json = json;
    this.form = form;
    this.fields = form == Form.EMBED ? OF_EMBED : OF_EMBEDDINGS;
    this.textsMax = terms.itemsMax();
    this.others = new OtherFields(fields, terms.settings().unknownFields());
    // as Ollama does unless the deployment chooses
    this.truncates = terms.truncate().orElse(true);
  }

  OllamaEmbed read(long begin) throws IOException {
    json.object(this::field);
    if (texts.isEmpty()) {
      throw Refusal.empty(
          form.field(),
          "%s is %s; accepted: %s"
              .formatted(form.field(), listed ? "empty" : "missing", accepted()));
    }
    return new OllamaEmbed(
        form,
        model.isEmpty() ? model : Names.model(model),
        List.copyOf(texts),
        listed,
        truncates,
        dimensions,
        context,
        others,
        begin);
  }

  private String accepted() {
    return form == Form.EMBED ? "a string, or an array of 1 to %d".formatted(textsMax) : TEXT;
  }

  private void field(String name) throws IOException {
    if (!fields.contains(name)) {
      others.read(json, name);
      return;
    }
    if (json.isNull()) {
      return;
    }
    switch (name) {
      case "model" -> model = json.string();
      case "input" -> input();
      case "prompt" -> texts.add(text());
      case "truncate" -> truncates = json.bool();
      case "dimensions" -> dimensions = (int) json.integer(0, Integer.MAX_VALUE);
      case OPTIONS -> options();
      default -> json.skip(); // keep_alive: the environment keeps its models
    }
  }

  private void input() throws IOException {
    switch (json.token()) {
      case VALUE_STRING -> texts.add(text());
      case START_ARRAY -> {
        listed = true;
        json.array(_ -> element());
      }
      default -> throw json.wrongType(accepted());
    }
  }

  private void element() throws IOException {
    if (texts.size() == textsMax) {
      throw Refusal.invalid(
          "input",
          "input has more than %d elements; accepted: %s; use a batch for larger work"
              .formatted(textsMax, accepted()));
    }
    texts.add(text());
  }

  private String text() throws IOException {
    String text = json.string();
    if (text.isEmpty()) {
      throw Refusal.empty(json.path(), "%s is empty; accepted: %s".formatted(json.path(), TEXT));
    }
    return text;
  }

  private void options() throws IOException {
    OtherFields unknown = others.inside(OPTIONS, OllamaOptions.KNOWN);
    json.object(
        name -> {
          if (name.equals(CONTEXT) && !json.isNull()) {
            context = OptionalLong.of(json.integer(1, Integer.MAX_VALUE));
          } else if (OllamaOptions.KNOWN.contains(name)) {
            json.skip();
          } else {
            unknown.read(json, name);
          }
        });
  }
}
