package dev.pilotlight.batch;

import dev.pilotlight.protocol.OpenAiEmbeddings.Encoding;
import java.util.Map;
import java.util.Optional;

/// What an object's user metadata say about how its lines are to be answered, beside what
/// [InputFormat] reads of them.
///
/// @param model that answers lines which name none
/// @param encoding of embeddings that answer plain texts
record ObjectOptions(Optional<String> model, Encoding encoding) {
  private static final String MODEL = "model";
  private static final String ENCODING = "encoding-format";

  /// @param metadata names in lower case
  /// @throws BatchException.Unreadable if a value is not accepted
  static ObjectOptions of(Map<String, String> metadata) {
    return new ObjectOptions(
        Optional.ofNullable(metadata.get(MODEL)),
        encoding(metadata.getOrDefault(ENCODING, "float")));
  }

  private static Encoding encoding(String name) {
    return switch (name) {
      case "float" -> Encoding.FLOAT;
      case "base64" -> Encoding.BASE64;
      default ->
          throw new BatchException.Unreadable(
              "the object's metadata say %s %s; accepted: float, base64".formatted(ENCODING, name),
              null);
    };
  }
}
