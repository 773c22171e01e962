package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.Cosine;
import dev.pilotlight.protocol.http.HttpResponse;
import java.util.List;

/// The task sentence-similarity: the cosine of the source sentence's embedding and each other's, in
/// the order of the sentences.
record SentenceScores(PipelineRequest asked, List<Item> items) implements Bound {
  private static final int OK = 200;

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
    return Cosine.bytesMin(items.size());
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    return asked.name(HttpResponse.json(OK, Cosine.toFirst(answers, this::field)));
  }
}
