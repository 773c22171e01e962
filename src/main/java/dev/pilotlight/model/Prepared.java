package dev.pilotlight.model;

/// An item that a model has checked and, if it is a text, tokenised: ready to be run by that model.
public sealed interface Prepared permits PreparedText, PreparedTensors {

  /// The tokens to run; 0 for tensors.
  int tokens();

  /// Whether the text was over the model's token limit, so that only its beginning or end is run.
  boolean truncated();
}
