package dev.pilotlight.domain;

import java.util.Locale;

/// The origin of an answer, nearest first.
public enum Tier {
  MEMORY,
  REDIS,
  DYNAMODB,
  /// The model was run, because no tier had the result.
  RUN;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /// The name in headers and metrics, in lower case.
  public String wireName() {
    return wireName;
  }
}
