package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.Cosine;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.http.HttpResponse;
import java.util.List;

/// A request for similarities that is checked against its model, and the answer to it: the cosines
/// of the first item's embedding and each other's, computed in double, as float32.
record Similarities(List<Item> items, List<OtherFields> others) implements Bound {
  private static final int OK = 200;

  @Override
  public String field(int index) {
    return index == 0 ? "inputs.source_sentence" : "inputs.sentences[%d]".formatted(index - 1);
  }

  @Override
  public long answerBytesMin() {
    return Cosine.bytesMin(items.size());
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    return OtherFields.name(HttpResponse.json(OK, Cosine.toFirst(answers, this::field)), others);
  }
}
