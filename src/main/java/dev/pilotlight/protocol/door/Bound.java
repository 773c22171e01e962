package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.protocol.http.HttpResponse;
import java.util.List;

/// A door's request that is checked against its model.
public interface Bound {
  /// The items to answer, at least one.
  List<Item> items();

  /// The field of an item in the request, such as `documents[3]`.
  String field(int index);

  /// The least bytes that one answer adds to the response, uncompressed: a request whose response
  /// cannot be delivered is refused before anything runs.
  long answerBytesMin();

  /// Whether the request's body asks for new answers in place of stored ones, as `Cache-Control:
  /// no-cache` does.
  default boolean recomputes() {
    return false;
  }

  /// Writes the answers, one an item, in the door's form.
  ///
  /// @throws dev.pilotlight.domain.Refusal if the form cannot express them
  HttpResponse response(List<Answer> answers);
}
