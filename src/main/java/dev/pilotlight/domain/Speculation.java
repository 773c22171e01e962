package dev.pilotlight.domain;

/// Whether a model's runs begin before the store has answered the look-up.
public enum Speculation {
  /// Where that saves more time than it wastes, by what the environment has measured.
  AUTO,
  /// Whenever Redis has reported the result absent.
  ON,
  OFF
}
