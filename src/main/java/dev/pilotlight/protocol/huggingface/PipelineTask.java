package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.protocol.json.Text;
import java.util.ArrayList;
import java.util.List;

/// The tasks of Hugging Face's pipelines that a model here can have.
enum PipelineTask {
  FEATURE_EXTRACTION(
      "feature-extraction",
      Task.EMBEDDING,
      List.of(ParameterReader.NORMALIZE, ParameterReader.DIMENSIONS, ParameterReader.ENCODING)),
  SENTENCE_SIMILARITY("sentence-similarity", Task.EMBEDDING, List.of()),
  TEXT_CLASSIFICATION(
      "text-classification",
      Task.TEXT_CLASSIFICATION,
      List.of(ParameterReader.FUNCTION, ParameterReader.TOP, ParameterReader.ALL)),
  TOKEN_CLASSIFICATION(
      "token-classification",
      Task.TOKEN_CLASSIFICATION,
      List.of(ParameterReader.AGGREGATION, ParameterReader.IGNORED)),
  FILL_MASK("fill-mask", Task.FILL_MASK, List.of(ParameterReader.TOP, ParameterReader.TARGETS)),
  IMAGE_CLASSIFICATION(
      "image-classification",
      Task.IMAGE_CLASSIFICATION,
      List.of(ParameterReader.FUNCTION, ParameterReader.TOP)),
  IMAGE_FEATURE_EXTRACTION(
      "image-feature-extraction",
      Task.IMAGE_EMBEDDING,
      List.of(ParameterReader.NORMALIZE, ParameterReader.DIMENSIONS, ParameterReader.ENCODING));

  private static final String ACCEPTED =
      "feature-extraction, sentence-similarity, text-classification, token-classification,"
          + " fill-mask, image-classification, image-feature-extraction";

  private final String wireName;
  private final Task task;

  @SuppressWarnings("ImmutableEnumChecker") // only ever by List.of
  private final List<String> parameters;

  /// @param parameters its own, next to those of all tasks on texts
  PipelineTask(String wireName, Task task, List<String> parameters) {
    this.wireName = wireName;
    this.task = task;
    this.parameters = parameters;
  }

  /// The task of a path.
  ///
  /// @throws Refusal NOT_FOUND for another name
  static PipelineTask of(String name) {
    return switch (name) {
      case "feature-extraction" -> FEATURE_EXTRACTION;
      case "sentence-similarity" -> SENTENCE_SIMILARITY;
      case "text-classification", "sentiment-analysis" -> TEXT_CLASSIFICATION;
      case "token-classification", "ner" -> TOKEN_CLASSIFICATION;
      case "fill-mask" -> FILL_MASK;
      case "image-classification" -> IMAGE_CLASSIFICATION;
      case "image-feature-extraction" -> IMAGE_FEATURE_EXTRACTION;
      default ->
          throw Refusal.notFound(
              "task",
              "there is no pipeline '%s'; accepted: %s".formatted(Text.shorten(name), ACCEPTED));
    };
  }

  boolean suits(ModelInfo model) {
    return model.task() == task;
  }

  /// @throws Refusal UNSUITED
  void require(ModelInfo model) {
    if (!suits(model)) {
      throw Refusal.unsuited(
          "model %s has the task %s; accepted for %s: a model with the task %s"
              .formatted(model.name(), model.task().label(), wireName, task.label()));
    }
  }

  boolean takesImages() {
    return this == IMAGE_CLASSIFICATION || this == IMAGE_FEATURE_EXTRACTION;
  }

  boolean uses(String parameter) {
    return parameters.contains(parameter)
        || (!takesImages() && ParameterReader.OF_TEXTS.contains(parameter));
  }

  /// The names of its parameters.
  String accepted() {
    List<String> all = new ArrayList<>(takesImages() ? List.of() : ParameterReader.OF_TEXTS);
    all.addAll(parameters);
    return String.join(", ", all);
  }

  String wireName() {
    return wireName;
  }
}
