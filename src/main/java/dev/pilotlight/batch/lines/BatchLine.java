package dev.pilotlight.batch.lines;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A line of a batch, parsed. Its bytes were read as JSON, so they are UTF-8.
public sealed interface BatchLine {

  /// Whether it has, or was meant to have, the form of OpenAI's batches.
  default boolean isRequest() {
    return this instanceof Request || (this instanceof Wrong wrong && wrong.form() == Form.REQUEST);
  }

  /// A request in the form of OpenAI's batches.
  ///
  /// @param url a path of an inference endpoint
  /// @param body its object's bytes in the line
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Request(String customId, String url, byte[] body) implements BatchLine {
    /// The request as the API would get it.
    public HttpRequest http(String requestId) {
      return new HttpRequest(
          "POST", url, Map.of(), Map.of(), body, true, Map.of(), requestId, null);
    }
  }

  /// Texts for a model with a tokenizer, or a pair of texts for a classifier.
  ///
  /// @param model its name; empty for the default
  /// @param items at least one
  /// @param field of the texts
  /// @param listed whether they were a list
  /// @param truncate whether to truncate texts over the model's limit; empty if the model decides
  /// @param promptName the prompt of the model that goes before each text; empty for its default
  record Texts(
      LineId id,
      Optional<String> model,
      List<Item> items,
      String field,
      boolean listed,
      Optional<Boolean> truncate,
      Optional<PromptName> promptName)
      implements BatchLine {
    public Texts {
      items = List.copyOf(items);
    }

    /// The items for a model.
    ///
    /// @param otherwise whether to truncate if the line does not choose; empty if the model decides
    /// @throws Refusal INVALID if the model does not have the prompt that the line names
    public List<Item> itemsFor(ModelInfo info, Optional<Boolean> otherwise) {
      boolean truncates = truncate.or(() -> otherwise).orElse(info.policy().truncates());
      List<Item> its = items.stream().map(item -> item.withTruncate(truncates)).toList();
      return promptName.isPresent() ? promptName.get().requiredBefore(its, info) : its;
    }

    /// The name of an item's field in the line.
    public String field(int index) {
      return listed ? "%s[%d]".formatted(field, index) : field;
    }

    /// Checks that the model takes texts, and pairs if the line has one.
    ///
    /// @throws Refusal INVALID if it does not
    public void requireModel(ModelInfo info) {
      if (!info.takesText()) {
        throw Refusal.invalid(
            "model",
            "model %s takes %s, not texts; accepted: a model that takes texts, or %s"
                .formatted(
                    info.name(),
                    info.takesImages() ? "images" : "tensors",
                    info.takesImages() ? "a line with method, url and body" : "tensors as inputs"));
      }
      if (!info.infersTexts()) {
        throw Refusal.invalid(
            "model",
            ("model %s has the task %s, for which a line is a request; accepted: a line with"
                    + " custom_id, method, url and body")
                .formatted(info.name(), info.task().label()));
      }
      if (items.getFirst() instanceof Item.Pair && !info.takesPairs()) {
        throw Refusal.invalid(
            "text_pair",
            "model %s takes one text an item, not a pair; accepted: text alone, or a classifier"
                .formatted(info.name()));
      }
    }
  }

  /// Tensors of the Open Inference Protocol.
  ///
  /// @param model as in [Texts]
  /// @param body an inference request with the tensors
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Tensors(LineId id, Optional<String> model, byte[] body) implements BatchLine {
    /// The request as the API would get it.
    public HttpRequest http() {
      return new HttpRequest("POST", "/v2", Map.of(), Map.of(), body, true, Map.of(), "", null);
    }
  }

  /// An invalid line.
  ///
  /// @param id and `customId` as far as they could be read
  /// @param fieldMissing whether it is a request without the refusal's field
  record Wrong(
      Form form, LineId id, @Nullable String customId, Refusal refusal, boolean fieldMissing)
      implements BatchLine {
    /// A line that its splitter refused.
    public static Wrong of(LineId id, String reason) {
      return new Wrong(Form.UNCLEAR, id, null, Refusal.invalid("line", reason), false);
    }

    /// The `custom_id` of a request; empty for other forms, or if it cannot be read.
    public Optional<String> requestId() {
      return form == Form.REQUEST ? Optional.ofNullable(customId) : Optional.empty();
    }

    /// A request for the form of the answer: that of OpenAI, because no path is known.
    public HttpRequest http(String requestId) {
      return new HttpRequest(
          "POST", "/v1", Map.of(), Map.of(), new byte[0], true, Map.of(), requestId, null);
    }
  }

  /// The form that an invalid line seems to have, by its fields.
  enum Form {
    /// OpenAI's.
    REQUEST,
    /// The simple one.
    SIMPLE,
    /// Both or neither, or the line is not JSON.
    UNCLEAR
  }
}
