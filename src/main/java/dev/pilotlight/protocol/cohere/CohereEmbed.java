package dev.pilotlight.protocol.cohere;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.EmbeddingSize;
import dev.pilotlight.protocol.door.InputType;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.door.TruncationSide;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.image.ImageText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// `POST /v1/embed` and `POST /v2/embed`, as Cohere defines them.
///
/// Source: <https://docs.cohere.com/reference/embed>
///
/// @param version of the API: 1 or 2
/// @param id of the answer
/// @param model empty for the default
/// @param texts at least one; of images their data URLs
/// @param source the field of the texts or images
/// @param inputType one of Cohere's uses of a text; empty only in version 1
/// @param types the forms of the embeddings; empty for a plain list of floats, which only version 1
///   has
/// @param dimensions the requested length of the embeddings
/// @param tokensMax the requested limit of a text
/// @param truncation whether to truncate texts over the limit, and at which end
/// @param others the request's other fields
public record CohereEmbed(
    int version,
    String id,
    String model,
    List<String> texts,
    Source source,
    Optional<String> inputType,
    Set<EmbeddingType> types,
    OptionalInt dimensions,
    OptionalInt tokensMax,
    Truncation truncation,
    OtherFields others)
    implements Asked {
  /// The place of the texts or images.
  enum Source {
    TEXTS("texts", "texts[%d]"),
    INPUTS("inputs", "inputs[%d].content[0].text"),
    IMAGES("images", "images[%d]"),
    INPUT_IMAGES("inputs", "inputs[%d].content[0].image_url.url");

    private final String field;
    private final String path;

    /// @param path of an element
    Source(String field, String path) {
      this.field = field;
      this.path = path;
    }

    String field() {
      return field;
    }

    String path(int index) {
      return path.formatted(index);
    }

    boolean isImages() {
      return this == IMAGES || this == INPUT_IMAGES;
    }
  }

  /// The choice for texts over the model's limit.
  ///
  /// @param side the end that loses tokens if the request names it
  record Truncation(boolean truncates, Optional<TruncationSide> side) {}

  /// Reads a request.
  ///
  /// @param version of the path: 1 or 2
  /// @throws Refusal INVALID or EMPTY, naming the field; UNSUPPORTED_MEDIA_TYPE
  public static CohereEmbed read(HttpRequest request, int version, Terms terms) {
    MediaTypes.requireJson(request);
    String id = ResponseHeaders.requestId(request);
    return request.readJson(json -> new EmbedReader(json, version, terms).read(id));
  }

  @Override
  public boolean suits(ModelInfo info) {
    return info.task() == (source.isImages() ? Task.IMAGE_EMBEDDING : Task.EMBEDDING);
  }

  @Override
  public Bound bind(ModelInfo info) {
    if (!suits(info)) {
      throw Refusal.unsuited(
          "model %s does not produce embeddings of %s; accepted: a model that does"
              .formatted(info.name(), source.isImages() ? "images" : "texts"));
    }
    EmbeddingSize.require("output_dimension", size(info), info);
    requireTokensMax(info);
    truncation.side().ifPresent(side -> requireSide(side, info));
    return new CohereEmbeddings(this, info, source.isImages() ? images() : texts(info));
  }

  private List<Item> texts(ModelInfo info) {
    String prompt =
        inputType.flatMap(use -> InputType.prompt(use, info.policy().prompts())).orElse(null);
    List<Item> items = new ArrayList<>(texts.size());
    for (String text : texts) {
      items.add(new Item.Text(text, truncation.truncates(), prompt));
    }
    return items;
  }

  private List<Item> images() {
    List<Item> items = new ArrayList<>(texts.size());
    for (String url : texts) {
      items.add(ImageText.readDataUrl(source.path(items.size()), url));
    }
    return items;
  }

  /// The length of the embeddings.
  int size(ModelInfo info) {
    return dimensions.orElse(info.dimensions());
  }

  private void requireTokensMax(ModelInfo info) {
    if (tokensMax.isPresent() && tokensMax.getAsInt() < info.maxTokens()) {
      throw Refusal.invalid(
          "max_tokens",
          "max_tokens is %d; a limit under the model's own is not supported; accepted for %s: %d or"
                  .formatted(tokensMax.getAsInt(), info.name(), info.maxTokens())
              + " more, or no value");
    }
  }

  private static void requireSide(TruncationSide side, ModelInfo info) {
    TruncationSide own = TruncationSide.of(info);
    if (side != own) {
      throw Refusal.invalid(
          "truncate",
          "truncate is %s, and %s truncates texts at their %s; accepted: NONE, %s, or no value"
              .formatted(
                  wireName(side),
                  info.name(),
                  own == TruncationSide.LEFT ? "start" : "end",
                  wireName(own)));
    }
  }

  private static String wireName(TruncationSide side) {
    return side == TruncationSide.LEFT ? "START" : "END";
  }

  /// Does not show the caller's texts.
  @Override
  public String toString() {
    return "CohereEmbed[" + texts.size() + "]";
  }
}
