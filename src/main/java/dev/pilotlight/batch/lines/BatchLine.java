package dev.pilotlight.batch.lines;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a JSON line of a batch asks for. Its bytes were read as JSON, so they are UTF-8.
public sealed interface BatchLine {

  /// A request as OpenAI's batches have them.
  ///
  /// @param url a path of the API under which there is inference
  /// @param body the bytes of its object as they stand in the line
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Request(String customId, String url, byte[] body) implements BatchLine {
    /// The request as the API would get it.
    public HttpRequest http(String requestId) {
      return new HttpRequest("POST", url, Map.of(), Map.of(), body, true, Map.of(), requestId);
    }
  }

  /// Texts for a model with a tokenizer.
  ///
  /// @param model its name; empty for the default
  /// @param items at least one
  /// @param field that held them
  /// @param listed whether it was a list
  /// @param truncate whether texts over the model's limit are truncated; empty where the model
  ///   decides
  record Texts(
      LineId id,
      Optional<String> model,
      List<Item> items,
      String field,
      boolean listed,
      Optional<Boolean> truncate)
      implements BatchLine {
    public Texts {
      items = List.copyOf(items);
    }

    /// The items as the model is to answer them.
    ///
    /// @param otherwise whether to truncate where the line does not choose; empty where the model
    ///   decides
    public List<Item> itemsFor(ModelInfo info, Optional<Boolean> otherwise) {
      boolean truncates = truncate.or(() -> otherwise).orElse(info.policy().truncates());
      return items.stream().map(item -> item.withTruncate(truncates)).toList();
    }

    /// Where an item stands in the line.
    public String field(int index) {
      return listed ? "%s[%d]".formatted(field, index) : field;
    }

    /// Checks what depends on the model.
    ///
    /// @throws Refusal INVALID if it takes no texts
    public void requireModel(ModelInfo info) {
      if (!info.takesText()) {
        throw Refusal.invalid(
            "model",
            "model %s takes tensors, not texts; accepted: a model that takes texts, or tensors as"
                    .formatted(info.name())
                + " inputs");
      }
    }
  }

  /// Tensors of the Open Inference Protocol.
  ///
  /// @param model as of [Texts]
  /// @param body an inference request that has them
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Tensors(LineId id, Optional<String> model, byte[] body) implements BatchLine {
    /// The request as the API would get it.
    public HttpRequest http() {
      return new HttpRequest("POST", "/v2", Map.of(), Map.of(), body, true, Map.of(), "");
    }
  }

  /// Nothing that can be asked.
  ///
  /// @param id as far as it could be read, which is also true of `customId`
  record Wrong(Form form, LineId id, @Nullable String customId, Refusal refusal)
      implements BatchLine {
    /// A line that its splitter refused.
    public static Wrong of(LineId id, String reason) {
      return new Wrong(Form.UNCLEAR, id, null, Refusal.invalid("line", reason));
    }

    /// The `custom_id` of a request; empty for other forms, or if it cannot be read.
    public Optional<String> requestId() {
      return form == Form.REQUEST ? Optional.ofNullable(customId) : Optional.empty();
    }

    /// The request as far as it is known, for the form of the answer.
    public HttpRequest http(String requestId) {
      return new HttpRequest(
          "POST", "", Map.of(), Map.of(), new byte[0], true, Map.of(), requestId);
    }
  }

  /// What a line that is wrong was meant to be, by its fields.
  enum Form {
    /// OpenAI's.
    REQUEST,
    /// The simple one.
    SIMPLE,
    /// Both, neither, or no JSON.
    UNCLEAR
  }
}
