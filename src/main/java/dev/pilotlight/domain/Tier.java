package dev.pilotlight.domain;

import java.util.Locale;

/// Where an answer came from, nearest first.
public enum Tier {
  MEMORY,
  REDIS,
  DYNAMODB,
  /// Not stored anywhere: the model was run.
  RUN;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /// In lower case.
  public String wireName() {
    return wireName;
  }
}
