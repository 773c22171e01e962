package dev.pilotlight.model;

import static dev.pilotlight.domain.tensor.Datatype.BYTES;
import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.FP64;
import static dev.pilotlight.domain.tensor.Datatype.INT64;

import dev.pilotlight.domain.tensor.Datatype;
import java.util.List;

/// Graphs with other outputs than tensors of declared shapes.
public final class OddOutputs {
  private OddOutputs() {}

  /// A classifier as skl2onnx converts it by default: `output_label` and, from ZipMap,
  /// `output_probability`, which is the softmax of `x` `FP32[n,3]`.
  ///
  /// @param classes three; the order of the columns of `x`
  public static OnnxGraph sklearn(long... classes) {
    return sklearn(
        INT64,
        OnnxAttribute.integers("classlabels_ints", classes),
        OnnxAttribute.integers("classlabels_int64s", classes));
  }

  /// The same with texts for classes.
  public static OnnxGraph sklearn(List<String> classes) {
    return sklearn(
        BYTES,
        OnnxAttribute.texts("classlabels_strings", classes),
        OnnxAttribute.texts("classlabels_strings", classes));
  }

  private static OnnxGraph sklearn(Datatype key, OnnxAttribute classes, OnnxAttribute zipClasses) {
    return new OnnxGraph("sklearn")
        .input("x", FP32, "n", 3)
        .output("output_label", key, "n")
        .mapsOutput("output_probability", key)
        .node(
            OnnxGraph.ML,
            "LinearClassifier",
            List.of("x"),
            List.of("output_label", "scores"),
            classes,
            OnnxAttribute.reals("coefficients", 1, 0, 0, 0, 1, 0, 0, 0, 1),
            OnnxAttribute.reals("intercepts", 0, 0, 0),
            OnnxAttribute.integer("multi_class", 0),
            OnnxAttribute.text("post_transform", "SOFTMAX"))
        .node(OnnxGraph.ML, "ZipMap", List.of("scores"), List.of("output_probability"), zipClasses);
  }

  /// `y` = `x`, and `both`, a sequence of `x` twice.
  public static OnnxGraph sequence() {
    return new OnnxGraph("sequence")
        .input("x", FP32, "n")
        .output("y", FP32, "n")
        .sequenceOutput("both", FP32)
        .node("Identity", List.of("x"), List.of("y"))
        .node("SequenceConstruct", List.of("x", "x"), List.of("both"));
  }

  /// `maybe`, an optional with `x` in it, and nothing else.
  public static OnnxGraph optional() {
    return new OnnxGraph("optional")
        .input("x", FP32, "n")
        .optional(12, "maybe", FP32)
        .node("Optional", List.of("x"), List.of("maybe"));
  }

  /// Takes an optional.
  public static OnnxGraph optionalInput() {
    return new OnnxGraph("optional-input")
        .optional(11, "maybe", FP32)
        .output("y", FP32, "n")
        .node("OptionalGetElement", List.of("maybe"), List.of("y"));
  }

  /// `y` = `x` of any shape.
  public static OnnxGraph anyShape() {
    return new OnnxGraph("any-shape")
        .inputOfAnyRank("x", FP32)
        .outputOfAnyRank("y", FP32)
        .node("Identity", List.of("x"), List.of("y"));
  }

  /// `y` = `x` times its sigmoid, in doubles: ONNX Runtime's optimised form of it has no kernel.
  public static OnnxGraph doubleSilu() {
    return new OnnxGraph("silu")
        .input("x", FP64, "n")
        .output("y", FP64, "n")
        .node("Sigmoid", List.of("x"), List.of("s"))
        .node("Mul", List.of("x", "s"), List.of("y"));
  }
}
