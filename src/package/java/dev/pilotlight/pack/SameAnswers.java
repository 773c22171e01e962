package dev.pilotlight.pack;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.ModelLoader;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.onnx.Execution;
import dev.pilotlight.model.onnx.RunTimer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Compares the answers of two models bit for bit.
final class SameAnswers {
  private static final long SEED = 20_261_123;
  private static final List<String> TEXTS =
      List.of(
          "a",
          "hello world",
          "naïve Grüße, 東京 🚀",
          "The quick brown fox jumps over the lazy dog.",
          "one of a longer kind, ".repeat(20),
          "cut at the limit of the model, ".repeat(200));

  /// Room for the images of the training.
  private static final long PIXELS_MAX = 1 << 20;

  private SameAnswers() {}

  /// Runs items of several lengths through both. False if an answer differs, or if the model
  /// refuses every item.
  static boolean proven(ModelId id, Path one, Path other) {
    ModelSettings settings =
        new ModelSettings(
            "",
            Optional.empty(),
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Optional.empty(),
            1,
            Duration.ZERO,
            Path.of(""),
            Duration.ZERO,
            Duration.ZERO,
            Long.MAX_VALUE,
            PIXELS_MAX,
            Execution.CPU);
    try (RunTimer timer = new RunTimer()) {
      ModelLoader loader = new ModelLoader(settings, timer);
      Model first = loader.load(id, one);
      try {
        Model second = loader.load(id, other);
        try {
          return proven(first, second);
        } finally {
          second.close();
        }
      } finally {
        first.close();
      }
    }
  }

  private static boolean proven(Model one, Model other) {
    int compared = 0;
    for (Item item : items(one.info())) {
      byte[] expected;
      try {
        expected = ResultCodec.encode(one.run(item));
      } catch (Refusal e) {
        continue; // not an item for this model
      }
      if (!Arrays.equals(expected, ResultCodec.encode(other.run(item)))) {
        return false;
      }
      compared++;
    }
    return compared > 0;
  }

  private static List<Item> items(ModelInfo info) {
    List<Item> items = new ArrayList<>();
    if (info.takesImages()) {
      for (byte[] image : ImageTraining.images()) {
        items.add(new Item.Image(image));
      }
      return items;
    }
    if (info.takesText()) {
      // a masked language model answers only a text with a mask
      String first = info.fact(ModelInfo.MASK_FACT).map(mask -> mask + " ").orElse("");
      TEXTS.forEach(text -> items.add(new Item.Text(first + text, true)));
      return items;
    }
    Random random = new Random(SEED);
    List<String> outputs = info.graphOutputs().stream().map(TensorSpec::name).toList();
    for (int open = 1; open <= 3; open++) {
      List<Tensor> inputs = new ArrayList<>();
      for (TensorSpec spec : info.graphInputs()) {
        inputs.add(tensor(spec, open, random));
      }
      items.add(new Item.Tensors(inputs, outputs));
    }
    return items;
  }

  /// @param open the size where the graph leaves it open
  private static Tensor tensor(TensorSpec spec, int open, Random random) {
    long[] shape = spec.shape().stream().mapToLong(size -> size < 0 ? open : size).toArray();
    int elements = Math.toIntExact(Tensor.elements(shape));
    if (spec.datatype() == Datatype.FP32) {
      float[] values = new float[elements];
      for (int i = 0; i < elements; i++) {
        values[i] = random.nextFloat(-1, 1);
      }
      return Tensor.ofFloats(spec.name(), shape, values);
    }
    if (spec.datatype() == Datatype.BYTES) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < elements; i++) {
        values.add("text " + i);
      }
      return Tensor.ofStrings(spec.name(), shape, values);
    }
    // bytes 0 and 1: small numbers, and booleans
    int size = spec.datatype().size();
    byte[] data = new byte[elements * size];
    if (spec.datatype() != Datatype.FP16 && spec.datatype() != Datatype.BF16) {
      for (int i = 0; i < elements; i++) {
        data[i * size] = (byte) random.nextInt(2);
      }
    }
    return new Tensor(spec.name(), spec.datatype(), shape, data);
  }
}
