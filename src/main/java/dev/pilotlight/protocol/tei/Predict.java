package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.MediaTypes;
import java.util.List;

/// `POST /predict`: all labels of texts, or of pairs of texts, and their scores.
///
/// @param model the model's name; empty if the request names none
/// @param items at least one
/// @param listed whether the answer is a list for each item, not the list of the only one
/// @param truncation of texts over the model's limit
/// @param rawScores whether the scores are logits
/// @param top how many labels to answer; 0 for all
/// @param others the fields to ignore
public record Predict(
    String model,
    List<Item> items,
    boolean listed,
    Truncation truncation,
    boolean rawScores,
    int top,
    OtherFields others)
    implements Asked {
  public Predict {
    items = List.copyOf(items);
  }

  /// Reads a request.
  ///
  /// @throws Refusal INVALID, naming the field; EMPTY without inputs; UNSUPPORTED_MEDIA_TYPE
  public static Asked read(HttpRequest request, Terms terms) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> new PredictReader(json, terms).read());
  }

  @Override
  public boolean suits(ModelInfo info) {
    return info.task() == Task.TEXT_CLASSIFICATION;
  }

  @Override
  public Bound bind(ModelInfo info) {
    Labels labels = info.labels().orElse(null);
    if (labels == null || !suits(info)) {
      throw Refusal.unsuited(
          "model %s is not a classifier model; accepted: a text classifier".formatted(info.name()));
    }
    if (rawScores && labels.scoring() == Labels.Scoring.PROBABILITIES) {
      throw Refusal.invalid(
          "raw_scores",
          "raw_scores is true, but the graph of %s computes probabilities and has no logits;"
                  .formatted(info.name())
              + " accepted: false, or no value");
    }
    truncation.require(info);
    return new Predictions(this, labels);
  }
}
