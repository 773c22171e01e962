package dev.pilotlight.model.forms;

import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.INT64;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxAttribute;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Masked language models, and embedding models with a weight for each token, whose values follow
/// from [OnnxModels#embedding]. All of them are exact in FP32.
public final class MaskGraphs {
  /// `ü` of [dev.pilotlight.model.SmallTokenizer].
  public static final int NAN = 8;

  private static final int SIZE = OnnxModels.EMBEDDING_SIZE;

  private MaskGraphs() {}

  /// `logits` `FP32[batch,seq,vocabulary]`: those of [#logit].
  public static OnnxGraph maskedLanguageModel(int vocabulary) {
    return maskedLanguageModel(vocabulary, vocabulary);
  }

  /// As [#maskedLanguageModel(int)].
  ///
  /// @param declared the last dimension that the graph declares
  public static OnnxGraph maskedLanguageModel(int vocabulary, Object declared) {
    return logits(vocabulary, "logits").output("logits", FP32, "batch", "seq", declared);
  }

  /// As [#maskedLanguageModel(int)], but NaN for a text that has the token [#NAN], or another that
  /// is equal modulo 64.
  public static OnnxGraph sometimesNaN(int vocabulary) {
    return logits(vocabulary, "whole")
        .output("logits", FP32, "batch", "seq", vocabulary)
        .initializer(scalar("nan", NAN))
        .node("Cast", List.of("row"), List.of("rows"), to(FP32))
        .node("Sub", List.of("rows", "nan"), List.of("far"))
        .node("Abs", List.of("far"), List.of("distance"))
        .node(
            "ReduceMin",
            List.of("distance"),
            List.of("nearest"),
            OnnxAttribute.integer("keepdims", 0))
        // 0 divided by 0, else 1
        .node("Div", List.of("nearest", "nearest"), List.of("one"))
        .node("Mul", List.of("whole", "one"), List.of("logits"));
  }

  private static OnnxGraph logits(int vocabulary, String output) {
    float[] weights = new float[SIZE * vocabulary];
    float[] bias = new float[vocabulary];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weight(i / vocabulary, i % vocabulary);
    }
    for (int i = 0; i < vocabulary; i++) {
      bias[i] = bias(i);
    }
    return hidden("masked-language-model")
        .initializer(Tensor.ofFloats("weights", new long[] {SIZE, vocabulary}, weights))
        .initializer(Tensor.ofFloats("bias", new long[] {vocabulary}, bias))
        .node("MatMul", List.of("hidden", "weights"), List.of("product"))
        .node("Add", List.of("product", "bias"), List.of(output));
  }

  /// As bge-m3's exports: `dense_vecs` `FP32[batch,4]`, the first token's vector; `sparse_vecs`
  /// `FP32[batch,seq,1]`, the first number of each token's vector; `colbert_vecs`
  /// `FP32[batch,seq-1,4]`, all vectors but the first.
  public static OnnxGraph threeHeads() {
    return threeHeads("three-heads", "sparse_vecs")
        .output("dense_vecs", FP32, "batch", SIZE)
        .output("sparse_vecs", FP32, "batch", "seq", 1)
        .output("colbert_vecs", FP32, "batch", "rest", SIZE);
  }

  /// The same with weights of rank 2, and a declared length.
  ///
  /// @param length of a text as the outputs declare it
  public static OnnxGraph threeHeads(Object length) {
    return threeHeads("three-heads", "sparse_3d")
        .output("dense_vecs", FP32, "batch", SIZE)
        .output("sparse_vecs", FP32, "batch", length)
        .output("colbert_vecs", FP32, "batch", length instanceof String ? "rest" : length, SIZE)
        .node("Squeeze", List.of("sparse_3d", "axis_last"), List.of("sparse_vecs"));
  }

  private static OnnxGraph threeHeads(String name, String sparse) {
    return hidden(name)
        .initializer(int64s("zero", 0))
        .initializer(int64s("one", 1))
        .initializer(int64s("end", Long.MAX_VALUE))
        .initializer(int64s("axis_last", 2))
        .node("Slice", List.of("hidden", "zero", "one", "axis_seq"), List.of("first"))
        .node("Squeeze", List.of("first", "axis_seq"), List.of("dense_vecs"))
        .node("Slice", List.of("hidden", "zero", "one", "axis_last"), List.of(sparse))
        .node("Slice", List.of("hidden", "one", "end", "axis_seq"), List.of("colbert_vecs"));
  }

  private static OnnxGraph hidden(String name) {
    float[] table = new float[OnnxModels.VOCABULARY * SIZE];
    for (int i = 0; i < table.length; i++) {
      table[i] = OnnxModels.embedding(i / SIZE, i % SIZE);
    }
    return new OnnxGraph(name)
        .input("input_ids", INT64, "batch", "seq")
        .input("attention_mask", INT64, "batch", "seq")
        .initializer(Tensor.ofFloats("table", new long[] {OnnxModels.VOCABULARY, SIZE}, table))
        .initializer(int64s("vocabulary", OnnxModels.VOCABULARY))
        .initializer(int64s("axis_seq", 1))
        .initializer(int64s("axis_end", -1))
        .initializer(scalar("eighth", 1 / 8f))
        .node("Mod", List.of("input_ids", "vocabulary"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("embedded"))
        .node("Unsqueeze", List.of("attention_mask", "axis_end"), List.of("mask_3d"))
        .node("Cast", List.of("mask_3d"), List.of("mask"), to(FP32))
        .node("Mul", List.of("embedded", "mask"), List.of("masked"))
        .node("ReduceSum", List.of("masked", "axis_seq"), List.of("sum"))
        .node("Mul", List.of("sum", "eighth"), List.of("context"))
        .node("Add", List.of("embedded", "context"), List.of("hidden"));
  }

  /// The number at a place of the vector of a text's token: its embedding, and an eighth of the sum
  /// over all tokens.
  public static float hidden(long[] ids, int token, int place) {
    double sum = 0;
    for (long id : ids) {
      sum += OnnxModels.embedding(id, place);
    }
    return (float) (OnnxModels.embedding(ids[token], place) + sum / 8);
  }

  /// The logit of a token of the vocabulary at a token of the text.
  public static float logit(long[] ids, int token, int id) {
    double sum = bias(id);
    for (int place = 0; place < SIZE; place++) {
      sum += (double) hidden(ids, token, place) * weight(place, id);
    }
    return (float) sum;
  }

  private static float weight(int place, int id) {
    return (id * (place + 3L) % 13 - 6) / 4f;
  }

  private static float bias(int id) {
    return id % 101 / 32f - 2;
  }

  private static OnnxAttribute to(Datatype type) {
    return OnnxAttribute.integer("to", OnnxGraph.elementType(type));
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
