package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.head.LabelHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Resolves how a graph's output becomes a label and its score, as transformers would load the same
/// folder.
///
/// @param findings receives every decision with its source
record LabelPlan(Description from, Findings findings) {
  static final String LOGITS = "logits";
  private static final List<String> PROBABILITIES =
      List.of("probabilities", "probability", "probs", "prob", "output_probability", "softmax");
  // nodes whose values are probabilities already
  private static final Set<String> PROBABILITY_NODES = Set.of("Softmax", "Sigmoid");
  private static final String ACTIVATION = "activation_fn";
  private static final String OLD_ACTIVATION = "sbert_ce_default_activation_function";
  private static final int RANK = 2;

  // part of every key: a result of a version before this one lacks the logits
  private static final String RESULT =
      String.join(",", ModelInfo.LABEL_OUTPUT, ModelInfo.SCORE_OUTPUT, ModelInfo.LOGITS_OUTPUT);

  /// @throws LoadFailure if labels and graph do not fit
  LabelHead head(List<TensorSpec> outputs) {
    TensorSpec output = choose(outputs);
    findings.decide("output", output.name(), Fact.GRAPH);
    List<String> labels = labels(from.config(), output);
    findings.plan("labels", plan(labels));
    findings.plan("result", RESULT);
    Optional<Fact> activation = activation();
    activation.ifPresent(it -> findings.show(it.name(), it.value(), it.source()));
    if (from.overrides().policy().rawScores()) {
      findings.show("raw_scores", true, ModelFiles.OVERRIDES);
    }
    Scoring scoring =
        probabilities(output)
            .or(() -> activation.map(it -> scoring(it.value(), labels.size())))
            .orElseGet(() -> scoring(labels.size()));
    return new LabelHead(output.name(), new Labels(labels, scoring));
  }

  /// Each label after its length, so that no two lists are equal by accident.
  static String plan(List<String> labels) {
    return labels.stream()
        .map(label -> label.length() + ":" + label)
        .collect(Collectors.joining(","));
  }

  static List<String> labels(JsonFile config, TensorSpec output) {
    Map<String, @Nullable Object> id2label = config.map("id2label");
    long declared = output.shape().isEmpty() ? -1 : output.shape().getLast();
    long count = id2label.isEmpty() ? declared : id2label.size();
    if (count < 1 || count > JsonFile.SIZE_MAX || (declared >= 0 && declared != count)) {
      throw new LoadFailure(
          "config.json: id2label has %d labels, the graph's %s %s"
              .formatted(id2label.size(), output.name(), declared < 0 ? "any number" : declared));
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object label = id2label.get(Integer.toString(i));
      labels.add(label instanceof String text ? text : "LABEL_" + i);
    }
    return labels;
  }

  private static TensorSpec choose(List<TensorSpec> outputs) {
    List<String> names = Stream.concat(Stream.of(LOGITS), PROBABILITIES.stream()).toList();
    return choose(outputs, RANK, names)
        .orElseThrow(
            () ->
                new LoadFailure(
                    "no output of the graph is known as logits; it has %s; known names are %s"
                        .formatted(
                            outputs.stream().map(o -> o.name() + o.shape()).toList(),
                            String.join(", ", names))));
  }

  /// The output of floats with the first of the names, else the only one that has the rank.
  static Optional<TensorSpec> choose(List<TensorSpec> outputs, int rank, List<String> names) {
    List<TensorSpec> candidates =
        outputs.stream()
            .filter(output -> output.shape().size() == rank || output.shape().isEmpty())
            .filter(output -> output.datatype().isFloat())
            .toList();
    return names.stream()
        .flatMap(name -> candidates.stream().filter(output -> output.name().equals(name)))
        .findFirst()
        .or(() -> candidates.size() == 1 ? candidates.stream().findFirst() : Optional.empty());
  }

  /// Recognises probabilities by the graph or the output's name, never by the values.
  Optional<Scoring> probabilities(TensorSpec output) {
    Optional<String> node =
        from.files().producerOp(output.name()).filter(PROBABILITY_NODES::contains);
    if (node.isEmpty() && !PROBABILITIES.contains(output.name())) {
      return Optional.empty();
    }
    String source = node.map(name -> Fact.GRAPH + ": " + name).orElse(Fact.GRAPH + ": its name");
    findings.decide("scoring", Scoring.PROBABILITIES, source);
    return Optional.of(Scoring.PROBABILITIES);
  }

  /// The function that sentence-transformers saved for a cross-encoder. Identity is what it saves
  /// for several labels by default, and their scores remain probabilities here.
  ///
  /// @param path such as `torch.nn.modules.linear.Identity`
  private Scoring scoring(String path, int labels) {
    String name = path.substring(path.lastIndexOf('.') + 1);
    Scoring scoring =
        switch (name) {
          case "Identity" -> labels == 1 ? Scoring.NONE : Scoring.SOFTMAX;
          case "Sigmoid" -> Scoring.SIGMOID;
          case "Softmax" -> Scoring.SOFTMAX;
          default ->
              throw new LoadFailure(
                  "the activation function %s is not supported; Identity, Sigmoid and Softmax are"
                      .formatted(path));
        };
    findings.decide("scoring", scoring, name + " of sentence-transformers");
    return scoring;
  }

  /// The function that an export declares, and the file that declares it.
  private Optional<Fact> activation() {
    JsonFile config = from.config();
    return declared(from.sentence().whole(), ACTIVATION)
        .or(() -> declared(config.nested("sentence_transformers"), ACTIVATION))
        .or(() -> declared(config, OLD_ACTIVATION));
  }

  private static Optional<Fact> declared(JsonFile file, String key) {
    return file.text(key).map(path -> new Fact(key, path, file.name()));
  }

  private Scoring scoring(int labels) {
    JsonFile config = from.config();
    Optional<String> type = config.text("problem_type");
    Scoring scoring =
        switch (type.orElse("")) {
          case "regression" -> Scoring.NONE;
          case "multi_label_classification" -> Scoring.SIGMOID;
          default -> labels == 1 ? Scoring.SIGMOID : Scoring.SOFTMAX;
        };
    findings.decide("scoring", scoring, type.isPresent() ? config.name() : Fact.ASSUMED);
    return scoring;
  }
}
