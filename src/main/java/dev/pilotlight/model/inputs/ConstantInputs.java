package dev.pilotlight.model.inputs;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.onnx.InputRole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The `inputs` of `pilotlight.json`: numbers for inputs that a text does not provide.
///
/// @param byName by the input's name, with or without TensorFlow's prefix and suffix
public record ConstantInputs(Map<String, List<Number>> byName) {
  private static final String KEY = "inputs";

  /// Refuses constant inputs for a model without a tokenizer.
  ///
  /// @throws LoadFailure if there are any, because callers send all tensors of such a model
  public static void requireNone(Map<String, List<Number>> constants) {
    if (!constants.isEmpty()) {
      throw new LoadFailure(
          "%s: %s is for models that take texts; this one takes tensors"
              .formatted(ModelFiles.OVERRIDES, KEY));
    }
  }

  /// @throws LoadFailure if one is not an input of the graph
  void requireKnown(List<TensorSpec> inputs) {
    TreeSet<String> unknown = new TreeSet<>(byName.keySet());
    for (TensorSpec input : inputs) {
      unknown.remove(input.name());
      unknown.remove(InputRole.bareName(input.name()));
    }
    if (!unknown.isEmpty()) {
      throw new LoadFailure(
          "%s: %s has %s, which the graph does not take; it takes %s"
              .formatted(
                  ModelFiles.OVERRIDES,
                  KEY,
                  String.join(", ", unknown),
                  String.join(", ", inputs.stream().map(TensorSpec::name).toList())));
    }
  }

  Optional<List<Number>> find(TensorSpec input) {
    return Optional.ofNullable(byName.get(input.name()))
        .or(() -> Optional.ofNullable(byName.get(InputRole.bareName(input.name()))));
  }

  /// A size that the graph leaves open is the batch's if it is the first one, and the text's if it
  /// is the second; a single number fills the input, several are one row of it.
  ///
  /// @throws LoadFailure if the numbers do not fit the input
  static TextInputs.InputSource source(TensorSpec input, List<Number> numbers, int batch) {
    long[] shape = shape(input, numbers, batch);
    try {
      if (shape.length > 1 && shape[1] < 0) {
        if (shape[0] != batch) {
          throw new IllegalArgumentException(
              "its shape is %s, but the batch is %d".formatted(input.shape(), batch));
        }
        Elements.of(input.datatype(), numbers);
        return new TextInputs.InputSource.PerToken(input, numbers.getFirst());
      }
      int elements = Math.toIntExact(Tensor.elements(shape));
      List<Number> row =
          numbers.size() == 1 ? Collections.nCopies(elements, numbers.getFirst()) : numbers;
      int times = row.size() == elements ? 1 : batch;
      if (row.size() * (long) times != elements || (times > 1 && shape[0] != batch)) {
        throw new IllegalArgumentException(
            "%d numbers are given, but its shape is %s".formatted(numbers.size(), input.shape()));
      }
      byte[] data = Elements.repeated(Elements.of(input.datatype(), row), times);
      return new TextInputs.InputSource.Constant(
          new Tensor(input.name(), input.datatype(), shape, data));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new LoadFailure(
          "%s: %s.%s does not fit the graph: %s"
              .formatted(ModelFiles.OVERRIDES, KEY, input.name(), e.getMessage()),
          e);
    }
  }

  /// With -1 at the second place if it is the text's length.
  private static long[] shape(TensorSpec input, List<Number> numbers, int batch) {
    if (input.anyRank()) {
      return numbers.size() == 1 ? new long[0] : new long[] {numbers.size()};
    }
    long[] shape = input.shape().stream().mapToLong(Long::longValue).toArray();
    boolean fits = true;
    for (int i = 0; i < shape.length; i++) {
      if (i == 0 && shape[0] < 0) {
        shape[0] = batch;
      } else if (shape[i] < 0) {
        fits &= shape.length == 2 && numbers.size() == 1;
      }
    }
    if (!fits) {
      throw new LoadFailure(
          "%s: %s.%s does not fit the graph: its shape %s leaves sizes open that follow from no"
                  .formatted(ModelFiles.OVERRIDES, KEY, input.name(), input.shape())
              + " text; one number for [batch, length] can be given");
    }
    return shape;
  }

  List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    new TreeMap<>(byName)
        .forEach(
            (name, numbers) ->
                facts.add(
                    new Fact(
                        KEY + "." + name,
                        numbers.size() == 1 ? numbers.getFirst().toString() : numbers.toString(),
                        ModelFiles.OVERRIDES)));
    return facts;
  }
}
