package dev.pilotlight.protocol.tei.forms;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.text.TokenCoder;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.door.TruncationSide;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.tei.inputs.InputItems;
import dev.pilotlight.protocol.tei.inputs.Inputs;
import java.util.List;
import java.util.Optional;

/// `POST /embed_all`, the vectors of all tokens, and `POST /embed_sparse`, weights of tokens.
///
/// @param model the model's name; empty if the request names none
/// @param truncates whether inputs over the model's limit are truncated
/// @param side where they lose tokens; empty for the side of the model's files
/// @param prompt for all inputs; empty for the model's default
/// @param bytesMax the most bytes of a response
/// @param others the fields to ignore
public record FormRequest(
    Kind kind,
    String model,
    Inputs inputs,
    boolean truncates,
    Optional<TruncationSide> side,
    Optional<PromptName> prompt,
    int bytesMax,
    OtherFields others)
    implements Asked {
  /// The form of a result.
  public enum Kind {
    /// The vectors of all tokens, as the graph computes them.
    ALL,
    /// The weights of tokens that are not 0.
    SPARSE;

    ResultForm form() {
      return this == ALL ? new ResultForm.TokenVectors() : new ResultForm.Sparse();
    }
  }

  /// Reads a request.
  ///
  /// @throws Refusal INVALID, naming the field; EMPTY without inputs; UNSUPPORTED_MEDIA_TYPE
  public static Asked read(HttpRequest request, Kind kind, Terms terms) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> new FormReader(json, terms).read(kind));
  }

  @Override
  public boolean suits(ModelInfo info) {
    return kind == Kind.ALL ? info.tokenVectors().isPresent() : info.isSparse();
  }

  @Override
  public Bound bind(ModelInfo info) {
    throw new IllegalStateException("inputs are bound with the model's tokenizer");
  }

  @Override
  public Bound bind(ModelInfo info, TokenCoder tokens) {
    if (!suits(info)) {
      throw unsuited(info);
    }
    if (prompt.isPresent()) {
      prompt.get().requirePrompts(info);
    }
    TruncationSide cut = side.orElse(TruncationSide.of(info));
    InputItems items = new InputItems(info, tokens, truncates, cut, prompt);
    List<Item> inForm = Item.InForm.all(items.of(inputs), kind.form());
    return kind == Kind.ALL
        ? new AllTokens(this, inForm, TokenBudget.of(this, info).require(inForm, tokens))
        : new SparseVectors(this, inForm);
  }

  private Refusal unsuited(ModelInfo info) {
    return Refusal.unsuited(
        kind == Kind.SPARSE
            ? ("model %s is not an embedding model with Splade pooling; accepted: a SPLADE model,"
                    + " or one with weights of tokens, as bge-m3 has them; with \"task\":"
                    + " \"sparse-embedding\" in pilotlight.json a masked language model is one")
                .formatted(info.name())
            : ("model %s is not an embedding model that gives a vector for each token; accepted:"
                    + " one whose graph has an output such as last_hidden_state")
                .formatted(info.name()));
  }
}
