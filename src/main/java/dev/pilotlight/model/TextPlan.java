package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.TextPath.Prompt;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.SentenceConfig;
import dev.pilotlight.model.head.EmbeddingHead;
import dev.pilotlight.model.head.Head;
import dev.pilotlight.model.inputs.ConstantInputs;
import dev.pilotlight.model.inputs.TextInputs;
import dev.pilotlight.model.onnx.Graph;
import dev.pilotlight.model.text.Tokenizer;
import dev.pilotlight.model.text.Vocabulary;
import java.util.StringJoiner;

/// Resolves how an opened model answers texts.
///
/// @param findings receives every decision with its source
record TextPlan(Description from, Graph graph, Tokenizer tokenizer, Findings findings) {
  // any text determines the ranks and sizes that the graph leaves open
  private static final String SAMPLE = "a";

  /// @throws LoadFailure if files, graph and tokenizer do not fit each other
  TextPath path(Task task) {
    from.sentence().requireText();
    TextInputs inputs = TextInputs.of(graph.inputs(), given());
    inputs.facts().forEach(fact -> findings.decide(fact.name(), fact.value(), fact.source()));
    inputs.warnings().forEach(findings::warn);
    Tokenizer limited = tokenizer.limitedTo(inputs.tokensMax(from.limit().tokensMax()));
    Head head =
        switch (task) {
          case EMBEDDING ->
              new EmbeddingPlan(from, findings)
                  .head(graph.outputs(), output -> shape(output, inputs, limited));
          case TEXT_CLASSIFICATION -> new LabelPlan(from, findings).head(graph.outputs());
          case TOKEN_CLASSIFICATION -> new TokenPlan(from, findings).head(graph.outputs());
          case FILL_MASK, SPARSE_EMBEDDING ->
              new FormPlan(from, limited, findings).head(task, graph);
          case IMAGE_CLASSIFICATION, IMAGE_EMBEDDING, TENSORS ->
              throw new IllegalStateException("no texts have the task " + task);
        };
    Prompt prompt = prompt(head, limited);
    tokens(limited.tokensMax());
    if (inputs.hasPositions()) {
      findings.plan("first_position", from.limit().firstPosition());
    }
    Vocabulary vocabulary = Vocabulary.of(from.config());
    Head sparse = task == Task.EMBEDDING ? LexicalPlan.headIfAny(from, graph, findings) : null;
    return new TextPath(limited, inputs, graph, head, prompt, vocabulary, sparse);
  }

  private TextInputs.Given given() {
    return new TextInputs.Given(
        from.files(),
        from.config(),
        from.tokenizer(),
        new ConstantInputs(from.overrides().inputs()),
        from.limit().firstPosition());
  }

  private Prompt prompt(Head head, Tokenizer limited) {
    Prompts prompts = from.sentence().prompts();
    String text = prompts.defaultText();
    boolean pooled =
        !(head instanceof EmbeddingHead embedding)
            || embedding.pooled()
            || embedding.pooling().includesPrompt();
    Prompt prompt = Prompt.of(text, pooled, limited);
    if (!text.isEmpty()) {
      findings.decide("prompt", text, SentenceConfig.WHOLE);
      findings.plan("pooling_prompt", pooled);
    }
    if (!prompts.isEmpty()) {
      findings.show("prompts", shown(prompts), SentenceConfig.WHOLE);
      if (!pooled) {
        // a request can choose a prompt where the model has no default
        findings.plan("pooling_prompt", pooled);
      }
    }
    return prompt;
  }

  /// The prompts that a request may name, such as `query "query: ", document ""`.
  private static String shown(Prompts prompts) {
    StringJoiner all = new StringJoiner(", ");
    prompts.byName().forEach((name, text) -> all.add(name + " \"" + text + '"'));
    return all.toString();
  }

  /// @param tokensMax of the files, or of the graph if it takes fewer
  private void tokens(int tokensMax) {
    TokenLimit limit = from.limit();
    boolean byGraph = tokensMax < limit.tokensMax();
    findings.decide("max_tokens", tokensMax, byGraph ? Fact.GRAPH : limit.source());
    if (limit.source().equals(Fact.ASSUMED) && !byGraph) {
      findings.warn(
          "no file declares the model's token limit: %d is assumed; set max_tokens in %s"
              .formatted(limit.tokensMax(), ModelFiles.OVERRIDES));
    }
    if (from.options().keepsEnd()) {
      findings.decide("truncation_side", "left", from.tokenizer().name());
    }
    if (tokenizer.flagged()) {
      from.options()
          .normaliser()
          .ifPresent(
              flags -> findings.decide("normaliser", flags.label(), from.tokenizer().name()));
    }
    if (tokenizer.lowerCased()) {
      findings.decide("lower_case", true, from.sentence().transformer().name());
    }
    for (String setting : from.sentence().unknownSettings()) {
      findings.warn(
          "%s: %s is not applied".formatted(from.sentence().transformer().name(), setting));
    }
  }

  /// The shape of an output from a run, if the graph leaves the rank or the last size open.
  private long[] shape(TensorSpec output, TextInputs inputs, Tokenizer limited) {
    TextInputs.Filled filled = inputs.fill(limited.encode(SAMPLE, true));
    return TextPath.whole(filled, graph, output.name()).shape();
  }

  /// The length of an embedding, as the graph declares it or else as a run gives it.
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
    findings.show("dimensions", dimensions, Fact.GRAPH);
    return dimensions;
  }

  private int sample(TextPath path, EmbeddingHead head) {
    Prepared.Text prepared = path.prepare(new Item.Text(SAMPLE, true));
    long[] shape =
        TextPath.output(path.inputs(), path.graph(), prepared.ids(), head.graphOutput()).shape();
    int size = Math.toIntExact(shape[shape.length - 1]);
    if (!head.pooled()) {
      findings.show(ModelInfo.TOKEN_SIZE_FACT, size, Fact.GRAPH);
    }
    return head.dimensions(size);
  }
}
