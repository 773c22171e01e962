package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Triton's classification extension: the highest values of an output in place of all, each as the
/// text `value:index` or, where the model has labels, `value:index:label`.
///
/// A value has the form of C's `%f`, which is Triton's: six digits after the point. Equal values
/// keep their order.
///
/// Source: `docs/protocol/extension_classification.md` and `src/classification.cc` of
/// <https://github.com/triton-inference-server/server>
final class Classification {
  private static final int DIGITS = 6;

  private Classification() {}

  /// Whether values of a datatype can be ordered.
  static boolean orders(Datatype datatype) {
    return datatype != Datatype.BYTES && datatype != Datatype.BOOL;
  }

  /// The highest values of each row.
  ///
  /// @param rows of one size, next to each other in the tensor
  /// @param count of values to keep; a row that has fewer keeps all
  /// @param labels by index; empty for none
  /// @throws Refusal INVALID for NaN, which has no place in an order
  static List<String> highest(Tensor tensor, int rows, int count, List<String> labels) {
    int size = rows == 0 ? 0 : Math.toIntExact(tensor.elements() / rows);
    List<String> texts = new ArrayList<>();
    ByteBuffer data = tensor.buffer();
    for (int row = 0; row < rows; row++) {
      if (tensor.datatype().isFloat()) {
        addFloats(texts, floats(tensor, data, size), count, labels);
      } else {
        addWholes(texts, tensor.datatype(), data, size, count, labels);
      }
    }
    return texts;
  }

  private static double[] floats(Tensor tensor, ByteBuffer data, int size) {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = tensor.datatype().getFloat(data);
      if (Double.isNaN(values[i])) {
        throw Refusal.invalid(
            "outputs",
            ("output \"%s\" holds NaN, which has no place in an order; request it without"
                    + " classification")
                .formatted(tensor.name()));
      }
    }
    return values;
  }

  private static void addFloats(
      List<String> texts, double[] values, int count, List<String> labels) {
    int[] order = Labels.order(values);
    for (int place = 0; place < Math.min(count, order.length); place++) {
      texts.add(text(decimal(values[order[place]]), order[place], labels));
    }
  }

  private static void addWholes(
      List<String> texts,
      Datatype type,
      ByteBuffer data,
      int size,
      int count,
      List<String> labels) {
    Long[] values = new Long[size];
    Arrays.setAll(values, i -> type.getWhole(data));
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Comparator<Long> ascending =
        type == Datatype.UINT64 ? Long::compareUnsigned : Comparator.naturalOrder();
    Arrays.sort(order, (a, b) -> ascending.compare(values[b], values[a]));
    for (int place = 0; place < Math.min(count, size); place++) {
      int index = order[place];
      String value =
          type == Datatype.UINT64
              ? Long.toUnsignedString(values[index])
              : Long.toString(values[index]);
      texts.add(text(value, index, labels));
    }
  }

  private static String text(String value, int index, List<String> labels) {
    String text = value + ":" + index;
    return index < labels.size() ? text + ":" + labels.get(index) : text;
  }

  /// A number as C's `%f` writes it, rounded half to even from its exact value.
  static String decimal(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    String digits =
        new BigDecimal(value).abs().setScale(DIGITS, RoundingMode.HALF_EVEN).toPlainString();
    boolean negative = Double.doubleToRawLongBits(value) < 0;
    return negative ? "-" + digits : digits;
  }
}
