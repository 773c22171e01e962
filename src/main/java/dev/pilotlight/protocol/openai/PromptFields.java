package dev.pilotlight.protocol.openai;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.InputType;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields that choose a prompt of the model: by its name (`prompt_name`), or by the use of the
/// vectors (`input_type`). A model without prompts ignores them. The class loads with the first
/// request that has a field which OpenAI does not define.
final class PromptFields {
  private static final String EMPTY = "\"\"";

  private PromptFields() {}

  static boolean contains(String name) {
    return name.equals(Prompts.FIELD) || name.equals(InputType.FIELD);
  }

  /// The prompt that a request chooses, as [Item.Text#withPrompt] takes it.
  ///
  /// @throws Refusal INVALID if the model has prompts, but not the chosen one; if both fields
  ///   choose; if the request has token ids
  static Optional<String> prompt(Request request, ModelInfo model) {
    Prompts prompts = model.policy().prompts();
    ExtraField field = prompts.isEmpty() ? null : chosen(request);
    if (field == null) {
      return Optional.empty();
    }
    String value = text(field);
    if (!(request.items().getFirst() instanceof Item.Text)) {
      throw Refusal.invalid(
          field.name(),
          "%s puts a prompt before a text, and input holds token ids; accepted: texts, or no %s"
              .formatted(field.name(), field.name()));
    }
    return field.name().equals(Prompts.FIELD)
        ? prompts.named(value)
        : InputType.prompt(value, prompts);
  }

  /// The names of the extra fields that have no effect on a model.
  static List<String> ignored(Request request, ModelInfo model) {
    ExtraField field = model.policy().prompts().isEmpty() ? null : chosen(request);
    List<String> names = new ArrayList<>();
    for (ExtraField extra : request.extras()) {
      if (field == null || !extra.name().equals(field.name())) {
        names.add(extra.name());
      }
    }
    return names;
  }

  private static @Nullable ExtraField chosen(Request request) {
    ExtraField chosen = null;
    for (ExtraField field : request.extras()) {
      if (!contains(field.name()) || field.isNull() || field.value().equals(EMPTY)) {
        continue;
      }
      if (chosen != null) {
        throw Refusal.invalid(
            field.name(),
            "%s and %s both choose a prompt; accepted: one of them"
                .formatted(chosen.name(), field.name()));
      }
      chosen = field;
    }
    return chosen;
  }

  private static String text(ExtraField field) {
    String json = field.value();
    if (json.charAt(0) != '"') {
      throw Refusal.invalid(
          field.name(), "%s is %s; accepted: a string".formatted(field.name(), json));
    }
    return json.substring(1, json.length() - 1);
  }
}
