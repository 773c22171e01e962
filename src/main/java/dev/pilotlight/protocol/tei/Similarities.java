package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.Cosine;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// A request for similarities that is checked against its model, and the answer to it: the cosines
/// of the first item's embedding and each other's, computed in double, as float32.
record Similarities(List<Item> items, List<OtherFields> others) implements Bound {
  private static final int OK = 200;
  private static final int COSINE_LEAST = "0.0,".length();
  private static final int COSINE_BYTES = 13;

  @Override
  public String field(int index) {
    return index == 0 ? "inputs.source_sentence" : "inputs.sentences[%d]".formatted(index - 1);
  }

  @Override
  public long answerBytesMin() {
    return COSINE_LEAST * (items.size() - 1L) / items.size();
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    float[] source = embedding(answers.getFirst());
    JsonBytes json = new JsonBytes(answers.size() * COSINE_BYTES).array();
    for (int i = 1; i < answers.size(); i++) {
      json.literal(Float.toString(Cosine.of(source, embedding(answers.get(i)), field(i))));
    }
    return OtherFields.name(HttpResponse.json(OK, json.endArray().toByteArray()), others);
  }

  private static float[] embedding(Answer answer) {
    return answer.result().output(ModelInfo.EMBEDDING_OUTPUT).floats();
  }
}
