package dev.pilotlight.files;

import java.util.Optional;

/// The use of a file.
public enum Purpose {
  /// The requests of a batch.
  BATCH("batch", 'i'),
  /// The answers of a batch, or its failures.
  BATCH_OUTPUT("batch_output", 'o');

  private final String wireName;
  private final char letter;

  Purpose(String wireName, char letter) {
    this.wireName = wireName;
    this.letter = letter;
  }

  /// OpenAI's name.
  public String wireName() {
    return wireName;
  }

  /// The purpose in an entry of an owner's list.
  char letter() {
    return letter;
  }

  /// The purpose of a name of OpenAI's; empty for any other.
  public static Optional<Purpose> of(String wireName) {
    for (Purpose purpose : values()) {
      if (purpose.wireName.equals(wireName)) {
        return Optional.of(purpose);
      }
    }
    return Optional.empty();
  }
}
