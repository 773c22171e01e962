package dev.pilotlight.model;

import static dev.pilotlight.domain.tensor.Datatype.BOOL;
import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.INT64;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Text encoders with inputs as exporters make them, whose `last_hidden_state` follows from
/// [OnnxModels#embedding].
public final class TextGraphs {
  private static final int SIZE = OnnxModels.EMBEDDING_SIZE;

  /// [#decoder] has this many heads of this size.
  static final int HEADS = 2;

  static final int HEAD_SIZE = 3;

  private TextGraphs() {}

  /// Each token's embedding, but [OnnxModels#PADDING_VALUE] where the mask is 0.
  ///
  /// @param mask the datatype of the mask
  /// @param ids the name of the ids' input
  /// @param maskName the name of the mask's input
  /// @param dims of both inputs
  public static OnnxGraph masked(Datatype mask, String ids, String maskName, Object... dims) {
    return new OnnxGraph("masked")
        .input(ids, INT64, dims)
        .input(maskName, mask, dims)
        .output("last_hidden_state", FP32, "batch", "seq", SIZE)
        .initializer(table())
        .initializer(int64s("vocabulary", OnnxModels.VOCABULARY))
        .initializer(int64s("axis_last", -1))
        .initializer(scalar("padding", OnnxModels.PADDING_VALUE))
        .node("Mod", List.of(ids, "vocabulary"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("embedded"))
        .node("Cast", List.of(maskName), List.of("kept"), castTo(BOOL))
        .node("Unsqueeze", List.of("kept", "axis_last"), List.of("kept_3d"))
        .node("Where", List.of("kept_3d", "embedded", "padding"), List.of("last_hidden_state"));
  }

  /// The same with inputs and output of undeclared rank.
  public static OnnxGraph ofAnyRank() {
    return new OnnxGraph("any-rank")
        .inputOfAnyRank("input_ids", INT64)
        .inputOfAnyRank("attention_mask", INT64)
        .outputOfAnyRank("last_hidden_state", FP32)
        .initializer(table())
        .initializer(int64s("vocabulary", OnnxModels.VOCABULARY))
        .initializer(int64s("axis_last", -1))
        .node("Mod", List.of("input_ids", "vocabulary"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("embedded"))
        .node("Unsqueeze", List.of("attention_mask", "axis_last"), List.of("mask_3d"))
        .node("Cast", List.of("mask_3d"), List.of("kept"), castTo(FP32))
        .node("Mul", List.of("kept", "embedded"), List.of("last_hidden_state"));
  }

  /// Each token's embedding, divided by the largest absolute value in the whole batch, as a
  /// quantised graph scales its input.
  ///
  /// @param batch the size of the batch
  public static OnnxGraph scaledByBatch(Object batch) {
    return new OnnxGraph("scaled")
        .input("input_ids", INT64, batch, "seq")
        .output("last_hidden_state", FP32, batch, "seq", SIZE)
        .initializer(table())
        .initializer(int64s("vocabulary", OnnxModels.VOCABULARY))
        .node("Mod", List.of("input_ids", "vocabulary"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("embedded"))
        .node("Abs", List.of("embedded"), List.of("absolute"))
        .node(
            "ReduceMax",
            List.of("absolute"),
            List.of("largest"),
            OnnxAttribute.integer("keepdims", 0))
        .node("Div", List.of("embedded", "largest"), List.of("last_hidden_state"));
  }

  /// A decoder with a cache: each token's embedding, plus its position, plus 100 for each token
  /// that the keys hold after those of this text are appended.
  ///
  /// @param heads,size of the cache as the graph declares them
  public static OnnxGraph decoder(Object heads, Object size) {
    return new OnnxGraph("decoder")
        .input("input_ids", INT64, "batch", "seq")
        .input("attention_mask", INT64, "batch", "total")
        .input("position_ids", INT64, "batch", "seq")
        .input("past_key_values.0.key", FP32, "batch", heads, "past", size)
        .input("past_key_values.0.value", FP32, "batch", heads, "past", size)
        .output("last_hidden_state", FP32, "batch", "seq", SIZE)
        .output("present.0.key", FP32, "batch", HEADS, "total", HEAD_SIZE)
        .output("present.0.value", FP32, "batch", HEADS, "total", HEAD_SIZE)
        .initializer(table())
        .initializer(int64s("vocabulary", OnnxModels.VOCABULARY))
        .initializer(int64s("axis_last", -1))
        .initializer(int64s("axis_past", 2))
        .initializer(int64s("one", 1))
        .initializer(int64s("heads", HEADS))
        .initializer(int64s("head_size", HEAD_SIZE))
        .initializer(scalar("hundred", 100))
        .initializer(scalar("nothing", 0))
        .node("Mod", List.of("input_ids", "vocabulary"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("embedded"))
        .node("Shape", List.of("input_ids"), List.of("sizes"))
        .node("Gather", List.of("sizes", "one"), List.of("seq"))
        .node(
            "Concat",
            List.of("one", "heads", "seq", "head_size"),
            List.of("new_shape"),
            OnnxAttribute.integer("axis", 0))
        .node("Expand", List.of("nothing", "new_shape"), List.of("new"))
        .node("Concat", append("past_key_values.0.key"), List.of("present.0.key"), axis(2))
        .node("Concat", append("past_key_values.0.value"), List.of("present.0.value"), axis(2))
        .node("Shape", List.of("present.0.key"), List.of("key_shape"))
        .node("Gather", List.of("key_shape", "axis_past"), List.of("key_tokens"))
        .node("Cast", List.of("key_tokens"), List.of("tokens"), castTo(FP32))
        .node("Mul", List.of("tokens", "hundred"), List.of("hundreds"))
        .node("Cast", List.of("position_ids"), List.of("positions"), castTo(FP32))
        .node("Unsqueeze", List.of("positions", "axis_last"), List.of("positions_3d"))
        .node("Add", List.of("embedded", "positions_3d"), List.of("placed"))
        .node("Add", List.of("placed", "hundreds"), List.of("last_hidden_state"));
  }

  /// Each token's embedding plus `task_id`, plus `scale` of each token.
  ///
  /// @param taskDims the shape of `task_id`
  public static OnnxGraph withTask(Object... taskDims) {
    return new OnnxGraph("task")
        .input("input_ids", INT64, "batch", "seq")
        .input("task_id", INT64, taskDims)
        .input("scale", FP32, "batch", "seq")
        .output("last_hidden_state", FP32, "batch", "seq", SIZE)
        .initializer(table())
        .initializer(int64s("vocabulary", OnnxModels.VOCABULARY))
        .initializer(int64s("axis_last", -1))
        .node("Mod", List.of("input_ids", "vocabulary"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("embedded"))
        .node("Cast", List.of("task_id"), List.of("task"), castTo(FP32))
        .node("Unsqueeze", List.of("scale", "axis_last"), List.of("scale_3d"))
        .node("Add", List.of("embedded", "scale_3d"), List.of("scaled"))
        .node("Add", List.of("scaled", "task"), List.of("last_hidden_state"));
  }

  /// `logits` `FP32[batch,1]`: the sum of all dimensions of all tokens' embeddings.
  public static OnnxGraph reranker() {
    return new OnnxGraph("reranker")
        .input("input_ids", INT64, "batch", "seq")
        .input("attention_mask", INT64, "batch", "seq")
        .output("logits", FP32, "batch", 1)
        .initializer(table())
        .initializer(int64s("vocabulary", OnnxModels.VOCABULARY))
        .initializer(int64s("axis_seq", 1))
        .initializer(int64s("axis_last", -1))
        .node("Mod", List.of("input_ids", "vocabulary"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("embedded"))
        .node("Unsqueeze", List.of("attention_mask", "axis_last"), List.of("mask_3d"))
        .node("Cast", List.of("mask_3d"), List.of("mask"), castTo(FP32))
        .node("Mul", List.of("embedded", "mask"), List.of("masked"))
        .node(
            "ReduceSum",
            List.of("masked", "axis_seq"),
            List.of("summed"),
            OnnxAttribute.integer("keepdims", 0))
        .node("ReduceSum", List.of("summed", "axis_last"), List.of("logits"));
  }

  /// A cross-encoder: `logits` `FP32[batch,labels]`. With `w` the sum over all tokens of the sum of
  /// the token's embedding times `1 + 10 * type`, the logits are `w / 64`, `w / 32`, …, exact in
  /// FP32.
  public static OnnxGraph crossEncoder(int labels) {
    return crossEncoding(labels).output("logits", FP32, "batch", labels);
  }

  /// `score` `FP32[batch,1]`: the sigmoid of the first logit of [#crossEncoder].
  public static OnnxGraph sigmoidCrossEncoder() {
    return crossEncoding(1)
        .output("score", FP32, "batch", 1)
        .node("Sigmoid", List.of("logits"), List.of("score"));
  }

  private static OnnxGraph crossEncoding(int labels) {
    float[] weights = new float[labels];
    for (int i = 0; i < labels; i++) {
      weights[i] = (i + 1) / 64f;
    }
    return new OnnxGraph("cross-encoder")
        .input("input_ids", INT64, "batch", "seq")
        .input("attention_mask", INT64, "batch", "seq")
        .input("token_type_ids", INT64, "batch", "seq")
        .initializer(table())
        .initializer(int64s("vocabulary", OnnxModels.VOCABULARY))
        .initializer(int64s("axis_seq", 1))
        .initializer(int64s("axis_last", -1))
        .initializer(scalar("ten", 10))
        .initializer(scalar("one", 1))
        .initializer(Tensor.ofFloats("weights", new long[] {1, labels}, weights))
        .node("Mod", List.of("input_ids", "vocabulary"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("embedded"))
        .node(
            "ReduceSum",
            List.of("embedded", "axis_last"),
            List.of("values"),
            OnnxAttribute.integer("keepdims", 0))
        .node("Cast", List.of("token_type_ids"), List.of("types"), castTo(FP32))
        .node("Mul", List.of("types", "ten"), List.of("tens"))
        .node("Add", List.of("tens", "one"), List.of("factors"))
        .node("Cast", List.of("attention_mask"), List.of("mask"), castTo(FP32))
        .node("Mul", List.of("values", "factors"), List.of("weighted"))
        .node("Mul", List.of("weighted", "mask"), List.of("masked"))
        .node("ReduceSum", List.of("masked", "axis_seq"), List.of("summed"))
        .node("MatMul", List.of("summed", "weights"), List.of("logits"));
  }

  /// The first logit of [#crossEncoder].
  ///
  /// @param first the tokens of type 0
  /// @param second the tokens of type 1
  public static float crossLogit(int[] first, int[] second) {
    double sum = 0;
    for (int place = 0; place < SIZE; place++) {
      for (int token : first) {
        sum += OnnxModels.embedding(token, place);
      }
      for (int token : second) {
        sum += 11 * OnnxModels.embedding(token, place);
      }
    }
    return (float) (sum / 64);
  }

  /// A token classifier: `logits` `FP32[batch,seq,labels]`, each [#tokenLogit].
  public static OnnxGraph tokenClassifier(int labels) {
    float[] logits = new float[OnnxModels.VOCABULARY * labels];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = tokenLogit(i / labels, i % labels);
    }
    return new OnnxGraph("token-classifier")
        .input("input_ids", INT64, "batch", "seq")
        .input("attention_mask", INT64, "batch", "seq")
        .output("logits", FP32, "batch", "seq", labels)
        .initializer(Tensor.ofFloats("table", new long[] {OnnxModels.VOCABULARY, labels}, logits))
        .initializer(int64s("vocabulary", OnnxModels.VOCABULARY))
        .node("Mod", List.of("input_ids", "vocabulary"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("logits"));
  }

  /// The logit of a token's label, exact in FP32.
  public static float tokenLogit(long token, int label) {
    return (token % OnnxModels.VOCABULARY * 7 + label * 13L) % 17 / 2f;
  }

  private static List<String> append(String past) {
    return List.of(past, "new");
  }

  private static OnnxAttribute axis(int axis) {
    return OnnxAttribute.integer("axis", axis);
  }

  private static OnnxAttribute castTo(Datatype type) {
    return OnnxAttribute.integer("to", OnnxGraph.elementType(type));
  }

  private static Tensor table() {
    float[] table = new float[OnnxModels.VOCABULARY * SIZE];
    for (int i = 0; i < table.length; i++) {
      table[i] = OnnxModels.embedding(i / SIZE, i % SIZE);
    }
    return Tensor.ofFloats("table", new long[] {OnnxModels.VOCABULARY, SIZE}, table);
  }

  private static Tensor scalar(String name, float value) {
    return Tensor.ofFloats(name, new long[0], new float[] {value});
  }

  private static Tensor int64s(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return new Tensor(name, INT64, new long[] {values.length}, bytes.array());
  }
}
