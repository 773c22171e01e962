package dev.pilotlight.domain;

/// A resolved property of a model with its source, for metadata and logs.
///
/// @param name such as `pooling` or `max_tokens`
/// @param value as text, such as `mean` or `512`
/// @param source the file it was read from, such as `1_Pooling/config.json`; `graph`; `table` with
///   the row's name; or [#ASSUMED]
public record Fact(String name, String value, String source) {
  /// The source of a value that nothing declares.
  public static final String ASSUMED = "assumed";

  /// The source of a value that the ONNX graph declares.
  public static final String GRAPH = "graph";

  public boolean assumed() {
    return source.equals(ASSUMED);
  }
}
