package dev.pilotlight.protocol.ollama;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.EmbeddingSize;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// `POST /api/embed` and `POST /api/embeddings`, as Ollama defines them.
///
/// Source: <https://docs.ollama.com/api/embed>
///
/// @param form of the request and the answer
/// @param named the model's name as the request has it; empty for the default
/// @param texts at least one
/// @param listed whether they were a list
/// @param truncates whether texts over the model's limit are truncated
/// @param dimensions the requested length of the embeddings; 0 for the model's own
/// @param context the most tokens of a text by `options.num_ctx`
/// @param others the request's other fields
/// @param begin when the request was read, by [System#nanoTime()]
public record OllamaEmbed(
    Form form,
    String named,
    List<String> texts,
    boolean listed,
    boolean truncates,
    int dimensions,
    OptionalLong context,
    OtherFields others,
    long begin)
    implements Asked {
  /// The forms of a request and its answer.
  public enum Form {
    /// `/api/embed`: texts to vectors of unit length.
    EMBED("input"),
    /// `/api/embeddings`, which the other replaces: one text to the vector of the model.
    EMBEDDINGS("prompt");

    private final String field;

    Form(String field) {
      this.field = field;
    }

    /// The field of the texts.
    String field() {
      return field;
    }
  }

  private static final String TAG = ":latest";

  /// Reads a request. As in Ollama, whose examples call it by curl without a header, its content
  /// type is not read.
  ///
  /// @throws Refusal INVALID or EMPTY, naming the field
  public static OllamaEmbed read(HttpRequest request, Form form, Terms terms) {
    long begin = System.nanoTime();
    return request.readJson(json -> new OllamaReader(json, form, terms).read(begin));
  }

  /// The name without the tag that Ollama adds to a name that has none.
  @Override
  public String model() {
    return named.endsWith(TAG) ? named.substring(0, named.length() - TAG.length()) : named;
  }

  @Override
  public boolean suits(ModelInfo info) {
    return info.task() == Task.EMBEDDING;
  }

  @Override
  public Bound bind(ModelInfo info) {
    if (!suits(info)) {
      throw Refusal.unsuited(
          "model %s does not produce embeddings; accepted: a model that does"
              .formatted(info.name()));
    }
    EmbeddingSize.require("dimensions", size(info), info);
    requireContext(info);
    List<Item> items = new ArrayList<>(texts.size());
    for (String text : texts) {
      items.add(new Item.Text(text, truncates));
    }
    return new OllamaEmbeddings(this, info, items, System.nanoTime());
  }

  /// The length of the embeddings: as in Ollama the model's own if the request asks for more.
  int size(ModelInfo info) {
    return dimensions == 0 ? info.dimensions() : Math.min(dimensions, info.dimensions());
  }

  private void requireContext(ModelInfo info) {
    if (context.isPresent() && context.getAsLong() < info.maxTokens()) {
      throw Refusal.invalid(
          "options.num_ctx",
          "options.num_ctx is %d; a limit under the model's own is not supported; accepted for %s:"
                  .formatted(context.getAsLong(), info.name())
              + " %d or more, or no value".formatted(info.maxTokens()));
    }
  }

  /// Does not show the caller's texts.
  @Override
  public String toString() {
    return "OllamaEmbed[" + texts.size() + "]";
  }
}
