package dev.pilotlight.model.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.image.GoldenImages;
import dev.pilotlight.image.Pixels;
import dev.pilotlight.image.PngBomb;
import dev.pilotlight.image.Resampling;
import dev.pilotlight.image.Resize;
import dev.pilotlight.model.Expected;
import dev.pilotlight.model.ImageGraphs;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.Prepared;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tasks on images that the files next to a graph define.
public final class ImageTasksTest {
  private static final String NAME = "pictures";
  @TempDir private Path root;
  private final List<ModelRepository> repositories = new ArrayList<>();

  @AfterEach
  void close() {
    repositories.forEach(ModelRepository::close);
  }

  @Test
  void classifiesAnImage() throws IOException {
    ImageGraphs.classifier(root, NAME);

    Model model = load();
    Result result = model.run(image("png/wide.png"));

    float[] means = means("png/wide.png");
    assertThat(model.info().task()).isEqualTo(Task.IMAGE_CLASSIFICATION);
    assertThat(result.output("logits").floats()).containsExactly(means, within(1e-6f));
    double sum = Math.exp(means[0]) + Math.exp(means[1]) + Math.exp(means[2]);
    int best = means[0] > means[1] ? (means[0] > means[2] ? 0 : 2) : means[1] > means[2] ? 1 : 2;
    assertThat(result.output("score").floats()[0])
        .isEqualTo((float) (Math.exp(means[best]) / sum), within(1e-6f));
    assertThat(result.output("label").bytes().getFirst())
        .asString()
        .isEqualTo(List.of("red", "green", "blue").get(best));
    assertThat(result.tokens()).isZero();
  }

  @Test
  void embedsAnImageByTheGraphsVector() throws IOException {
    ImageGraphs.embedding(root, NAME);

    Model model = load();

    assertThat(model.info().task()).isEqualTo(Task.IMAGE_EMBEDDING);
    assertThat(model.info().dimensions()).isEqualTo(3);
    assertThat(embedding(model, "jpg/420.jpg"))
        .containsExactly(Expected.unit(means("jpg/420.jpg")), within(1e-6f));
    assertThat(String.join("\n", model.info().warnings())).contains("normalise");
  }

  @Test
  void poolsOnlyAsDeclared() throws IOException {
    Path files = hidden();
    Repositories.write(
        files.resolve("pilotlight.json"),
        "{\"task\": \"image-embedding\", \"pooling\": \"mean\", \"normalise\": false}");
    assertThat(embedding(load(), "png/rgb.png"))
        .containsExactly(means("png/rgb.png"), within(1e-5f));

    Repositories.write(
        files.resolve("pilotlight.json"),
        "{\"task\": \"image-embedding\", \"pooling\": \"cls\", \"normalise\": false}");
    byte[] rgb = pixels("png/rgb.png").rgb();
    assertThat(embedding(load(), "png/rgb.png"))
        .containsExactly(level(rgb[0]), level(rgb[1]), level(rgb[2]));

    Repositories.write(
        files.resolve("pilotlight.json"),
        "{\"task\": \"image-embedding\", \"output\": \"pooler_output\", \"normalise\": false}");
    assertThat(embedding(load(), "png/rgb.png"))
        .containsExactly(means("png/rgb.png"), within(1e-5f));
  }

  @Test
  void refusesAnEmbeddingThatNoFileDeclares() {
    Path files = hidden();
    Repositories.write(files.resolve("pilotlight.json"), "{\"task\": \"image-embedding\"}");
    assertThatThrownBy(this::load)
        .hasMessageContaining("\"output\": \"pooler_output\"")
        .hasMessageContaining("\"pooling\": \"cls\"");

    Repositories.write(
        files.resolve("pilotlight.json"),
        "{\"task\": \"image-embedding\", \"output\": \"image_vector\"}");
    assertThatThrownBy(this::load)
        .hasMessageContaining("output is image_vector")
        .hasMessageContaining("pooler_output[-1, 3]");
  }

  @Test
  void servesTensorsIfNoFileDeclaresTheTask() {
    hidden();

    Model model = load();

    assertThat(model.info().task()).isEqualTo(Task.TENSORS);
    assertThat(String.join("\n", model.info().warnings())).contains("image-embedding");
  }

  @Test
  void servesAGraphOfHalfFloatsAsTensors() {
    Path files = ImageGraphs.classifier(root, NAME);
    new OnnxGraph("halves")
        .input("pixel_values", Datatype.FP16, "batch", 3, "height", "width")
        .output("logits", Datatype.FP16, "batch", 3, "height", "width")
        .node("Identity", List.of("pixel_values"), List.of("logits"))
        .write(files.resolve("model.onnx"));
    assertThat(load().info().task()).isEqualTo(Task.TENSORS);

    Repositories.write(files.resolve("pilotlight.json"), "{\"task\": \"image-classification\"}");
    assertThatThrownBy(this::load).hasMessageContaining("pixel_values FP16[-1, 3, -1, -1]");
  }

  @Test
  void refusesASizeThatTheGraphDoesNotTake() {
    Path files = ImageGraphs.classifier(root, NAME);
    ImageGraphs.means("logits", 1, 3, 24, 24).write(files.resolve("model.onnx"));

    assertThatThrownBy(this::load)
        .hasMessageContaining("preprocessor_config.json: images become 24 × 20")
        .hasMessageContaining("[1, 3, 24, 24]");
  }

