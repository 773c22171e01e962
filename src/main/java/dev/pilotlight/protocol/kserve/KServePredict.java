package dev.pilotlight.protocol.kserve;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.Labels.Scoring;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.MaskSequences;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.MediaTypes;
import java.util.List;

/// `POST /v1/models/{model}:predict`, for models that take texts: `{"instances":["…"]}` is answered
/// by `{"predictions":[…]}`. A prediction is the place of the best label, as KServe's Hugging Face
/// runtime answers, or the places of the labels of a text's tokens, the embedding, or the best
/// tokens of all masks as one text.
///
/// `POST /vertex` is the same for Vertex AI's custom containers, where no path names the model.
///
/// Sources: <https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol>,
/// `python/huggingfaceserver` of <https://github.com/kserve/kserve>,
/// <https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements>
///
/// @param model as the path or `parameters.model` names it; empty if neither does
/// @param items at least one
/// @param form of a classifier's predictions
/// @param others the fields to ignore
public record KServePredict(String model, List<Item> items, Form form, OtherFields others)
    implements Asked {
  /// The form of a classifier's predictions, by the names of the runtime's flags.
  enum Form {
    /// The place of the best label.
    INDEX,
    /// `return_probabilities`: `{"0":0.9871,…}`, rounded to 4 digits.
    PROBABILITIES,
    /// `return_raw_logits`: `{"0":2.51,…}`
    LOGITS
  }

  public KServePredict {
    items = List.copyOf(items);
  }

  /// Reads a request.
  ///
  /// @throws Refusal INVALID, naming the field; EMPTY without instances; UNSUPPORTED_MEDIA_TYPE
  public static Asked read(HttpRequest request, String model, Terms terms) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> InstancesReader.of(json, terms, model).read());
  }

  /// Reads a request of Vertex AI's form. `parameters.model` names the model, because Vertex AI
  /// passes on no other field besides `instances` and `parameters`.
  ///
  /// @throws Refusal as [#read] does
  public static Asked readVertex(HttpRequest request, Terms terms) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> InstancesReader.ofAnyModel(json, terms).read());
  }

  @Override
  public boolean suits(ModelInfo info) {
    return info.infersTexts() || info.task() == Task.FILL_MASK;
  }

  @Override
  public Bound bind(ModelInfo info) {
    if (!suits(info)) {
      if (info.takesText()) {
        throw Refusal.unsuited(
            ("model %s has the task %s; accepted here: embedding, text-classification,"
                    + " token-classification, fill-mask")
                .formatted(info.name(), info.task().label()));
      }
      throw Refusal.unsuited(
          "model %s takes %s; accepted here: a model that takes texts; use /v2/models/%s/infer"
              .formatted(info.name(), info.takesImages() ? "images" : "tensors", info.name()));
    }
    if (info.labels().isEmpty() && form != Form.INDEX) {
      throw Refusal.invalid(
          InstancesReader.PARAMETERS,
          ("%s asks for scores of labels, which %s does not have; accepted: neither"
                  + " return_probabilities nor return_raw_logits")
              .formatted(InstancesReader.PARAMETERS, info.name()));
    }
    info.labels().ifPresent(labels -> requireForm(labels.scoring(), info));
    return new Predictions(this, info, itemsFor(info));
  }

  /// A mask is filled with its best token.
  private List<Item> itemsFor(ModelInfo info) {
    if (info.task() != Task.FILL_MASK) {
      return items;
    }
    ResultForm.FillMask best = new ResultForm.FillMask(1, List.of());
    MaskSequences.require(info, items, best, InstancesReader.INSTANCES, "send fewer instances");
    return Item.InForm.all(items, best);
  }

  private void requireForm(Scoring scoring, ModelInfo info) {
    if (form == Form.PROBABILITIES && scoring == Scoring.NONE) {
      throw Refusal.invalid(
          "parameters.return_probabilities",
          ("parameters.return_probabilities asks for probabilities, but the scores of %s are its"
                  + " logits; accepted: return_raw_logits, or neither")
              .formatted(info.name()));
    }
    if (form == Form.LOGITS && scoring == Scoring.PROBABILITIES) {
      throw Refusal.invalid(
          "parameters.return_raw_logits",
          ("parameters.return_raw_logits asks for logits, but the graph of %s gives probabilities;"
                  + " accepted: return_probabilities, or neither")
              .formatted(info.name()));
    }
  }
}
