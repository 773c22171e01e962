package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.Cosine;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// The task sentence-similarity: the cosine of the source sentence's embedding and each other's, in
/// the order of the sentences.
record SentenceScores(PipelineRequest asked, List<Item> items) implements Bound {
  private static final int OK = 200;
  private static final int COSINE_LEAST = "0.0,".length();

  SentenceScores {
    items = List.copyOf(items);
  }

  @Override
  public String field(int index) {
    return asked.field(index);
  }

  @Override
  public boolean recomputes() {
    return asked.recomputes();
  }

  @Override
  public long answerBytesMin() {
    return COSINE_LEAST * (items.size() - 1L) / items.size();
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    float[] source = embedding(answers.getFirst());
    JsonBytes json = new JsonBytes().array();
    for (int i = 1; i < answers.size(); i++) {
      json.literal(Float.toString(Cosine.of(source, embedding(answers.get(i)), field(i))));
    }
    return asked.name(HttpResponse.json(OK, json.endArray().toByteArray()));
  }

  private static float[] embedding(Answer answer) {
    return answer.result().output(ModelInfo.EMBEDDING_OUTPUT).floats();
  }
}
