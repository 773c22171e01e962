package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads an object in `inputs`: a pair of texts, or sentences to compare. Not thread-safe.
final class InputObject {
  private static final String TEXT = "text";
  private static final String PAIR = "text_pair";

  private final JsonReader json;
  private final int itemsMax;
  private final String path;
  private final List<Item> sentences = new ArrayList<>();
  private @Nullable String source;
  private @Nullable String text;
  private @Nullable String pair;
  private boolean hasSentences;

  InputObject(JsonReader json, int itemsMax) {
    this.json = json;
    this.itemsMax = itemsMax;
    this.path = json.path();
  }

  PipelineInputs read() throws IOException {
    json.object(this::field);
    if (source == null && !hasSentences) {
      return new PipelineInputs(PipelineInputs.Kind.ONE, List.of(pair()));
    }
    if (text != null || pair != null) {
      throw Refusal.invalid(
          path,
          "%s has the fields of a pair and of sentences; accepted: %s"
              .formatted(path, PipelineInputs.accepted(itemsMax)));
    }
    if (source == null) {
      throw missing(PipelineInputs.SOURCE, "a string");
    }
    if (!hasSentences) {
      throw missing(PipelineInputs.SENTENCES, "an array of strings");
    }
    if (sentences.isEmpty()) {
      String field = path + "." + PipelineInputs.SENTENCES;
      throw Refusal.empty(field, field + " is empty; accepted: one string or more");
    }
    List<Item> items = new ArrayList<>(sentences.size() + 1);
    items.add(new Item.Text(source, false));
    items.addAll(sentences);
    return new PipelineInputs(PipelineInputs.Kind.SENTENCES, items);
  }

  Item readPair() throws IOException {
    json.object(this::field);
    if (source != null || hasSentences) {
      throw Refusal.invalid(
          path,
          "%s is an object of sentences; accepted: %s"
              .formatted(path, PipelineInputs.ACCEPTED_ONE));
    }
    return pair();
  }

  private Item pair() {
    if (text == null) {
      throw missing(TEXT, "a string");
    }
    return pair == null ? new Item.Text(text, false) : new Item.Pair(text, pair, false);
  }

  private void field(String name) throws IOException {
    switch (name) {
      case PipelineInputs.SOURCE -> source = PipelineInputs.string(json);
      case PipelineInputs.SENTENCES -> sentences();
      case TEXT -> text = PipelineInputs.string(json);
      case PAIR -> pair = json.isNull() ? null : PipelineInputs.string(json);
      default ->
          throw json.unknownField(
              String.join(", ", PipelineInputs.SOURCE, PipelineInputs.SENTENCES, TEXT, PAIR));
    }
  }

  private void sentences() throws IOException {
    hasSentences = true;
    String field = json.path();
    json.array(
        index -> {
          // the source sentence counts
          PipelineInputs.requireFewer(index + 1, field, itemsMax);
          sentences.add(PipelineInputs.text(json));
        });
  }

  private Refusal missing(String name, String accepted) {
    String field = path + "." + name;
    return Refusal.invalid(field, "%s is missing; accepted: %s".formatted(field, accepted));
  }
}
