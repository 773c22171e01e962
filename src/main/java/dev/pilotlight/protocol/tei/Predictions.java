package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.LabelScores;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// A request for labels that is checked against its model, and the answer to it: as in
/// text-embeddings-inference, the scores of several labels are their softmax, and that of one is
/// its sigmoid, whatever the model's own function is.
record Predictions(Predict asked, Labels labels) implements Bound {
  private static final int OK = 200;
  // quotes are escaped in an event
  private static final int LABEL_LEAST = "{_'score_':0.0,_'label_':_'_'},".length();
  private static final int LABEL_BYTES = 64;

  @Override
  public List<Item> items() {
    return asked.items();
  }

  @Override
  public String field(int index) {
    return asked.listed() ? "inputs[%d]".formatted(index) : "inputs";
  }

  @Override
  public long answerBytesMin() {
    return (long) count() * LABEL_LEAST;
  }

  private int count() {
    int all = labels.names().size();
    return asked.top() == 0 ? all : Math.min(asked.top(), all);
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    JsonBytes json = new JsonBytes(answers.size() * count() * LABEL_BYTES);
    if (asked.listed()) {
      json.array();
    }
    for (Answer answer : answers) {
      float[] logits = answer.result().output(ModelInfo.LOGITS_OUTPUT).floats();
      LabelScores.write(json, labels, logits, scores(logits), asked.rawScores(), asked.top());
    }
    if (asked.listed()) {
      json.endArray();
    }
    return asked.others().name(HttpResponse.json(OK, json.toByteArray()));
  }

  private double[] scores(float[] logits) {
    if (asked.rawScores()) {
      return labels.raw(logits);
    }
    return labels.names().size() == 1 ? labels.sigmoids(logits) : labels.softmax(logits);
  }
}
