package dev.pilotlight.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.Expected;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.SafeTensorsFile;
import dev.pilotlight.model.TextModels;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Dense layers after pooling; the graph's vectors have four dimensions.
final class DenseTest {
  private static final String FOLDER = "2_Dense";
  private static final String IDENTITY = "torch.nn.modules.linear.Identity";

  // exact in every type
  private static final float[] WEIGHT = {1, 0.5f, -2, 0.25f, 0, 4, 1, -1};
  private static final float[] BIAS = {0.5f, -1};
  private static final float[] RESIDUAL = {0, 1, 0, 0, 2, 0, 0, 0};

  @TempDir private Path root;
  private TextModels models;
  private Path folder;

  @BeforeEach
  void open() {
    models = new TextModels(root);
    folder = models.hidden();
    modules("Transformer", "Pooling", "Dense");
    Repositories.write(folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": \"cls\"}");
  }

  @AfterEach
  void close() {
    models.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "F16", "BF16", "F64"})
  void weightsOfEveryFloatTypeAreRead(String type) {
    config(IDENTITY, "");
    weights(type).write(folder.resolve(FOLDER + "/model.safetensors"));

    Model model = models.load();

    assertThat(embedding(model)).containsExactly(expected(x -> x), within(1e-6f));
    assertThat(model.info().dimensions()).isEqualTo(2);
    assertThat(TextModels.fact(model, "dense").source()).isEqualTo(FOLDER);
  }

  @ParameterizedTest
  @CsvSource({
    "torch.nn.modules.activation.Tanh",
    "torch.nn.modules.linear.Identity",
    "torch.nn.modules.activation.ReLU",
    "torch.nn.modules.activation.Sigmoid",
    "torch.nn.modules.activation.SiLU"
  })
  void activationIsApplied(String name) {
    config(name, "");
    weights("F32").write(folder.resolve(FOLDER + "/model.safetensors"));
    DoubleUnaryOperator function =
        switch (name.substring(name.lastIndexOf('.') + 1)) {
          case "Tanh" -> Math::tanh;
          case "ReLU" -> x -> Math.max(0, x);
          case "Sigmoid" -> x -> 1 / (1 + Math.exp(-x));
          case "SiLU" -> x -> x / (1 + Math.exp(-x));
          default -> x -> x;
        };

    assertThat(embedding(models.load())).containsExactly(expected(function), within(1e-6f));
  }

  @Test
  void withoutANamedActivationItIsTanh() {
    Repositories.write(folder.resolve(FOLDER + "/config.json"), "{\"in_features\": 4}");
    weights("F32").write(folder.resolve(FOLDER + "/model.safetensors"));

    assertThat(embedding(models.load())).containsExactly(expected(Math::tanh), within(1e-6f));
  }

  @Test
  void residualIsProjectedAndAdded() {
    config(IDENTITY, ", \"use_residual\": true");
    weights("F32")
        .with("residual.weight", "F32", new int[] {2, 4}, RESIDUAL)
        .write(folder.resolve(FOLDER + "/model.safetensors"));
    double[] x = TextModels.vector(101);
    float[] plain = expected(value -> value);

    assertThat(embedding(models.load()))
        .containsExactly(TextModels.floats(plain[0] + x[1], plain[1] + 2 * x[0]), within(1e-6f));
  }

  @Test
  void layerWithoutBiasAddsNone() {
    config(IDENTITY, ", \"bias\": false");
    new SafeTensorsFile()
        .with("linear.weight", "F32", new int[] {2, 4}, WEIGHT)
        .write(folder.resolve(FOLDER + "/model.safetensors"));
    float[] biased = expected(x -> x);

    assertThat(embedding(models.load()))
        .containsExactly(
            TextModels.floats(biased[0] - BIAS[0], biased[1] - BIAS[1]), within(1e-6f));
  }

  @Test
  void modulesAreAppliedInTheirOrder() {
    modules("Transformer", "Pooling", "Normalize", "Dense", "Normalize");
    Repositories.write(
        folder.resolve("3_Dense/config.json"),
        "{\"activation_function\": \"%s\"}".formatted(IDENTITY));
    weights("F32").write(folder.resolve("3_Dense/model.safetensors"));
    float[] unit = Expected.unit(Expected.vector(101));
    double[] x = {unit[0], unit[1], unit[2], unit[3]};

    assertThat(embedding(models.load()))
        .containsExactly(Expected.unit(dense(x, value -> value)), within(1e-6f));
  }

  @Test
  void sizesThatDoNotFitTheModelAreRefused() {
    Repositories.write(
        folder.resolve("1_Pooling/config.json"), "{\"pooling_mode\": [\"cls\", \"max\"]}");
    config(IDENTITY, "");
    weights("F32").write(folder.resolve(FOLDER + "/model.safetensors"));

    assertThatThrownBy(models::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("2_Dense takes vectors of 4 dimensions; the model's have 8");
  }

  @Test
  void pickleIsNeverRead() {
    config(IDENTITY, "");
    Repositories.write(folder.resolve(FOLDER + "/pytorch_model.bin"), "pickle");

    assertThatThrownBy(models::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("2_Dense/pytorch_model.bin is a pickle, which is never loaded");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "torch.nn.modules.activation.GELU | activation_function is torch.nn.modules.activation",
        "my_code.Tanh | activation_function is my_code.Tanh",
      })
  void unknownActivationIsNamed(String name, String message) {
    config(name, "");
    weights("F32").write(folder.resolve(FOLDER + "/model.safetensors"));

    assertThatThrownBy(models::load)
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll("2_Dense/config.json", message);
  }

  @Test
  void malformedFileIsRefused() {
    config(IDENTITY, "");
    Path weights = folder.resolve(FOLDER + "/model.safetensors");

    Repositories.write(weights, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    assertThatThrownBy(models::load).hasMessageContaining("is not a safetensors file");

    new SafeTensorsFile()
        .with("linear.weight", "I8", new int[] {2, 4}, WEIGHT)
        .with("linear.bias", "F32", new int[] {2}, BIAS)
        .write(weights);
    assertThatThrownBy(models::load).hasMessageContaining("linear.weight is I8");

    new SafeTensorsFile().with("linear.weight", "F32", new int[] {2, 5}, WEIGHT).write(weights);
    assertThatThrownBy(models::load).hasMessageContaining("the data of linear.weight");
  }

  private void modules(String... names) {
    Repositories.write(folder.resolve("modules.json"), TextModels.modules(names));
  }

  private void config(String activation, String more) {
    Repositories.write(
        folder.resolve(FOLDER + "/config.json"),
        "{\"in_features\": 4, \"out_features\": 2, \"activation_function\": \"%s\"%s}"
            .formatted(activation, more));
  }

  private static SafeTensorsFile weights(String type) {
    return new SafeTensorsFile()
        .with("linear.bias", type, new int[] {2}, BIAS)
        .with("linear.weight", type, new int[] {2, 4}, WEIGHT);
  }

  private static float[] expected(DoubleUnaryOperator activation) {
    return dense(TextModels.vector(101), activation);
  }

  private static float[] dense(double[] x, DoubleUnaryOperator activation) {
    double[] y = new double[2];
    for (int row = 0; row < 2; row++) {
      y[row] = BIAS[row];
      for (int place = 0; place < 4; place++) {
        y[row] += WEIGHT[row * 4 + place] * x[place];
      }
      y[row] = activation.applyAsDouble(y[row]);
    }
    return TextModels.floats(y);
  }

  private static float[] embedding(Model model) {
    return TextModels.embedding(model, "hello world");
  }
}
