package dev.pilotlight.model;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/// Graphs that look a text's token ids up in a table, nothing more: what comes out is the mean of
/// the rows, or the rows themselves.
public final class TokenTables {
  public static final int VOCABULARY = 30_522;
  public static final int HELLO = 7592;
  public static final int WORLD = 2088;
  public static final int SIZE = 3;

  private TokenTables() {}

  /// `last_hidden_state` `[batch, seq, 3]`.
  public static OnnxGraph hidden(int rows, Map<Integer, float[]> special) {
    return table("hidden", rows, special)
        .output("last_hidden_state", Datatype.FP32, "batch", "seq", SIZE)
        .node("Gather", List.of("table", "input_ids"), List.of("last_hidden_state"));
  }

  /// `logits` `[batch, 3]`.
  public static OnnxGraph logits(Map<Integer, float[]> special) {
    return table("logits", VOCABULARY, special)
        .output("logits", Datatype.FP32, "batch", SIZE)
        .initializer(int64("axis", 1))
        .node("Gather", List.of("table", "input_ids"), List.of("rows"))
        .node(
            "ReduceMean",
            List.of("rows", "axis"),
            List.of("logits"),
            OnnxAttribute.integer("keepdims", 0));
  }

  /// `logits` `[batch, 1]`: the mean of those of [#logits].
  public static OnnxGraph score(Map<Integer, float[]> special) {
    return table("score", VOCABULARY, special)
        .output("logits", Datatype.FP32, "batch", 1)
        .initializer(int64("axis", 1))
        .node("Gather", List.of("table", "input_ids"), List.of("rows"))
        .node(
            "ReduceMean",
            List.of("rows", "axis"),
            List.of("means"),
            OnnxAttribute.integer("keepdims", 0))
        .node("ReduceMean", List.of("means", "axis"), List.of("logits"));
  }

  /// `logits` `[batch, seq, 3]`, for a classifier of tokens.
  public static OnnxGraph tokens(Map<Integer, float[]> special) {
    return table("tokens", VOCABULARY, special)
        .output("logits", Datatype.FP32, "batch", "seq", SIZE)
        .node("Gather", List.of("table", "input_ids"), List.of("logits"));
  }

  /// As [#hidden], for every id there is.
  public static OnnxGraph endless() {
    return table("endless", VOCABULARY, Map.of())
        .output("last_hidden_state", Datatype.FP32, "batch", "seq", SIZE)
        .initializer(int64("rows", VOCABULARY))
        .node("Mod", List.of("input_ids", "rows"), List.of("row"))
        .node("Gather", List.of("table", "row"), List.of("last_hidden_state"));
  }

  private static OnnxGraph table(String name, int rows, Map<Integer, float[]> special) {
    float[] table = new float[rows * SIZE];
    for (int i = 0; i < table.length; i++) {
      table[i] = 1 + i % 11;
    }
    special.forEach((row, values) -> System.arraycopy(values, 0, table, row * SIZE, SIZE));
    return new OnnxGraph(name)
        .input("input_ids", Datatype.INT64, "batch", "seq")
        .initializer(Tensor.ofFloats("table", new long[] {rows, SIZE}, table));
  }

  private static Tensor int64(String name, long value) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(name, Datatype.INT64, new long[] {1}, bytes.putLong(0, value).array());
  }
}
