package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import java.util.Locale;

/// The end at which a text over the model's limit loses its tokens. A model's files determine it; a
/// request may name it but not change it.
public enum TruncationSide {
  LEFT,
  RIGHT;

  private static final String ACCEPTED = "Left, Right";

  /// Reads the side under the cursor; the case of its letters does not matter.
  ///
  /// @throws Refusal INVALID
  public static TruncationSide read(JsonReader json) throws IOException {
    String name = json.string();
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "left" -> LEFT;
      case "right" -> RIGHT;
      default ->
          throw Refusal.invalid(
              json.path(),
              "%s is '%s'; accepted: %s".formatted(json.path(), Text.shorten(name), ACCEPTED));
    };
  }

  /// Requires that the model truncates at this side.
  ///
  /// @param field that named it
  /// @throws Refusal INVALID
  public void require(String field, ModelInfo model) {
    TruncationSide own = of(model);
    if (this != own) {
      throw Refusal.invalid(
          field,
          "%s is %s, but %s truncates texts at the %s; accepted: that, or no value"
              .formatted(field, wireName(), model.name(), own.wireName()));
    }
  }

  /// The side at which a model truncates.
  public static TruncationSide of(ModelInfo model) {
    for (Fact fact : model.facts()) {
      if (fact.name().equals("truncation_side") && fact.value().equals(LEFT.wireName())) {
        return LEFT;
      }
    }
    return RIGHT;
  }

  private String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
