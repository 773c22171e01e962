package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.LabelScores;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.huggingface.PipelineParameters.Function;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;
import java.util.Optional;

/// The task text-classification: `[[{"score", "label"},…]]` for one text, a list of labels for each
/// of several, the highest score first; and image-classification: `[{"score", "label"},…]` for one
/// image, likewise for several.
///
/// @param top how many labels to answer; 0 for all
/// @param flat whether the labels of a single item stand without a list around them
record Classes(PipelineRequest asked, Labels labels, List<Item> items, int top, boolean flat)
    implements Bound {
  private static final int OK = 200;
  // quotes are escaped in an event
  private static final int LABEL_LEAST = "{_'score_':0.0,_'label_':_'_'},".length();

  Classes {
    items = List.copyOf(items);
  }

  /// The logits of a graph that computes probabilities are lost, and with them all functions but
  /// its own.
  ///
  /// @throws Refusal INVALID
  void requireFunction(ModelInfo model) {
    Optional<Function> function = asked.parameters().function();
    if (function.isEmpty() || labels.scoring() != Scoring.PROBABILITIES || isOwn(model, function)) {
      return;
    }
    String field = asked.parameters().path(ParameterReader.FUNCTION);
    throw Refusal.invalid(
        field,
        "%s is '%s', but the graph of %s computes probabilities by itself; accepted: default, or no"
                .formatted(field, function.get().wireName(), model.name())
            + " value");
  }

  /// Whether the graph ends with the function.
  private static boolean isOwn(ModelInfo model, Optional<Function> function) {
    String source = Fact.GRAPH + ": " + function.map(Function::wireName).orElse("");
    return model.facts().stream()
        .anyMatch(it -> it.name().equals("scoring") && it.source().equalsIgnoreCase(source));
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
    int all = labels.names().size();
    return (long) LABEL_LEAST * (top == 0 ? all : Math.min(top, all));
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    JsonBytes json = flat ? new JsonBytes() : new JsonBytes().array();
    boolean raw = isRaw();
    for (Answer answer : answers) {
      float[] logits = answer.result().output(ModelInfo.LOGITS_OUTPUT).floats();
      LabelScores.write(json, labels, logits, scores(logits), raw, top);
    }
    return asked.name(HttpResponse.json(OK, (flat ? json : json.endArray()).toByteArray()));
  }

  /// Whether the scores are the values that the graph computed.
  private boolean isRaw() {
    Optional<Function> function = asked.parameters().function();
    return switch (labels.scoring()) {
      case PROBABILITIES -> true;
      case NONE -> function.isEmpty() || function.get() == Function.NONE;
      case SOFTMAX, SIGMOID -> function.isPresent() && function.get() == Function.NONE;
    };
  }

  private double[] scores(float[] logits) {
    if (asked.parameters().function().isEmpty()) {
      return labels.scores(logits);
    }
    return switch (asked.parameters().function().get()) {
      case SIGMOID -> labels.sigmoids(logits);
      case SOFTMAX -> labels.softmax(logits);
      case NONE -> labels.raw(logits);
    };
  }
}
