package dev.pilotlight.model.inputs;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.onnx.InputRole;
import dev.pilotlight.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Fills a graph's inputs from one tokenised text.
///
/// @param sources one for each of the graph's inputs, in its order
/// @param firstPosition the position of the first token
public record TextInputs(
    List<InputSource> sources, TextShape shape, ConstantInputs constants, int firstPosition) {
  private static final Set<Datatype> INTEGERS = Set.of(Datatype.INT64, Datatype.INT32);
  private static final String CACHE_SWITCH = "use_cache_branch";
  private static final int RANK = 2;

  public TextInputs {
    sources = List.copyOf(sources);
  }

  /// The sources that fill inputs in addition to the text.
  ///
  /// @param files to read the padding from
  /// @param tokenizer `tokenizer_config.json`
  public record Given(
      ModelFiles files,
      JsonFile config,
      JsonFile tokenizer,
      ConstantInputs constants,
      int firstPosition) {}

  /// Decides how a text fills each input of a graph.
  ///
  /// @throws LoadFailure naming the inputs that no text can fill
  public static TextInputs of(List<TensorSpec> inputs, Given given) {
    given.constants.requireKnown(inputs);
    Map<InputRole, TensorSpec> tokens = tokens(inputs, given.constants);
    requireKnown(inputs, given.constants);
    tokens.forEach(TextInputs::requireFits);
    boolean hasMask = tokens.containsKey(InputRole.MASK);
    TextShape shape =
        TextShape.of(
            List.copyOf(tokens.values()),
            hasMask,
            () -> Padding.read(given.files, given.config, given.tokenizer));
    List<InputSource> sources = new ArrayList<>();
    for (TensorSpec input : inputs) {
      sources.add(source(input, given, shape.batch()));
    }
    return new TextInputs(sources, shape, given.constants, given.firstPosition);
  }

  /// A text in the form that the graph takes.
  ///
  /// @param row the text's place in it
  public record Filled(List<Tensor> tensors, TextShape shape, TextShape.Row row) {
    /// Whether an output is the text's own part: one row without padding.
    public boolean isPlain() {
      return shape.batch() == 1 && shape.length() == 0;
    }

    /// The text's own part of an output.
    public Tensor own(Tensor output) {
      return shape.own(output, row);
    }
  }

  public Filled fill(TokenIds tokens) {
    TextShape.Row row = shape.row(tokens, firstPosition);
    List<Tensor> tensors =
        sources.stream().map(source -> source.tensor(row, shape.batch())).toList();
    return new Filled(tensors, shape, row);
  }

  /// Whether a graph asks for the position of each token.
  public boolean hasPositions() {
    return sources.stream()
        .anyMatch(
            source ->
                source instanceof InputSource.Tokens tokens
                    && tokens.role() == InputRole.POSITIONS);
  }

  /// The graph's token limit, or the declared one if that is lower.
  public int tokensMax(int declared) {
    return shape.length() == 0 ? declared : Math.min(declared, shape.length());
  }

  /// The resolved properties that can change an answer.
  public List<Fact> facts() {
    List<Fact> facts = new ArrayList<>(shape.facts());
    facts.addAll(constants.facts());
    sources.stream()
        .filter(InputSource.Constant.class::isInstance)
        .map(source -> ((InputSource.Constant) source).tensor())
        .filter(tensor -> tensor.data().length == 0)
        .findFirst()
        .ifPresent(
            past ->
                facts.add(new Fact("past", "empty, " + Arrays.toString(past.shape()), Fact.GRAPH)));
    return facts;
  }

  /// Sentences about a better export of the graph.
  public List<String> warnings() {
    return shape.batch() == 1
        ? List.of()
        : List.of(
            "the graph has a fixed batch of %d, so it computes each text %d times; export it with a"
                    .formatted(shape.batch(), shape.batch())
                + " free batch");
  }

  /// The inputs that a text fills, by their roles.
  private static Map<InputRole, TensorSpec> tokens(
      List<TensorSpec> inputs, ConstantInputs constants) {
    Map<InputRole, TensorSpec> tokens = new EnumMap<>(InputRole.class);
    for (TensorSpec input : inputs) {
      InputRole.of(input.name())
          .filter(_ -> constants.find(input).isEmpty())
          .ifPresent(
              role -> {
                TensorSpec other = tokens.put(role, input);
                if (other != null) {
                  throw new LoadFailure(
                      "the graph takes both %s and %s, which mean the same"
                          .formatted(other.name(), input.name()));
                }
              });
    }
    if (!tokens.containsKey(InputRole.IDS)) {
      throw new LoadFailure("the graph has no input_ids, so it cannot take texts");
    }
    return tokens;
  }

  private static void requireKnown(List<TensorSpec> inputs, ConstantInputs constants) {
    List<String> unknown =
        inputs.stream()
            .filter(
                input ->
                    InputRole.of(input.name()).isEmpty()
                        && constants.find(input).isEmpty()
                        && !PastInputs.isPast(input)
                        && !isCacheSwitch(input))
            .map(TensorSpec::name)
            .toList();
    if (!unknown.isEmpty()) {
      throw new LoadFailure(
          "the graph takes %s, which a text does not fill; known are %s; for others set a constant"
                  .formatted(String.join(", ", unknown), String.join(", ", InputRole.allNames()))
              + " under \"inputs\" in pilotlight.json");
    }
  }

  /// Whether the input selects the branch with a past in a merged decoder; it is always false,
  /// because there is no past.
  private static boolean isCacheSwitch(TensorSpec input) {
    return InputRole.bareName(input.name()).equals(CACHE_SWITCH);
  }

  private static void requireFits(InputRole role, TensorSpec input) {
    boolean shape = input.anyRank() || input.shape().size() == RANK;
    boolean type =
        role == InputRole.MASK ? input.datatype().fixedSize() : INTEGERS.contains(input.datatype());
    if (!shape || !type) {
      throw new LoadFailure(
          "the graph's %s is %s%s; %s of shape [batch, length] is needed"
              .formatted(
                  input.name(),
                  input.datatype(),
                  input.shape(),
                  role == InputRole.MASK ? "a number or BOOL" : "INT64 or INT32"));
    }
  }

  private static InputSource source(TensorSpec input, Given given, int batch) {
    List<Number> constant =
        given.constants.find(input).orElse(isCacheSwitch(input) ? List.of(0L) : List.of());
    if (!constant.isEmpty()) {
      return ConstantInputs.source(input, constant, batch);
    }
    return InputRole.of(input.name())
        .<InputSource>map(role -> new InputSource.Tokens(input, role))
        .orElseGet(() -> new InputSource.Constant(PastInputs.empty(input, given.config, batch)));
  }

  /// The source of a graph input's values when the graph runs on a text.
  sealed interface InputSource {

    /// The input for one text.
    ///
    /// @param batch how many equal rows there are
    Tensor tensor(TextShape.Row row, int batch);

    /// The text's tokens.
    record Tokens(TensorSpec spec, InputRole role) implements InputSource {
      @Override
      public Tensor tensor(TextShape.Row row, int batch) {
        return rows(spec, Elements.of(spec.datatype(), row.values(role)), row.length(), batch);
      }
    }

    /// The same tensor for every text.
    record Constant(Tensor tensor) implements InputSource {
      @Override
      public Tensor tensor(TextShape.Row row, int batch) {
        return tensor;
      }
    }

    /// The same number for every token.
    record PerToken(TensorSpec spec, Number value) implements InputSource {
      @Override
      public Tensor tensor(TextShape.Row row, int batch) {
        byte[] values = Elements.of(spec.datatype(), Collections.nCopies(row.length(), value));
        return rows(spec, values, row.length(), batch);
      }
    }

    private static Tensor rows(TensorSpec spec, byte[] row, int length, int batch) {
      return new Tensor(
          spec.name(), spec.datatype(), new long[] {batch, length}, Elements.repeated(row, batch));
    }
  }
}
