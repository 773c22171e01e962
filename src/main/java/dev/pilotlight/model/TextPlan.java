package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.TensorSpec;

/// Resolves how an opened model answers texts.
///
/// @param findings receives every decision with its source
record TextPlan(Description from, Graph graph, Tokenizer tokenizer, Findings findings) {
  // any text gives the ranks and sizes that the graph leaves open
  private static final String SAMPLE = "a";

  /// @throws LoadFailure if files, graph and tokenizer do not fit each other
  TextPath path(Task task) {
    TextInputs inputs = new TextInputs(graph.inputs(), from.limit().firstPosition());
    Head head =
        switch (task) {
          case EMBEDDING ->
              new EmbeddingPlan(from, findings)
                  .head(graph.outputs(), output -> rank(output, inputs));
          case TEXT_CLASSIFICATION ->
              LabelHead.read(from, graph.outputs(), findings);
          case TENSORS -> throw new IllegalStateException("tensors are answered as they are");
        };
    Prompt prompt = prompt(head);
    tokens();
    Vocabulary vocabulary = Vocabulary.of(from.config());
    return new TextPath(tokenizer, inputs, graph, head, prompt, vocabulary);
  }

  private Prompt prompt(Head head) {
    if (!(head instanceof EmbeddingHead embedding)) {
      return Prompt.NONE;
    }
    String text = from.sentence().prompt();
    boolean pooled = embedding.pooled() || embedding.pooling().includesPrompt();
    Prompt prompt = Prompt.of(text, pooled, tokenizer);
    if (!text.isEmpty()) {
      findings.decided("prompt", text, SentenceConfig.WHOLE);
    } else if (!from.sentence().promptNames().isEmpty()) {
      findings.shown(
          "prompts_not_applied",
          String.join(", ", from.sentence().promptNames()),
          SentenceConfig.WHOLE);
    }
    return prompt;
  }

  private void tokens() {
    TokenLimit limit = from.limit();
    findings.decided("max_tokens", limit.tokensMax(), limit.source());
    if (limit.source().equals(Fact.ASSUMED)) {
      findings.warn(
          "no file says how many tokens the model takes: %d are assumed; set max_tokens in %s"
              .formatted(limit.tokensMax(), ModelFiles.OVERRIDES));
    }
    findings.plan("first_position", limit.firstPosition());
    if (from.options().keepsEnd()) {
      findings.decided("truncation_side", "left", ModelFiles.TOKENIZER_CONFIG);
    }
    if (from.options().lowersCase()) {
      findings.decided("lower_case", true, from.sentence().transformer().name());
    }
    for (String setting : from.sentence().unknownSettings()) {
      findings.warn(
          "%s: %s is not applied".formatted(from.sentence().transformer().name(), setting));
    }
  }

  private int rank(TensorSpec output, TextInputs inputs) {
    if (!output.shape().isEmpty()) {
      return output.shape().size();
    }
    TokenIds tokens = tokenizer.encode(SAMPLE, true);
    return TextPath.output(inputs, graph, tokens, output.name()).shape().length;
  }

  /// The length of an embedding: as the graph declares; where it leaves that open, as it gives.
  int dimensions(TextPath path) {
    if (!(path.head() instanceof EmbeddingHead head)) {
      return 0;
    }
    long last =
        graph.outputs().stream()
            .filter(output -> output.name().equals(head.graphOutput()))
            .filter(output -> !output.shape().isEmpty())
            .mapToLong(output -> output.shape().getLast())
            .findFirst()
            .orElse(-1);
    int dimensions = last > 0 ? head.dimensions(Math.toIntExact(last)) : sample(path, head);
    findings.shown("dimensions", dimensions, Fact.GRAPH);
    return dimensions;
  }

  private static int sample(TextPath path, EmbeddingHead head) {
    PreparedText prepared = path.prepare(new Item.Text(SAMPLE, true));
    long[] shape =
        TextPath.output(path.inputs(), path.graph(), prepared.ids(), head.graphOutput()).shape();
    return head.dimensions(Math.toIntExact(shape[shape.length - 1]));
  }
}