  @Test
  void refusesAModelWhoseProcessorIsNotUnderstood() {
    Path files = ImageGraphs.classifier(root, NAME);
    Repositories.write(
        files.resolve("preprocessor_config.json"),
        "{\"image_processor_type\": \"DetrImageProcessor\", \"do_pad\": true}");

    assertThatThrownBy(this::load)
        .hasMessageContaining("preprocessor_config.json")
        .hasMessageContaining("image_processor_type is DetrImageProcessor");
  }

  @Test
  void anImageModelTakesItsGraphsTensorsButNoTexts() {
    ImageGraphs.classifier(root, NAME);
    Model model = load();
    Tensor grey = Tensor.ofFloats("pixel_values", new long[] {1, 3, 1, 1}, new float[] {1, 2, 3});

    Result result = model.run(new Item.Tensors(List.of(grey), List.of("logits")));

    assertThat(result.output("logits").floats()).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> model.run(new Item.Text("a", false)))
        .hasMessageContaining("takes images, not texts");
  }

  @Test
  void aTextModelRefusesAnImage() throws IOException {
    Item image = image("png/rgb.png");
    try (ModelRepository sample = Repositories.sample()) {
      Model model = sample.get(Repositories.SAMPLE_NAME, null);

      assertThatThrownBy(() -> model.run(image)).hasMessageContaining("takes texts, not images");
    }
  }

  @Test
  void refusesTooManyPixelsBeforeTheyAreDecoded() {
    ImageGraphs.classifier(root, NAME);
    Model model = load();

    assertRefused(model, PngBomb.of(1001, 1000), Refusal.Reason.TOO_LARGE, "1001 × 1000 pixels");
    assertRefused(
        model,
        PngBomb.of(2_000_000_000, 2_000_000_000),
        Refusal.Reason.TOO_LARGE,
        "IMAGE_PIXELS_MAX");
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void refusesAnImageThatBecomesTooLarge(String crops) {
    Path files = ImageGraphs.classifier(root, NAME);
    Repositories.write(files.resolve("preprocessor_config.json"), cropping(crops));

    assertRefused(load(), PngBomb.of(1, 5_000), Refusal.Reason.TOO_LARGE, "resizes to 24 × 120000");
    Repositories.write(
        files.resolve("preprocessor_config.json"), cropping(crops).replace(": 24", ": 8"));
    assertRefused(load(), PngBomb.of(1, 8_192), Refusal.Reason.TOO_LARGE, "a side has up to 65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncated.jpg", "truncated.png"})
  void refusesAFileThatEndsEarly(String file) {
    ImageGraphs.classifier(root, NAME);

    assertThatThrownBy(() -> load().run(image("refused/" + file)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID))
        .hasMessageContaining("is not valid");
  }

  @Test
  @Timeout(60)
  void stopsAtTheDeadline() throws IOException {
    ImageGraphs.slow().write(ImageGraphs.classifier(root, NAME).resolve("model.onnx"));
    Model model = load();
    Prepared image = model.prepare(image("png/rgb.png"));
    Deadline deadline = Deadline.in(Duration.ofMillis(300));

    assertThatThrownBy(() -> model.run(image, deadline))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.DEADLINE));
  }

  private static String cropping(String crops) {
    return """
        {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 24}, "resample": 3,
         "do_center_crop": %s, "crop_size": 20, "do_normalize": false}"""
        .formatted(crops);
  }

  private static void assertRefused(
      Model model, byte[] bytes, Refusal.Reason reason, String message) {
    assertThatThrownBy(() -> model.prepare(new Item.Image(bytes)))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }

  private Path hidden() {
    Path files = Repositories.version(root, NAME, 1);
    ImageGraphs.hidden().write(files.resolve("model.onnx"));
    Repositories.write(files.resolve("preprocessor_config.json"), ImageGraphs.PROCESSOR);
    Repositories.write(files.resolve("config.json"), "{\"architectures\": [\"ViTModel\"]}");
    return files;
  }

  private Model load() {
    ModelRepository repository = Repositories.open(root);
    repositories.add(repository);
    return repository.get(NAME, null);
  }

  private static Item.Image image(String file) throws IOException {
    return new Item.Image(GoldenImages.file(file));
  }

  private static float[] embedding(Model model, String file) throws IOException {
    return model.run(image(file)).output("embedding").floats();
  }

  private static Pixels pixels(String file) throws IOException {
    return Resize.to(GoldenImages.pixels(file), 24, 20, Resampling.BILINEAR);
  }

  private static float[] means(String file) throws IOException {
    byte[] rgb = pixels(file).rgb();
    float[] means = new float[Pixels.BANDS];
    for (int band = 0; band < Pixels.BANDS; band++) {
      double sum = 0;
      for (int at = band; at < rgb.length; at += Pixels.BANDS) {
        sum += level(rgb[at]);
      }
      int pixels = rgb.length / Pixels.BANDS;
      means[band] = (float) (sum / pixels);
    }
    return means;
  }

  private static float level(byte value) {
    return (float) ((value & 0xFF) / 255.0);
  }
}
