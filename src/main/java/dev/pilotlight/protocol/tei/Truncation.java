package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.door.TruncationSide;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields by which a request chooses how texts over the model's limit are truncated.
///
/// @param chosen empty if the request does not choose
/// @param side null if it names none
/// @param sideField the field that names it
record Truncation(
    Optional<Boolean> chosen, @Nullable TruncationSide side, String sideField, Terms terms) {
  static final String TRUNCATE = "truncate";
  static final String DIRECTION = "truncation_direction";

  static Truncation none(Terms terms) {
    return new Truncation(Optional.empty(), null, DIRECTION, terms);
  }

  /// Returns this with the value under the cursor; one that is null changes nothing.
  ///
  /// @param field `truncate` or `truncation_direction`
  Truncation with(String field, JsonReader json) throws IOException {
    if (json.isNull()) {
      return this;
    }
    return field.equals(TRUNCATE)
        ? new Truncation(Optional.of(json.bool()), side, sideField, terms)
        : new Truncation(chosen, TruncationSide.read(json), json.path(), terms);
  }

  /// Whether texts are truncated: as in text-embeddings-inference, unless the request or the
  /// deployment decides otherwise.
  boolean truncates() {
    return chosen.orElse(terms.truncate().orElse(true));
  }

  /// @throws dev.pilotlight.domain.Refusal INVALID if the model truncates texts at the other side
  void require(ModelInfo model) {
    if (side != null && truncates()) {
      side.require(sideField, model);
    }
  }
}
