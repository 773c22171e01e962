package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.Text;
import java.util.Optional;

/// The use of a vector, which clients name in `input_type`, and the prompt for it.
public final class InputType {
  public static final String FIELD = "input_type";

  private static final String ACCEPTED =
      "query, search_query, document, search_document, passage, classification, clustering";

  private InputType() {}

  /// Chooses the prompt for a use: `query` for queries; the first of `document`, `passage` and
  /// `corpus` for documents; the one of the same name for classification and clustering. Without
  /// such a prompt, none is chosen.
  ///
  /// @throws Refusal INVALID for another use
  public static Optional<String> prompt(String use, Prompts prompts) {
    return switch (use) {
      case "query", "search_query" -> prompts.ofQuery();
      case "document", "search_document", "passage" -> prompts.ofDocument();
      case "classification", "clustering" ->
          prompts.byName().containsKey(use) ? prompts.named(use) : Optional.empty();
      default ->
          throw Refusal.invalid(
              FIELD, "%s is \"%s\"; accepted: %s".formatted(FIELD, Text.shorten(use), ACCEPTED));
    };
  }
}
