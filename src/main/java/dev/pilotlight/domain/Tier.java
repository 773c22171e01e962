package dev.pilotlight.domain;

/// Where an answer came from, nearest first.
public enum Tier {
  MEMORY,
  REDIS,
  DYNAMODB,
  /// Not stored anywhere: the model was run.
  RUN
}
