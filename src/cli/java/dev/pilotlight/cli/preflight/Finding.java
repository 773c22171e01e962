package dev.pilotlight.cli.preflight;

/// One thing that was checked for a preset.
///
/// @param what in a word, such as `concurrency`
/// @param text the values, and what to do
public record Finding(Status status, String what, String text) {

  /// How it stands.
  public enum Status {
    /// As the preset needs it.
    OK("ok"),
    /// Nothing that AWS can be asked about; the text is for the reader.
    NOTE("note"),
    /// It could not be asked.
    UNKNOWN("unknown"),
    /// The deploy would fail.
    FAILS("FAILS");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /// For people.
    public String word() {
      return word;
    }
  }
}
