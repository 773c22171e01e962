package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.text.TokenCoder;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.door.TruncationSide;
import dev.pilotlight.protocol.door.VectorForm;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.tei.inputs.InputItems;
import dev.pilotlight.protocol.tei.inputs.Inputs;
import java.util.Optional;

/// `POST /embed` and `POST /embeddings`: embeddings of texts and of token ids.
///
/// @param model the model's name; empty if the request names none
/// @param truncates whether inputs over the model's limit are truncated
/// @param side where they lose tokens; empty for the side of the model's files
/// @param prompt for all inputs; empty for the model's default
/// @param others the fields to ignore
public record EmbedRequest(
    String model,
    Inputs inputs,
    boolean truncates,
    Optional<TruncationSide> side,
    Optional<PromptName> prompt,
    VectorForm form,
    Reply reply,
    OtherFields others)
    implements Asked {
  /// The form of the answer.
  public enum Reply {
    /// A list of vectors.
    VECTORS,
    /// OpenAI's list of objects.
    OBJECTS,
    /// The same with vectors in base64.
    BASE64
  }

  /// Reads the body of `POST /embed`.
  ///
  /// @throws Refusal INVALID, naming the field; EMPTY without inputs; UNSUPPORTED_MEDIA_TYPE
  public static Asked read(HttpRequest request, Terms terms) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> new EmbedReader(json, terms).read());
  }

  /// Reads the body of `POST /embeddings`.
  ///
  /// @throws Refusal as [#read]
  public static Asked readOpenAi(HttpRequest request, Terms terms) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> new EmbeddingsReader(json, terms).read());
  }

  @Override
  public boolean suits(ModelInfo info) {
    return info.task() == Task.EMBEDDING;
  }

  @Override
  public Bound bind(ModelInfo info) {
    throw new IllegalStateException("inputs are bound with the model's tokenizer");
  }

  @Override
  public Bound bind(ModelInfo info, TokenCoder tokens) {
    if (!suits(info)) {
      throw Refusal.unsuited(
          "model %s is not an embedding model; accepted: a model that produces embeddings"
              .formatted(info.name()));
    }
    form.require(info, EmbedReader.NORMALIZE);
    requireTexts(info);
    if (prompt.isPresent()) {
      prompt.get().requirePrompts(info);
    }
    TruncationSide cut = side.orElse(TruncationSide.of(info));
    InputItems items = new InputItems(info, tokens, truncates, cut, prompt);
    return new Embeddings(this, info, items.of(inputs));
  }

  /// Clients of OpenAI's API send ids of OpenAI's tokenizer, and some of them call this path.
  private void requireTexts(ModelInfo info) {
    if (reply == Reply.VECTORS || info.policy().acceptsTokenIds()) {
      return;
    }
    for (int i = 0; i < inputs.all().size(); i++) {
      if (inputs.all().get(i) instanceof Inputs.Ids) {
        throw Refusal.invalid(
            inputs.field(i),
            ("%s holds token ids, which are refused for %s on this path, because clients send those"
                    + " of another tokenizer (tiktoken); accepted: texts, or ids of the model's own"
                    + " tokenizer on /embed, or with \"token_ids\": \"accept\" in its"
                    + " pilotlight.json")
                .formatted(inputs.field(i), info.name()));
      }
    }
  }
}
