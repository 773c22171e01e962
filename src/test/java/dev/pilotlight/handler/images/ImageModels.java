package dev.pilotlight.handler.images;

import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.INT64;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxAttribute;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/// Models of images whose answers follow from the mean colour of an image or of its columns, next
/// to models of texts and tensors.
public final class ImageModels {
  /// Six labels, one of which applies; [#logits] has its formula.
  public static final String COLOURS = "colours";

  /// Two labels that apply each on their own.
  public static final String LAMPS = "lamps";

  /// The mean colour as an embedding at unit length.
  public static final String EYE = "eye";

  /// A vector for each column, of which the first is the embedding.
  public static final String COLUMNS = "columns";

  public static final String TEXTS = TestModels.SAMPLE;
  public static final String CLASSES = "classes";
  public static final String TENSORS = "tensors";

  static final List<String> LABELS = List.of("red", "green", "blue", "grey", "none", "dark");

  private static final int SIDE = 8;
  private static final int WIDE = 16;
  private static final double MAX = 255;
  private static final String RESIZED =
      """
      {"image_processor_type": "ViTImageProcessor", "do_resize": true, "resample": 2,
       "size": {"height": 8, "width": 8}, "do_rescale": true, "rescale_factor": 0.00392156862745098,
       "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
      """;
  private static final String PLAIN =
      """
      {"image_processor_type": "ViTImageProcessor", "do_resize": true, "resample": 2,
       "size": {"height": 16, "width": 16}, "do_rescale": true,
       "rescale_factor": 0.00392156862745098, "do_normalize": false}
      """;

  private ImageModels() {}

  public static TestModels in(Path root) {
    TestModels models = new TestModels(root).withSample().withClassifier(CLASSES);
    models.with(TENSORS, OnnxModels.sumAndDifference());
    return withImages(models);
  }

  public static TestModels withImages(TestModels models) {
    models.with(COLOURS, colours()).with(COLOURS, "preprocessor_config.json", RESIZED);
    models.with(
        COLOURS,
        "config.json",
        """
        {"architectures": ["ViTForImageClassification"], "model_type": "vit",
         "id2label": {"0": "red", "1": "green", "2": "blue", "3": "grey", "4": "none", "5": "dark"}}
        """);
    models.with(LAMPS, lamps()).with(LAMPS, "preprocessor_config.json", PLAIN);
    models.with(
        LAMPS,
        "config.json",
        """
        {"architectures": ["ViTForImageClassification"], "model_type": "vit",
         "problem_type": "multi_label_classification", "id2label": {"0": "bright", "1": "warm"}}
        """);
    models.with(EYE, eye()).with(EYE, "preprocessor_config.json", RESIZED);
    models.with(
        EYE,
        "config.json",
        """
        {"architectures": ["CLIPVisionModelWithProjection"], "model_type": "clip_vision_model"}
        """);
    models.with(COLUMNS, columns()).with(COLUMNS, "preprocessor_config.json", PLAIN);
    models.with(
        COLUMNS, "pilotlight.json", "{\"task\": \"image-embedding\", \"pooling\": \"cls\"}");
    return models.with(
        COLUMNS, "config.json", "{\"architectures\": [\"ViTModel\"], \"model_type\": \"vit\"}");
  }

  /// A classifier whose logits are the logarithms of an image's means, from -1 to 1: NaN for a dark
  /// image.
  public static void withLogarithms(TestModels models, String name) {
    models
        .with(
            name,
            means(name, SIDE)
                .output("logits", FP32, "batch", 3)
                .node("Log", List.of("means"), List.of("logits")))
        .with(name, "preprocessor_config.json", RESIZED)
        .with(name, "config.json", "{\"architectures\": [\"ViTForImageClassification\"]}");
  }

  /// The mean of each channel as [#COLOURS] and [#EYE] get it.
  static double[] means(int colour) {
    return new double[] {
      (colour >> 16 & 0xFF) / MAX * 2 - 1,
      (colour >> 8 & 0xFF) / MAX * 2 - 1,
      (colour & 0xFF) / MAX * 2 - 1
    };
  }

  /// The logits of [#COLOURS].
  static double[] logits(int colour) {
    double[] means = means(colour);
    return new double[] {4 * means[0], 4 * means[1], 4 * means[2], 0.5, 0.5, -1};
  }

  /// The logits of [#LAMPS]: twice the sum of all channels less 2, and three times red less blue.
  static double[] lampLogits(int colour) {
    double red = (colour >> 16 & 0xFF) / MAX;
    double green = (colour >> 8 & 0xFF) / MAX;
    double blue = (colour & 0xFF) / MAX;
    return new double[] {2 * (red + green + blue) - 2, 3 * (red - blue)};
  }

  private static OnnxGraph colours() {
    float[] weights = {4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0};
    return means("colours", SIDE)
        .output("logits", FP32, "batch", 6)
        .initializer(Tensor.ofFloats("weights", new long[] {3, 6}, weights))
        .initializer(Tensor.ofFloats("bias", new long[] {6}, new float[] {0, 0, 0, 0.5f, 0.5f, -1}))
        .node("MatMul", List.of("means", "weights"), List.of("weighted"))
        .node("Add", List.of("weighted", "bias"), List.of("logits"));
  }

  private static OnnxGraph lamps() {
    float[] weights = {2, 3, 2, 0, 2, -3};
    return means("lamps", WIDE)
        .output("logits", FP32, "batch", 2)
        .initializer(Tensor.ofFloats("weights", new long[] {3, 2}, weights))
        .initializer(Tensor.ofFloats("bias", new long[] {2}, new float[] {-2, 0}))
        .node("MatMul", List.of("means", "weights"), List.of("weighted"))
        .node("Add", List.of("weighted", "bias"), List.of("logits"));
  }

  private static OnnxGraph eye() {
    return means("eye", SIDE)
        .output("image_embeds", FP32, "batch", 3)
        .node("Identity", List.of("means"), List.of("image_embeds"));
  }

  private static OnnxGraph means(String name, int side) {
    return new OnnxGraph(name)
        .input("pixel_values", FP32, "batch", 3, side, side)
        .initializer(int64s("axes", 2, 3))
        .node(
            "ReduceMean",
            List.of("pixel_values", "axes"),
            List.of("means"),
            OnnxAttribute.integer("keepdims", 0));
  }

  private static OnnxGraph columns() {
    return new OnnxGraph("columns")
        .input("pixel_values", FP32, "batch", 3, WIDE, WIDE)
        .output("last_hidden_state", FP32, "batch", WIDE, 3)
        .initializer(int64s("axes", 2))
        .node(
            "ReduceMean",
            List.of("pixel_values", "axes"),
            List.of("means"),
            OnnxAttribute.integer("keepdims", 0))
        .node(
            "Transpose",
            List.of("means"),
            List.of("last_hidden_state"),
            OnnxAttribute.integers("perm", 0, 2, 1));
  }

  private static Tensor int64s(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return new Tensor(name, INT64, new long[] {values.length}, bytes.array());
  }
}
