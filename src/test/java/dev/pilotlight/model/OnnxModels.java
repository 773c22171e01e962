package dev.pilotlight.model;

import static dev.pilotlight.domain.tensor.Datatype.BOOL;
import static dev.pilotlight.domain.tensor.Datatype.BYTES;
import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.INT64;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Small models whose answers are known without a runtime.
public final class OnnxModels {
  /// Written as escapes, so that no editor changes them: an emoji needs a surrogate pair.
  public static final String EMOJI = "\uD83D\uDE00";

  public static final String NUL_INSIDE = "a\u0000b";

  /// The keys of [#labels], in the order of its answers 0, 1, 2, …; anything else gives -1.
  public static final List<String> LABEL_KEYS =
      List.of("plain", EMOJI, NUL_INSIDE, "a", "", "Gr\u00fc\u00dfe", "\u6f22\u5b57");

  /// The answers of [#words] to each of [#LABEL_KEYS]; anything else gives `unknown`.
  public static final List<String> WORDS =
      List.of(EMOJI + EMOJI, "emoji", "nul\u0000inside", "", "empty", "gr\u00fc\u00dfe", "kanji");

  /// Token ids are taken modulo this, so that any vocabulary works.
  public static final int VOCABULARY = 64;

  public static final int EMBEDDING_SIZE = 4;

  /// The values of [#lastHiddenState] where the attention mask is 0.
  public static final float PADDING_VALUE = 99;

  /// [#slow] multiplies matrices of this size, each element being its inverse.
  public static final int SLOW_SIZE = 256;

  private OnnxModels() {}

  /// `y` = `x` of any type.
  ///
  /// @param dims as of [OnnxGraph#input]
  public static OnnxGraph identity(Datatype type, Object... dims) {
    return new OnnxGraph("identity")
        .input("x", type, dims)
        .output("y", type, dims)
        .node("Identity", List.of("x"), List.of("y"));
  }

  /// `sum` = `a` + `b`, `difference` = `a` - `b`, all `FP32[n]`.
  public static OnnxGraph sumAndDifference() {
    return new OnnxGraph("sum-and-difference")
        .input("a", FP32, "n")
        .input("b", FP32, "n")
        .output("sum", FP32, "n")
        .output("difference", FP32, "n")
        .node("Add", List.of("a", "b"), List.of("sum"))
        .node("Sub", List.of("a", "b"), List.of("difference"));
  }

  /// `quotient` = `a` / `b`, all `FP32[n]`: NaN and infinities where `b` is 0.
  public static OnnxGraph quotient() {
    return new OnnxGraph("quotient")
        .input("a", FP32, "n")
        .input("b", FP32, "n")
        .output("quotient", FP32, "n")
        .node("Div", List.of("a", "b"), List.of("quotient"));
  }

  /// `max` of `a` and `b`; wrong if anything takes the values for signed ones. All of shape `[n]`.
  ///
  /// @param type `UINT32`, `UINT64`, `INT32`, `INT64`, `FP16`, `FP32` or `FP64`
  public static OnnxGraph max(Datatype type) {
    return binary("Max", "max", type);
  }

  /// `rest` of `a` divided by `b`; wrong if anything takes the values for signed ones. All of shape
  /// `[n]`.
  ///
  /// @param type an integer type
  public static OnnxGraph modulo(Datatype type) {
    return binary("Mod", "rest", type);
  }

  /// `y` = `x` cast, both of shape `[n]`.
  public static OnnxGraph cast(Datatype from, Datatype to) {
    return new OnnxGraph("cast")
        .input("x", from, "n")
        .output("y", to, "n")
        .node("Cast", List.of("x"), List.of("y"), castTo(to));
  }

  /// `label` `INT64[n]`: the place of each `text` `BYTES[n]` in [#LABEL_KEYS], else -1.
  public static OnnxGraph labels() {
    long[] places = new long[LABEL_KEYS.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
    }
    return new OnnxGraph("labels")
        .input("text", BYTES, "n")
        .output("label", INT64, "n")
        .node(
            OnnxGraph.ML,
            "LabelEncoder",
            List.of("text"),
            List.of("label"),
            OnnxAttribute.texts("keys_strings", LABEL_KEYS),
            OnnxAttribute.integers("values_int64s", places),
            OnnxAttribute.integer("default_int64", -1));
  }

  /// `word` `BYTES[n]`: the one of [#WORDS] that belongs to each `text` `BYTES[n]`, else `unknown`.
  public static OnnxGraph words() {
    return new OnnxGraph("words")
        .input("text", BYTES, "n")
        .output("word", BYTES, "n")
        .node(
            OnnxGraph.ML,
            "LabelEncoder",
            List.of("text"),
            List.of("word"),
            OnnxAttribute.texts("keys_strings", LABEL_KEYS),
            OnnxAttribute.texts("values_strings", WORDS),
            OnnxAttribute.text("default_string", "unknown"));
  }

  /// `joined` = `a` followed by `b`, all `BYTES[n]`.
  public static OnnxGraph concatenation() {
    return binary("StringConcat", "joined", BYTES);
  }

