package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.MediaTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `POST /similarity`: how similar sentences are to one, by the cosine of their embeddings.
///
/// @param model the model's name; empty if the request names none
/// @param texts the source sentence, then the sentences, at least one
/// @param truncation of texts over the model's limit
/// @param prompt for all texts; empty for the model's default
/// @param others the fields to ignore, of each object
public record Similarity(
    String model,
    List<String> texts,
    Truncation truncation,
    Optional<PromptName> prompt,
    List<OtherFields> others)
    implements Asked {
  public Similarity {
    texts = List.copyOf(texts);
    others = List.copyOf(others);
  }

  /// Reads a request.
  ///
  /// @throws Refusal INVALID, naming the field; EMPTY without sentences; UNSUPPORTED_MEDIA_TYPE
  public static Asked read(HttpRequest request, Terms terms) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> new SimilarityReader(json, terms).read());
  }

  @Override
  public boolean suits(ModelInfo info) {
    return info.task() == Task.EMBEDDING;
  }

  @Override
  public Bound bind(ModelInfo info) {
    if (!suits(info)) {
      throw Refusal.unsuited(
          "model %s is not an embedding model; accepted: a model that produces embeddings"
              .formatted(info.name()));
    }
    truncation.require(info);
    if (prompt.isPresent()) {
      prompt.get().requirePrompts(info);
    }
    List<Item> items = new ArrayList<>(texts.size());
    for (String text : texts) {
      items.add(new Item.Text(text, truncation.truncates()));
    }
    return new Similarities(prompt.isPresent() ? prompt.get().before(items, info) : items, others);
  }

  /// Does not show the caller's texts.
  @Override
  public String toString() {
    return "Similarity[" + texts.size() + "]";
  }
}
