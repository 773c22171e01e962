package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.text.TokenCoder;
import dev.pilotlight.protocol.http.HttpResponse;

/// A request of a door that asks about a model and runs nothing.
public interface Question {
  /// The model that the question is about.
  ///
  /// @param info with the name by which the request asked for it
  /// @param version of this product
  record Subject(ModelInfo info, TokenCoder tokens, String version) {}

  /// The model's name; empty if the request names none.
  String model();

  /// As [Asked#suits].
  boolean suits(ModelInfo model);

  /// Answers it.
  ///
  /// @throws dev.pilotlight.domain.Refusal UNSUITED if it has no answer for the model; INVALID,
  ///   naming the field
  HttpResponse answer(Subject subject);
}
