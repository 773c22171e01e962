package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.text.TokenCoder;

/// A request that a door has read as far as it needs no model.
public interface Asked {
  /// The model's name; empty if the request names none.
  String model();

  /// Whether a model has the task of the door. If the request names no model, the default model
  /// answers if it suits, else the first that does.
  boolean suits(ModelInfo model);

  /// Checks the request against its model.
  ///
  /// @param model with the name by which the request asked for it
  /// @throws dev.pilotlight.domain.Refusal INVALID if the model does not suit, or cannot answer an
  ///   item, whatever the others are
  Bound bind(ModelInfo model);

  /// As [#bind(ModelInfo)], for a request whose items depend on the model's tokenizer.
  default Bound bind(ModelInfo model, TokenCoder tokens) {
    return bind(model);
  }
}
