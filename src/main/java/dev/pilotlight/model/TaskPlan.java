package dev.pilotlight.model;

import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.TensorSpec;
import java.util.List;
import java.util.Set;

/// Tells from a model's files and its graph what the model does.
final class TaskPlan {
  private static final String CLASSIFIER = "ForSequenceClassification";
  private static final String ENCODER = "Model";
  private static final Set<String> MODULES = Set.of("Transformer", "Pooling", "Normalize");

  private TaskPlan() {}

  /// @throws LoadFailure if `pilotlight.json` asks for what the files do not allow
  static Task task(ModelFiles files, JsonFile config, Overrides overrides, Graph graph) {
    if (overrides.task().isPresent()) {
      Task task = overrides.task().get();
      if (task != Task.TENSORS && !files.has(ModelFiles.TOKENIZER)) {
        throw new LoadFailure("pilotlight.json: a task on texts needs a tokenizer.json");
      }
      return task;
    }
    if (!files.has(ModelFiles.TOKENIZER)) {
      return Task.TENSORS;
    }
    if (files.has(ModelFiles.MODULES)
        || files.has(ModelFiles.POOLING)
        || files.has(ModelFiles.SENTENCE_CONFIG)) {
      return Task.EMBEDDING;
    }
    List<String> architectures = config.texts("architectures");
    if (architectures.stream().anyMatch(name -> name.endsWith(CLASSIFIER))) {
      return Task.TEXT_CLASSIFICATION;
    }
    boolean named =
        graph.outputs().stream().anyMatch(o -> EmbeddingHead.OUTPUTS.contains(o.name()));
    boolean encoder =
        architectures.stream().anyMatch(name -> name.endsWith(ENCODER))
            && graph.outputs().stream().anyMatch(EmbeddingHead::isHidden);
    return named || encoder ? Task.EMBEDDING : Task.TENSORS;
  }

  /// What turns the graph's output into the answer to a text.
  static Head head(Task task, ModelFiles files, JsonFile config, Overrides overrides, Graph graph) {
    return switch (task) {
      case EMBEDDING -> embedding(files, overrides, graph.outputs());
      case TEXT_CLASSIFICATION -> LabelHead.read(config, graph.outputs());
      case TENSORS -> throw new IllegalStateException("tensors are answered as they are");
    };
  }

  private static Head embedding(ModelFiles files, Overrides overrides, List<TensorSpec> outputs) {
    TensorSpec output = EmbeddingHead.choose(outputs);
    List<String> modules = List.of();
    if (files.has(ModelFiles.MODULES)) {
      modules =
          JsonFile.read(files, ModelFiles.MODULES).column("type").stream()
              .map(type -> type.substring(type.lastIndexOf('.') + 1))
              .toList();
    }
    if (EmbeddingHead.isHidden(output)) {
      for (String module : modules) {
        if (!MODULES.contains(module)) {
          throw new LoadFailure(
              "modules.json has a %s module, which the graph lacks; export it with its %s output"
                  .formatted(module, EmbeddingHead.POOLED));
        }
      }
    }
    boolean normalised = modules.isEmpty() || modules.contains("Normalize");
    Pooling pooling = overrides.pooling().or(() -> Pooling.read(files)).orElse(Pooling.MEAN);
    return new EmbeddingHead(output, pooling, overrides.normalise().orElse(normalised));
  }
}
