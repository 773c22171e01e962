package dev.pilotlight.protocol.kserve;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.kserve.KServePredict.Form;
import dev.pilotlight.support.json.JsonBytes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A request for predictions that is checked against its model, and the answer to it.
record Predictions(KServePredict asked, ModelInfo model, List<Item> items) implements Bound {
  private static final int OK = 200;
  private static final int DIGITS = 4;
  private static final int FLOAT_LEAST = "0.0,".length();
  private static final int PROBABILITY_LEAST = "_'0_':0.0,".length();
  private static final int INDEX_LEAST = "0,".length();
  private static final int TEXT_LEAST = "_'_',".length();
  private static final int BYTES = 1024;

  Predictions {
    items = List.copyOf(items);
  }

  @Override
  public String field(int index) {
    return "%s[%d]".formatted(InstancesReader.INSTANCES, index);
  }

  @Override
  public long answerBytesMin() {
    if (model.task() == Task.FILL_MASK) {
      return TEXT_LEAST;
    }
    Optional<Labels> labels = model.labels();
    if (labels.isEmpty()) {
      return (long) model.dimensions() * FLOAT_LEAST;
    }
    return asked.form() == Form.INDEX
        ? INDEX_LEAST
        : (long) labels.get().names().size() * PROBABILITY_LEAST;
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    JsonBytes json = new JsonBytes(BYTES).object().name("predictions").array();
    for (Answer answer : answers) {
      if (model.task() == Task.TOKEN_CLASSIFICATION) {
        tokens(json, model.labels().orElseThrow(), answer);
      } else if (model.labels().isPresent()) {
        prediction(json, model.labels().get(), answer);
      } else if (model.task() == Task.FILL_MASK) {
        json.string(answer.result().output(ResultForm.FILLED).bytes().getFirst());
      } else {
        embedding(json, answer);
      }
    }
    json.endArray().endObject();
    return asked.others().name(HttpResponse.json(OK, json.toByteArray()));
  }

  private static void embedding(JsonBytes json, Answer answer) {
    if (!json.floats(answer.result().output(ModelInfo.EMBEDDING_OUTPUT).data())) {
      throw new IllegalStateException("a stored embedding holds NaN or infinity");
    }
  }

  private void prediction(JsonBytes json, Labels labels, Answer answer) {
    prediction(json, labels, answer.result().output(ModelInfo.LOGITS_OUTPUT).floats());
  }

  /// The predictions of a text's tokens, special ones included; their places in one list more, as
  /// KServe's runtime has them.
  private void tokens(JsonBytes json, Labels labels, Answer answer) {
    float[] logits = answer.result().output(ModelInfo.LOGITS_OUTPUT).floats();
    int size = labels.names().size();
    boolean nested = asked.form() == Form.INDEX;
    json.array();
    if (nested) {
      json.array();
    }
    for (int from = 0; from < logits.length; from += size) {
      prediction(json, labels, Arrays.copyOfRange(logits, from, from + size));
    }
    if (nested) {
      json.endArray();
    }
    json.endArray();
  }

  private void prediction(JsonBytes json, Labels labels, float[] logits) {
    if (asked.form() == Form.INDEX) {
      json.number(Labels.order(labels.raw(logits))[0]);
      return;
    }
    json.object();
    double[] scores = labels.scores(logits);
    for (int i = 0; i < scores.length; i++) {
      String value = asked.form() == Form.LOGITS ? Float.toString(logits[i]) : rounded(scores[i]);
      json.name(Integer.toString(i)).literal(value);
    }
    json.endObject();
  }

  private static String rounded(double value) {
    double rounded = new BigDecimal(value).setScale(DIGITS, RoundingMode.HALF_EVEN).doubleValue();
    return Double.toString(rounded);
  }
}
