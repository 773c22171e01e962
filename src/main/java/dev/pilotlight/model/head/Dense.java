package dev.pilotlight.model.head;

import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.head.SafeTensors.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A Dense module of sentence-transformers: `activation(weight · x + bias)`, plus the input where
/// `use_residual` is set. Sums are in double.
///
/// @param folder of the module, for messages
/// @param weight `[out, in]`, row-major
/// @param residual `[out, in]`; null if the input itself is added
/// @param digest of the file with the weights
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Dense(
    String folder,
    int in,
    int out,
    float[] weight,
    float @Nullable [] bias,
    Activation activation,
    boolean addsResidual,
    float @Nullable [] residual,
    String digest)
    implements Step {
  private static final String PICKLE = "pytorch_model.bin";
  private static final String VECTOR = "sentence_embedding";

  /// The functions of `torch.nn` that are applied here.
  enum Activation {
    TANH,
    IDENTITY,
    RELU,
    SIGMOID,
    SILU;

    double of(double x) {
      return switch (this) {
        case TANH -> Math.tanh(x);
        case IDENTITY -> x;
        case RELU -> Math.max(x, 0);
        case SIGMOID -> 1 / (1 + Math.exp(-x));
        case SILU -> x / (1 + Math.exp(-x));
      };
    }
  }

  /// Reads a dense layer's weights.
  ///
  /// @param folder in `modules.json`
  /// @throws LoadFailure naming what is missing or not supported
  public static Dense read(ModelFiles files, String folder) {
    JsonFile config = JsonFile.readIfPresent(files, folder + "/config.json");
    requireVector(config);
    String weights = folder + "/" + ModelFiles.MODULE_WEIGHTS;
    if (!files.exists(weights)) {
      throw new LoadFailure(
          files.exists(folder + "/" + PICKLE)
              ? "%s/%s is a pickle, which is never loaded; save the model as safetensors"
                  .formatted(folder, PICKLE)
              : weights + " is missing; a Dense layer needs it");
    }
    SafeTensors tensors = SafeTensors.read(files, weights);
    Values weight = tensor(tensors, "linear.weight", 2);
    int out = Math.toIntExact(weight.shape().getFirst());
    int in = Math.toIntExact(weight.shape().getLast());
    requireSize(config, "out_features", out);
    requireSize(config, "in_features", in);
    boolean hasBias = config.flag("bias").orElse(true);
    boolean addsResidual = config.flag("use_residual").orElse(false);
    boolean projects = addsResidual && in != out;
    return new Dense(
        folder,
        in,
        out,
        weight.floats(),
        hasBias ? sized(tensor(tensors, "linear.bias", 1), List.of((long) out), weights) : null,
        activation(config),
        addsResidual,
        projects ? residual(tensors, weight.shape()) : null,
        tensors.digest());
  }

  /// The lengths of a vector before and after.
  public record Size(int in, int out) {}

  /// The lengths that the files of a module declare; reads its weights only if necessary.
  ///
  /// @return empty if the module has no files
  public static Optional<Size> size(ModelFiles files, String folder) {
    JsonFile config = JsonFile.readIfPresent(files, folder + "/config.json");
    Optional<Integer> in = config.integer("in_features", 1, JsonFile.SIZE_MAX);
    Optional<Integer> out = config.integer("out_features", 1, JsonFile.SIZE_MAX);
    if (in.isPresent() && out.isPresent()) {
      return Optional.of(new Size(in.get(), out.get()));
    }
    if (!files.exists(folder + "/" + ModelFiles.MODULE_WEIGHTS)) {
      return Optional.empty();
    }
    Dense dense = read(files, folder);
    return Optional.of(new Size(dense.in, dense.out));
  }

  /// Refuses a module of any kind that works on anything but the pooled vector.
  public static void requireVector(JsonFile config) {
    for (String key : List.of("module_input_name", "module_output_name")) {
      Optional<String> name = config.text(key);
      if (name.isPresent() && !name.get().equals(VECTOR)) {
        throw new LoadFailure(
            "%s: %s is %s; only %s is supported".formatted(config.name(), key, name.get(), VECTOR));
      }
    }
  }

  /// The form in metadata: `768 to 512, tanh`.
  public String label() {
    return "%d to %d, %s".formatted(in, out, activation.name().toLowerCase(Locale.ROOT));
  }

  private static Activation activation(JsonFile config) {
    Optional<String> path = config.text("activation_function");
    if (path.isEmpty()) {
      return Activation.TANH;
    }
    String name = path.get().substring(path.get().lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
    return Arrays.stream(Activation.values())
        .filter(activation -> path.get().startsWith("torch.nn.") && activation.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LoadFailure(
                    "%s: activation_function is %s; Tanh, Identity, ReLU, Sigmoid and SiLU of"
                            .formatted(config.name(), path.get())
                        + " torch.nn are supported"));
  }

  private static void requireSize(JsonFile config, String key, int size) {
    Optional<Integer> declared = config.integer(key, 1, Integer.MAX_VALUE);
    if (declared.isPresent() && declared.get() != size) {
      throw new LoadFailure(
          "%s: %s is %d; the weights have %d".formatted(config.name(), key, declared.get(), size));
    }
  }

  private static float[] residual(SafeTensors tensors, List<Long> shape) {
    return tensors
        .tensor("residual.weight")
        .filter(values -> values.shape().equals(shape))
        .orElseThrow(
            () ->
                new LoadFailure(
                    "%s has no residual.weight of shape %s, which use_residual needs"
                        .formatted(tensors.name(), shape)))
        .floats();
  }

  private static Values tensor(SafeTensors tensors, String name, int rank) {
    return tensors
        .tensor(name)
        .filter(values -> values.shape().size() == rank)
        .orElseThrow(
            () -> new LoadFailure("%s has no %s of rank %d".formatted(tensors.name(), name, rank)));
  }

  private static float[] sized(Values values, List<Long> shape, String file) {
    if (!values.shape().equals(shape)) {
      throw new LoadFailure(
          "%s: a tensor has shape %s; %s is needed".formatted(file, values.shape(), shape));
    }
    return values.floats();
  }

  @Override
  public float[] apply(float[] vector) {
    float[] result = new float[out];
    for (int row = 0; row < out; row++) {
      double sum = bias == null ? 0 : bias[row];
      double value = activation.of(sum + dot(weight, row, vector));
      result[row] = (float) (value + residual(row, vector));
    }
    return result;
  }

  private double residual(int row, float[] vector) {
    if (!addsResidual) {
      return 0;
    }
    return residual == null ? vector[row] : dot(residual, row, vector);
  }

  private double dot(float[] matrix, int row, float[] vector) {
    double sum = 0;
    for (int place = 0; place < in; place++) {
      sum += (double) matrix[row * in + place] * vector[place];
    }
    return sum;
  }

  @Override
  public int size(int given) {
    if (given != in) {
      throw new LoadFailure(
          "%s takes vectors of %d dimensions; the model's have %d".formatted(folder, in, given));
    }
    return out;
  }

  @Override
  public String plan() {
    return "dense %s %s %s %s".formatted(digest, activation, bias != null, addsResidual);
  }
}
