package dev.pilotlight.model;

import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.INT64;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.repository.Repositories;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/// Models of images whose answers are the means of the three colours.
public final class ImageGraphs {
  /// Resizes to 24 × 20 pixels; leaves values of 0 to 1.
  public static final String PROCESSOR =
      """
      {"image_processor_type": "SiglipImageProcessor", "do_resize": true, "resample": 2,
       "size": {"height": 20, "width": 24}, "do_rescale": true, "do_normalize": false}""";

  public static final String CLASSIFIER =
      """
      {"architectures": ["ViTForImageClassification"],
       "id2label": {"0": "red", "1": "green", "2": "blue"}}""";

  private ImageGraphs() {}

  /// `output` `FP32[batch, 3]`: the mean of each colour.
  public static OnnxGraph means(String output) {
    return means(output, "batch", 3, "height", "width");
  }

  /// The same for other sizes.
  ///
  /// @param dims of `pixel_values`
  public static OnnxGraph means(String output, Object... dims) {
    return new OnnxGraph("means")
        .input("pixel_values", FP32, dims)
        .output(output, FP32, "batch", 3)
        .initializer(int64s("sides", 2, 3))
        .node(
            "ReduceMean",
            List.of("pixel_values", "sides"),
            List.of(output),
            OnnxAttribute.integer("keepdims", 0));
  }

  /// `logits` `FP32[batch, 3]`: computed at once for a black image, in seconds for others.
  public static OnnxGraph slow() {
    OnnxGraph graph =
        means("means")
            .initializer(Tensor.ofFloats("many", new long[0], new float[] {20_000f}))
            .node(
                "ReduceMean",
                List.of("pixel_values"),
                List.of("mean"),
                OnnxAttribute.integer("keepdims", 0))
            .node("Mul", List.of("mean", "many"), List.of("product_of_mean"))
            .node(
                "Cast",
                List.of("product_of_mean"),
                List.of("rounds"),
                OnnxAttribute.integer("to", 7)); // INT64
    return OnnxModels.rounds(graph)
        .output("logits", FP32, "batch", 3)
        .node("Add", List.of("means", "value"), List.of("logits"));
  }

  /// `last_hidden_state` `FP32[batch, pixels, 3]`, and the means as `pooler_output`.
  public static OnnxGraph hidden() {
    return means("pooler_output")
        .output("last_hidden_state", FP32, "batch", "pixels", 3)
        .initializer(int64s("flat", 0, 3, -1))
        .node("Reshape", List.of("pixel_values", "flat"), List.of("colours"))
        .node(
            "Transpose",
            List.of("colours"),
            List.of("last_hidden_state"),
            OnnxAttribute.integers("perm", 0, 2, 1));
  }

  /// Puts a classifier of images into a repository.
  ///
  /// @return the version's directory
  public static Path classifier(Path root, String name) {
    Path version = Repositories.version(root, name, 1);
    means("logits").write(version.resolve("model.onnx"));
    Repositories.write(version.resolve("preprocessor_config.json"), PROCESSOR);
    Repositories.write(version.resolve("config.json"), CLASSIFIER);
    return version;
  }

  /// Puts a model with an image's vector into a repository.
  ///
  /// @return the version's directory
  public static Path embedding(Path root, String name) {
    Path version = Repositories.version(root, name, 1);
    means("image_embeds").write(version.resolve("model.onnx"));
    Repositories.write(version.resolve("preprocessor_config.json"), PROCESSOR);
    return version;
  }

  private static Tensor int64s(String name, long... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      data.putLong(value);
    }
    return new Tensor(name, INT64, new long[] {values.length}, data.array());
  }
}
