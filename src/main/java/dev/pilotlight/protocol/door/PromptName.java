package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The prompt that a request names.
///
/// @param field of the name in the request
public record PromptName(String name, String field) {
  /// Reads the name under the cursor; null counts as absent.
  public static Optional<PromptName> read(JsonReader json) throws IOException {
    return json.isNull()
        ? Optional.empty()
        : Optional.of(new PromptName(json.string(), json.path()));
  }

  /// Requires that the model has prompts.
  ///
  /// @throws Refusal INVALID
  public void requirePrompts(ModelInfo model) {
    if (model.policy().prompts().isEmpty()) {
      throw Refusal.invalid(
          field,
          "%s is there, but %s has no prompts; accepted for this model: no value"
              .formatted(field, model.name()));
    }
  }

  /// Puts the prompt before each text.
  ///
  /// @throws Refusal INVALID if the model has prompts, but none of this name, or if an item is not
  ///   a single text
  public List<Item> before(List<Item> items, ModelInfo model) {
    Prompts prompts = model.policy().prompts();
    if (prompts.isEmpty()) {
      return items;
    }
    Optional<String> text = chosen(prompts);
    List<Item> prompted = new ArrayList<>(items.size());
    for (Item item : items) {
      prompted.add(requireText(item).withPrompt(text));
    }
    return prompted;
  }

  /// Puts the prompt before each text, and refuses a model without prompts.
  ///
  /// @throws Refusal INVALID if the model has no prompt of this name, or if an item is not a single
  ///   text
  public List<Item> requiredBefore(List<Item> items, ModelInfo model) {
    requirePrompts(model);
    return before(items, model);
  }

  private Optional<String> chosen(Prompts prompts) {
    try {
      return prompts.named(name);
    } catch (Refusal refusal) {
      throw field.equals(Prompts.FIELD) ? refusal : refusal.at(field);
    }
  }

  private Item.Text requireText(Item item) {
    if (item instanceof Item.Text text) {
      return text;
    }
    throw Refusal.invalid(
        field, field + " puts a prompt before a text; accepted: single texts, or no " + field);
  }
}
