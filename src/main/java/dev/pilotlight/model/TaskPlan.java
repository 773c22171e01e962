package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Task;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.Modules;
import dev.pilotlight.model.files.SentenceConfig;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.onnx.Graph;
import java.util.List;
import java.util.Optional;

/// The task of a model, and the file that defines it.
///
/// @param source the file's name, or [Fact#GRAPH]
record TaskPlan(Task task, String source) {
  private static final String CLASSIFIER = "ForSequenceClassification";
  private static final String TOKEN_CLASSIFIER = "ForTokenClassification";
  // also in ForImageClassificationWithTeacher
  private static final String IMAGE_CLASSIFIER = "ForImageClassification";
  private static final String ENCODER = "Model";
  private static final String MASKED = "ForMaskedLM";

  /// @throws LoadFailure if `pilotlight.json` asks for what the files do not allow, or if
  ///   sentence-transformers saved a kind of model that is not supported
  static TaskPlan of(Description from, Graph graph) {
    Overrides overrides = from.overrides();
    ModelFiles files = from.files();
    if (overrides.task().isPresent()) {
      requirePossible(overrides.task().get(), files, graph);
      return new TaskPlan(overrides.task().get(), ModelFiles.OVERRIDES);
    }
    if (files.has(ModelFiles.PREPROCESSOR) && ImagePlan.fits(graph)) {
      return ofImages(from.config(), graph);
    }
    if (!files.has(ModelFiles.TOKENIZER)) {
      return new TaskPlan(Task.TENSORS, Fact.GRAPH);
    }
    return ofSentenceTransformers(files, from.config(), from.sentence(), from.modules())
        .or(() -> ofArchitecture(from.config(), graph))
        .orElse(new TaskPlan(Task.TENSORS, Fact.ASSUMED));
  }

  private static void requirePossible(Task task, ModelFiles files, Graph graph) {
    switch (task) {
      case EMBEDDING, TEXT_CLASSIFICATION, TOKEN_CLASSIFICATION, FILL_MASK, SPARSE_EMBEDDING -> {
        if (!files.has(ModelFiles.TOKENIZER)) {
          throw new LoadFailure("pilotlight.json: a task on texts needs a tokenizer.json");
        }
      }
      case IMAGE_CLASSIFICATION, IMAGE_EMBEDDING -> {
        if (!files.has(ModelFiles.PREPROCESSOR)) {
          throw new LoadFailure(
              "pilotlight.json: a task on images needs a " + ModelFiles.PREPROCESSOR);
        }
        if (!ImagePlan.fits(graph)) {
          throw new LoadFailure(
              "pilotlight.json: a task on images needs a graph whose only input is %s, FP32 [1, 3,"
                      .formatted(ImagePlan.INPUT)
                  + " height, width]; it has %s"
                      .formatted(
                          graph.inputs().stream()
                              .map(i -> i.name() + " " + i.datatype() + i.shape())
                              .toList()));
        }
      }
      case TENSORS -> {}
    }
  }

  /// An image model whose files do not declare its task is served as tensors, as it is.
  private static TaskPlan ofImages(JsonFile config, Graph graph) {
    if (config.texts("architectures").stream().anyMatch(name -> name.contains(IMAGE_CLASSIFIER))) {
      return new TaskPlan(Task.IMAGE_CLASSIFICATION, config.name());
    }
    return graph.outputs().stream().anyMatch(output -> output.name().equals(ImagePlan.EMBEDS))
        ? new TaskPlan(Task.IMAGE_EMBEDDING, Fact.GRAPH)
        : new TaskPlan(Task.TENSORS, Fact.ASSUMED);
  }

  private static Optional<TaskPlan> ofSentenceTransformers(
      ModelFiles files, JsonFile config, SentenceConfig sentence, Modules modules) {
    boolean pools = modules.has(Modules.POOLING) || files.exists(ModelFiles.POOLING);
    boolean classifies =
        !pools && config.texts("architectures").stream().anyMatch(n -> n.endsWith(CLASSIFIER));
    if (modules.has(FormPlan.SPLADE)) {
      return Optional.of(new TaskPlan(Task.SPARSE_EMBEDDING, ModelFiles.MODULES));
    }
    if (modules.isEmpty() && files.exists(FormPlan.SPLADE_CONFIG)) {
      return Optional.of(new TaskPlan(Task.SPARSE_EMBEDDING, FormPlan.SPLADE_CONFIG));
    }
    switch (sentence.modelType().orElse("")) {
      case "CrossEncoder" -> {
        requireClassifier(sentence, modules);
        return Optional.of(new TaskPlan(Task.TEXT_CLASSIFICATION, SentenceConfig.WHOLE));
      }
      case "SparseEncoder", "MultiVectorEncoder" -> throw unsupported(sentence.modelType().get());
      default -> {}
    }
    if (sentence.task().equals(Optional.of("sequence-classification"))) {
      return Optional.of(new TaskPlan(Task.TEXT_CLASSIFICATION, sentence.transformer().name()));
    }
    if (classifies) {
      return Optional.empty();
    }
    if (!modules.isEmpty()) {
      return Optional.of(new TaskPlan(Task.EMBEDDING, ModelFiles.MODULES));
    }
    if (files.exists(ModelFiles.POOLING)) {
      return Optional.of(new TaskPlan(Task.EMBEDDING, ModelFiles.POOLING));
    }
    return sentence.isPresent()
        ? Optional.of(new TaskPlan(Task.EMBEDDING, sentence.transformer().name()))
        : Optional.empty();
  }

  /// A cross-encoder made of a language model takes its score from single tokens' logits.
  private static void requireClassifier(SentenceConfig sentence, Modules modules) {
    boolean other =
        sentence.task().filter(task -> !task.equals("sequence-classification")).isPresent();
    if (other || modules.has("LogitScore")) {
      throw unsupported("CrossEncoder of " + sentence.task().orElse("LogitScore"));
    }
  }

  private static LoadFailure unsupported(String kind) {
    return new LoadFailure(
        ("sentence-transformers saved it as a %s, which is not supported; \"task\": \"tensors\" in"
                + " pilotlight.json serves the graph itself")
            .formatted(kind));
  }

  private static Optional<TaskPlan> ofArchitecture(JsonFile config, Graph graph) {
    List<String> architectures = config.texts("architectures");
    if (architectures.stream().anyMatch(name -> name.endsWith(CLASSIFIER))) {
      return Optional.of(new TaskPlan(Task.TEXT_CLASSIFICATION, config.name()));
    }
    if (architectures.stream().anyMatch(name -> name.endsWith(TOKEN_CLASSIFIER))) {
      return Optional.of(new TaskPlan(Task.TOKEN_CLASSIFICATION, config.name()));
    }
    if (graph.outputs().stream().anyMatch(OutputChoice::isNamed)) {
      return Optional.of(new TaskPlan(Task.EMBEDDING, Fact.GRAPH));
    }
    if (architectures.stream().anyMatch(name -> name.endsWith(MASKED))
        && graph.outputs().stream().anyMatch(FormPlan::isLogits)) {
      return Optional.of(new TaskPlan(Task.FILL_MASK, config.name()));
    }
    boolean encoder =
        architectures.stream().anyMatch(name -> name.endsWith(ENCODER))
            && graph.outputs().stream().anyMatch(OutputChoice::mayBeHidden);
    return encoder ? Optional.of(new TaskPlan(Task.EMBEDDING, config.name())) : Optional.empty();
  }
}
