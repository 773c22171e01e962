package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.SentenceConfig;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.head.TokenHead;
import dev.pilotlight.model.head.TokenWords;
import java.util.List;

/// Resolves how a graph's output becomes the labels of a text's tokens, as transformers'
/// token-classification pipeline would load the same folder.
///
/// @param findings receives every decision with its source
record TokenPlan(Description from, Findings findings) {
  private static final int RANK = 3;

  // part of every key
  private static final String RESULT =
      String.join(
          ",",
          ModelInfo.TOKENS_OUTPUT,
          ModelInfo.LABEL_OUTPUT,
          ModelInfo.SCORE_OUTPUT,
          ModelInfo.OFFSETS_OUTPUT,
          ModelInfo.SPECIAL_OUTPUT,
          ModelInfo.SUBWORD_OUTPUT,
          ModelInfo.TOKEN_IDS_OUTPUT,
          ModelInfo.LOGITS_OUTPUT);

  /// @throws LoadFailure if labels, graph and tokenizer do not fit
  TokenHead head(List<TensorSpec> outputs) {
    if (!from.sentence().prompts().isEmpty()) {
      throw new LoadFailure(
          SentenceConfig.WHOLE
              + " has prompts, which a model for token classification cannot have");
    }
    TensorSpec output = choose(outputs);
    findings.decide("output", output.name(), Fact.GRAPH);
    LabelPlan classifier = new LabelPlan(from, findings);
    List<String> labels = LabelPlan.labels(from.config(), output);
    findings.plan("labels", LabelPlan.plan(labels));
    findings.plan("result", RESULT);
    Scoring scoring = classifier.probabilities(output).orElseGet(this::softmax);
    TokenWords words = TokenWords.read(from.files().path(ModelFiles.TOKENIZER), from.tokenizer());
    findings.plan("words", words.plan());
    return new TokenHead(output.name(), new Labels(labels, scoring), words);
  }

  private Scoring softmax() {
    findings.decide("scoring", Scoring.SOFTMAX, Task.TOKEN_CLASSIFICATION.label());
    return Scoring.SOFTMAX;
  }

  private static TensorSpec choose(List<TensorSpec> outputs) {
    return LabelPlan.choose(outputs, RANK, List.of(LabelPlan.LOGITS))
        .orElseThrow(
            () ->
                new LoadFailure(
                    "no output of the graph is known as the logits of tokens; it has %s; accepted:"
                            .formatted(outputs.stream().map(o -> o.name() + o.shape()).toList())
                        + " %s, or a single one, of the shape [batch, tokens, labels]"
                            .formatted(LabelPlan.LOGITS)));
  }
}