  /// `logits` `FP32[batch,3]` from the mean embedding of the tokens whose mask is 1.
  ///
  /// [#embedding] and [#classifierWeight] return the numbers in it.
  public static OnnxGraph textClassification() {
    return embeddings("text-classification")
        .output("logits", FP32, "batch", 3)
        .initializer(classifier())
        .initializer(int64s("axis_seq", 1))
        .initializer(int64s("axis_last", -1))
        .node("Unsqueeze", List.of("attention_mask", "axis_last"), List.of("mask_3d"))
        .node("Cast", List.of("mask_3d"), List.of("mask"), castTo(FP32))
        .node("Mul", List.of("embedded", "mask"), List.of("masked"))
        .node(
            "ReduceSum",
            List.of("masked", "axis_seq"),
            List.of("total"),
            OnnxAttribute.integer("keepdims", 0))
        .node(
            "ReduceSum",
            List.of("mask", "axis_seq"),
            List.of("count"),
            OnnxAttribute.integer("keepdims", 0))
        .node("Div", List.of("total", "count"), List.of("mean"))
        .node("MatMul", List.of("mean", "classifier"), List.of("logits"));
  }

  /// `last_hidden_state` `FP32[batch,seq,4]`: each token's [#embedding], but [#PADDING_VALUE] where
  /// the mask is 0, so that pooling over padding shows.
  public static OnnxGraph lastHiddenState() {
    return embeddings("last-hidden-state")
        .output("last_hidden_state", FP32, "batch", "seq", EMBEDDING_SIZE)
        .initializer(int64s("axis_last", -1))
        .initializer(Tensor.ofFloats("padding", new long[0], new float[] {PADDING_VALUE}))
        .node("Unsqueeze", List.of("attention_mask", "axis_last"), List.of("mask_3d"))
        .node("Cast", List.of("mask_3d"), List.of("mask"), castTo(BOOL))
        .node("Where", List.of("mask", "embedded", "padding"), List.of("last_hidden_state"));
  }

  /// Multiplies matrices of [#SLOW_SIZE] `rounds` times, an `INT64` scalar (about 0.5 ms each);
  /// `value` is an `FP32` scalar, always 1 / [#SLOW_SIZE]. It can be stopped between rounds.
  public static OnnxGraph slow() {
    return rounds(new OnnxGraph("slow").input("rounds", INT64).output("value", FP32));
  }

  /// Computes `value` from `rounds` as [#slow] does.
  static OnnxGraph rounds(OnnxGraph graph) {
    float[] element = {1f / SLOW_SIZE};
    OnnxGraph body =
        new OnnxGraph("round")
            .input("round", INT64)
            .input("go_on", BOOL)
            .input("before", FP32, SLOW_SIZE, SLOW_SIZE)
            .output("still_on", BOOL)
            .output("after", FP32, SLOW_SIZE, SLOW_SIZE)
            .node("Identity", List.of("go_on"), List.of("still_on"))
            .node("MatMul", List.of("before", "before"), List.of("after"));
    return graph
        .initializer(int64s("shape", SLOW_SIZE, SLOW_SIZE))
        .initializer(new Tensor("on", BOOL, new long[0], new byte[] {1}))
        .node(
            "ConstantOfShape",
            List.of("shape"),
            List.of("matrix"),
            OnnxAttribute.tensor("value", Tensor.ofFloats("value", new long[] {1}, element)))
        .node(
            "Loop",
            List.of("rounds", "on", "matrix"),
            List.of("product"),
            OnnxAttribute.graph("body", body))
        .node(
            "ReduceMean",
            List.of("product"),
            List.of("value"),
            OnnxAttribute.integer("keepdims", 0));
  }

  /// The number at a place of a token's embedding; exact in FP32.
  public static float embedding(long token, int place) {
    return (token % VOCABULARY * 7 + place * 13L) % 17 / 8f - 1;
  }

  /// The weight from a place of the mean embedding to a label; exact in FP32.
  public static float classifierWeight(int place, int label) {
    return (place * 5 + label * 3) % 7 / 4f - 0.75f;
  }

  private static OnnxGraph embeddings(String name) {
    float[] table = new float[VOCABULARY * EMBEDDING_SIZE];
    for (int i = 0; i < table.length; i++) {
      table[i] = embedding(i / EMBEDDING_SIZE, i % EMBEDDING_SIZE);
    }
    return new OnnxGraph(name)
        .input("input_ids", INT64, "batch", "seq")
        .input("attention_mask", INT64, "batch", "seq")
        .initializer(Tensor.ofFloats("table", new long[] {VOCABULARY, EMBEDDING_SIZE}, table))
        .initializer(int64s("vocabulary", VOCABULARY))
        .node("Mod", List.of("input_ids", "vocabulary"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("embedded"));
  }

  private static Tensor classifier() {
    float[] weights = new float[EMBEDDING_SIZE * 3];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = classifierWeight(i / 3, i % 3);
    }
    return Tensor.ofFloats("classifier", new long[] {EMBEDDING_SIZE, 3}, weights);
  }

  private static OnnxAttribute castTo(Datatype type) {
    return OnnxAttribute.integer("to", OnnxGraph.elementType(type));
  }

  private static OnnxGraph binary(String operator, String output, Datatype type) {
    return new OnnxGraph(operator)
        .input("a", type, "n")
        .input("b", type, "n")
        .output(output, type, "n")
        .node(operator, List.of("a", "b"), List.of(output));
  }

  private static Tensor int64s(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return new Tensor(name, INT64, new long[] {values.length}, bytes.array());
  }
}
