package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.answers;
import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.refuses;
import static dev.pilotlight.domain.tensor.Datatype.BYTES;
import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.INT64;

import dev.pilotlight.compatibility.Case.Group;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.OnnxAttribute;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.util.List;

/// Models without a tokenizer, scikit-learn's among them.
final class TensorCases {
  private static final Request ROWS = tensor("x", FP32, "[2,2]", "[0,0,3,1]");

  private TensorCases() {}

  static Group group() {
    return Group.of(
        "Tensors",
        Case.of(
            "FP32 as it is",
            Folder.of(OnnxModels.identity(FP32, "n")),
            answers(tensor("x", FP32, "[2]", "[1.5,-2.5]"), "\"data\":[1.5,-2.5]")),
        Case.of(
            "no declared rank",
            Folder.of(anyRank()),
            answers(tensor("x", FP32, "[1,2]", "[1,2]"), "\"shape\":[1,2]", "\"data\":[1.0,2.0]")),
        Case.of(
            "UINT64 beyond INT64",
            Folder.of(OnnxModels.identity(Datatype.UINT64, "n")),
            answers(
                tensor("x", Datatype.UINT64, "[1]", "[18446744073709551615]"),
                "\"data\":[18446744073709551615]")),
        Case.of(
            "strings with an emoji",
            Folder.of(OnnxModels.labels()),
            answers(tensor("text", BYTES, "[1]", "[\"\\uD83D\\uDE00\"]"), "\"data\":[1]")),
        Case.of(
            "FP16 in JSON",
            Folder.of(OnnxModels.identity(Datatype.FP16, "n")),
            refuses(tensor("x", Datatype.FP16, "[1]", "[1]"), 400, "binary")),
        Case.of(
            "a wrong datatype",
            Folder.of(OnnxModels.identity(FP32, "n")),
            refuses(tensor("x", INT64, "[1]", "[1]"), 400, "x", "FP32")),
        Case.of(
            "a missing input",
            Folder.of(OnnxModels.sumAndDifference()),
            refuses(tensor("a", FP32, "[1]", "[1]"), 400, "b")),
        Case.of(
            "NaN in JSON",
            Folder.of(OnnxModels.quotient()),
            refuses(
                Request.tensors(
                    input("a", FP32, "[1]", "[0]") + "," + input("b", FP32, "[1]", "[0]")),
                400,
                "binary")),
        Case.of(
            "ZipMap with number labels, scikit-learn's default",
            Folder.of(zipMap(INT64)),
            answers(ROWS, "\"label\"", "[0,0]", "0.5", "0.880797")),
        Case.of(
            "ZipMap with text labels",
            Folder.of(zipMap(BYTES)),
            answers(ROWS, "no", "yes", "0.880797")),
        Case.of(
            "`x * Sigmoid(x)` in FP64, which cannot open once optimised",
            Folder.of(doubleSwish()),
            answers(
                tensor("x", Datatype.FP64, "[2]", "[0,1]"), "\"data\":[0.0,0.7310585786300049]"),
            Check.warns("m", "optimis")),
        Case.of("another sequence", Folder.of(sequence()), fails("parts", "sequence")),
        Case.of("an optional", Folder.of(optional()), fails("maybe", "optional")));
  }

  /// Two columns of `x` as probabilities of two labels.
  private static OnnxGraph zipMap(Datatype labels) {
    OnnxAttribute names =
        labels == INT64
            ? OnnxAttribute.integers("classlabels_int64s", 0, 1)
            : OnnxAttribute.texts("classlabels_strings", List.of("no", "yes"));
    return new OnnxGraph("zipmap")
        .input("x", FP32, "n", 2)
        .output("label", INT64, "n")
        .mapsOutput("probabilities", labels)
        .node("Softmax", List.of("x"), List.of("softmax"))
        .node(
            "ArgMax",
            List.of("softmax"),
            List.of("label"),
            OnnxAttribute.integer("axis", 1),
            OnnxAttribute.integer("keepdims", 0))
        .node(OnnxGraph.ML, "ZipMap", List.of("softmax"), List.of("probabilities"), names);
  }

  private static OnnxGraph anyRank() {
    return new OnnxGraph("any-rank")
        .inputOfAnyRank("x", FP32)
        .outputOfAnyRank("y", FP32)
        .node("Identity", List.of("x"), List.of("y"));
  }

  private static OnnxGraph doubleSwish() {
    return new OnnxGraph("swish")
        .input("x", Datatype.FP64, "n")
        .output("y", Datatype.FP64, "n")
        .node("Sigmoid", List.of("x"), List.of("sigmoid"))
        .node("Mul", List.of("x", "sigmoid"), List.of("y"));
  }

  private static OnnxGraph sequence() {
    return new OnnxGraph("sequence")
        .input("x", FP32, "n")
        .sequenceOutput("parts", FP32)
        .node("SequenceConstruct", List.of("x", "x"), List.of("parts"));
  }

  private static OnnxGraph optional() {
    return new OnnxGraph("optional")
        .input("x", FP32, "n")
        .optional(12, "maybe", FP32)
        .node("Optional", List.of("x"), List.of("maybe"));
  }

  private static Request tensor(String name, Datatype type, String shape, String data) {
    return Request.tensors(input(name, type, shape, data));
  }

  private static String input(String name, Datatype type, String shape, String data) {
    return "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}"
        .formatted(name, type, shape, data);
  }
}
