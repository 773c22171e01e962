package dev.pilotlight.domain;

import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The public properties of a loaded model.
///
/// @param version the repository's numeric version, as text
/// @param digest SHA-256 over the bytes of the graph, its external data and the tokenizer, hex
/// @param runtime version and optimisation level, such as `onnxruntime-1.29.0/extended`
/// @param maxTokens the most tokens of an input text, including special tokens; 0 without tokenizer
/// @param dimensions the length of an embedding; 0 for other tasks
/// @param labels of a model that classifies texts, their tokens or images; empty for other tasks
/// @param graphInputs the inputs of the ONNX graph
/// @param graphOutputs the outputs of the ONNX graph that the protocol can carry
/// @param otherOutputs the outputs of the ONNX graph that the protocol cannot carry
/// @param timeToLive how long a result of this model is kept, if it differs from the settings
/// @param facts the resolved properties with their sources
/// @param warnings sentences about assumed or ignored properties
/// @param plan SHA-256 over every resolved property that can change an answer, hex
/// @param policy which requests the model accepts
public record ModelInfo(
    String name,
    String version,
    Task task,
    String digest,
    String runtime,
    int maxTokens,
    int dimensions,
    Optional<Labels> labels,
    List<TensorSpec> graphInputs,
    List<TensorSpec> graphOutputs,
    List<OtherOutput> otherOutputs,
    Optional<Duration> timeToLive,
    List<Fact> facts,
    List<String> warnings,
    String plan,
    ModelPolicy policy) {
  /// An output of a graph that the Open Inference Protocol cannot carry.
  ///
  /// @param type in words, such as `a sequence of tensors`
  public record OtherOutput(String name, String type) {}

  /// The text input of a model with a tokenizer.
  public static final String TEXT_INPUT = "text";

  /// The second texts of pairs, for a model that takes them.
  public static final String PAIR_INPUT = "text_pair";

  /// The image input of a model with an image processor: the bytes of a JPEG or PNG file.
  public static final String IMAGE_INPUT = "image";

  public static final String EMBEDDING_OUTPUT = "embedding";
  public static final String LABEL_OUTPUT = "label";
  public static final String SCORE_OUTPUT = "score";

  /// The values that the graph computed for an item's labels, from which every score follows.
  public static final String LOGITS_OUTPUT = "logits";

  /// The tokens of a text as their vocabulary names them; an unknown one as the text has it.
  public static final String TOKENS_OUTPUT = "tokens";

  /// The code points of a text from which a token was made: the first, and the end.
  public static final String OFFSETS_OUTPUT = "offset_mapping";

  /// Whether a token was added around the text.
  public static final String SPECIAL_OUTPUT = "special_tokens_mask";

  /// Whether a token continues the word of the token before it.
  public static final String SUBWORD_OUTPUT = "subword";

  public static final String TOKEN_IDS_OUTPUT = "token_ids";

  /// The fact of an embedding model that also has weights of tokens.
  public static final String SPARSE_FACT = "sparse";

  /// The fact of a masked language model: the text of its mask.
  public static final String MASK_FACT = "mask_token";

  /// The fact of an embedding model whose graph does not declare the size of its tokens' vectors.
  public static final String TOKEN_SIZE_FACT = "token_dimensions";

  /// The fact of a graph that pools its tokens' vectors by itself.
  public static final String POOLED_BY_GRAPH = "by the graph";

  private static final List<String> TOKEN_VECTORS =
      List.of("last_hidden_state", "token_embeddings", "colbert_vecs", "colbert_vectors");
  private static final int TOKEN_VECTORS_RANK = 3;
  private static final int VERSION_DIGITS_MAX = 18;

  /// Whether a text is a version: a whole number from 1 in at most 18 digits. As in Triton, it does
  /// not start with 0, so that each version has one spelling.
  public static boolean isVersion(String text) {
    if (text.isEmpty() || text.length() > VERSION_DIGITS_MAX || text.charAt(0) == '0') {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  public ModelInfo {
    graphInputs = List.copyOf(graphInputs);
    graphOutputs = List.copyOf(graphOutputs);
    otherOutputs = List.copyOf(otherOutputs);
    facts = List.copyOf(facts);
    warnings = List.copyOf(warnings);
  }

  /// Returns the same info with the name by which a caller asked for the model.
  ///
  /// @param asked empty for the default model, which keeps its own name
  public ModelInfo named(String asked) {
    return new ModelInfo(
        asked.isEmpty() ? name : asked,
        version,
        task,
        digest,
        runtime,
        maxTokens,
        dimensions,
        labels,
        graphInputs,
        graphOutputs,
        otherOutputs,
        timeToLive,
        facts,
        warnings,
        plan,
        policy);
  }

  /// Identifies the files and settings from which the model's answers follow. It does not contain
  /// the runtime.
  ///
  /// @return `digest/plan`
  public String fingerprint() {
    return digest + "/" + plan;
  }

  public boolean takesText() {
    return task.takesText();
  }

  /// Whether the model takes images, as [Item.Image] has them.
  public boolean takesImages() {
    return task.takesImages();
  }

  /// Whether the Open Inference Protocol takes texts for the model, as its input [#TEXT_INPUT]; it
  /// has no form for the results of other tasks, so there the graph's own tensors remain.
  public boolean infersTexts() {
    return task == Task.EMBEDDING
        || task == Task.TEXT_CLASSIFICATION
        || task == Task.TOKEN_CLASSIFICATION;
  }

  /// The graph output that holds a vector for each token, if the model has one: that from which
  /// embeddings are pooled; of a graph that pools by itself, the last hidden state, else the output
  /// of a ColBERT head.
  public Optional<TensorSpec> tokenVectors() {
    if (task != Task.EMBEDDING) {
      return Optional.empty();
    }
    boolean pooled = fact("pooling").filter(POOLED_BY_GRAPH::equals).isEmpty();
    List<String> names = pooled ? List.of(fact("output").orElse("")) : TOKEN_VECTORS;
    for (String name : names) {
      for (TensorSpec output : graphOutputs) {
        boolean hidden =
            output.anyRank()
                || (output.shape().size() == TOKEN_VECTORS_RANK && !isPaddedColbert(output));
        if (hidden && output.datatype().isFloat() && output.name().equals(name)) {
          return Optional.of(output);
        }
      }
    }
    return Optional.empty();
  }

  /// A ColBERT head leaves out the first token, which cannot be found among padding.
  private static boolean isPaddedColbert(TensorSpec output) {
    return output.name().startsWith("colbert") && output.shape().get(1) >= 0;
  }

  /// Whether a text has weights of tokens as a result.
  public boolean isSparse() {
    return task == Task.SPARSE_EMBEDDING || fact(SPARSE_FACT).isPresent();
  }

  /// The value of the fact with a name.
  public Optional<String> fact(String named) {
    for (Fact fact : facts) {
      if (fact.name().equals(named)) {
        return Optional.of(fact.value());
      }
    }
    return Optional.empty();
  }

  /// Whether the model takes two texts as one item, as [Item.Pair] has them.
  public boolean takesPairs() {
    return task == Task.TEXT_CLASSIFICATION;
  }

  /// Whether the model gives each text or pair exactly one score, by which texts can be ranked.
  public boolean ranks() {
    return task == Task.TEXT_CLASSIFICATION
        && labels.isPresent()
        && labels.get().names().size() == 1;
  }

  /// The inputs in metadata: the text or image input if the model has one, else those of the graph.
  public List<TensorSpec> inputs() {
    if (takesImages()) {
      return List.of(new TensorSpec(IMAGE_INPUT, Datatype.BYTES, List.of(-1L)));
    }
    return infersTexts()
        ? List.of(new TensorSpec(TEXT_INPUT, Datatype.BYTES, List.of(-1L)))
        : graphInputs;
  }

  /// The outputs in metadata, which belong to [#inputs()].
  public List<TensorSpec> outputs() {
    return switch (task) {
      case EMBEDDING, IMAGE_EMBEDDING ->
          List.of(new TensorSpec(EMBEDDING_OUTPUT, Datatype.FP32, List.of(-1L, (long) dimensions)));
      case TEXT_CLASSIFICATION, IMAGE_CLASSIFICATION ->
          List.of(
              new TensorSpec(LABEL_OUTPUT, Datatype.BYTES, List.of(-1L)),
              new TensorSpec(SCORE_OUTPUT, Datatype.FP32, List.of(-1L)),
              new TensorSpec(LOGITS_OUTPUT, Datatype.FP32, List.of(-1L, labelCount())));
      case TOKEN_CLASSIFICATION ->
          List.of(
              new TensorSpec(TOKENS_OUTPUT, Datatype.BYTES, List.of(-1L, -1L)),
              new TensorSpec(LABEL_OUTPUT, Datatype.BYTES, List.of(-1L, -1L)),
              new TensorSpec(SCORE_OUTPUT, Datatype.FP32, List.of(-1L, -1L)),
              new TensorSpec(OFFSETS_OUTPUT, Datatype.INT32, List.of(-1L, -1L, 2L)),
              new TensorSpec(SPECIAL_OUTPUT, Datatype.BOOL, List.of(-1L, -1L)),
              new TensorSpec(SUBWORD_OUTPUT, Datatype.BOOL, List.of(-1L, -1L)),
              new TensorSpec(TOKEN_IDS_OUTPUT, Datatype.INT32, List.of(-1L, -1L)),
              new TensorSpec(LOGITS_OUTPUT, Datatype.FP32, List.of(-1L, -1L, labelCount())));
      case FILL_MASK, SPARSE_EMBEDDING, TENSORS -> graphOutputs;
    };
  }

  /// The outputs for a request that names none: all but the logits.
  public List<TensorSpec> usualOutputs() {
    List<TensorSpec> all = outputs();
    return labels.isPresent() ? all.subList(0, all.size() - 1) : all;
  }

  private long labelCount() {
    return labels.isPresent() ? labels.get().names().size() : -1;
  }
}
