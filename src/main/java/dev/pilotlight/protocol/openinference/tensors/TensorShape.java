package dev.pilotlight.protocol.openinference.tensors;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.Arrays;

/// Reads shapes within limits, so that no later product overflows.
public final class TensorShape {
  static final int RANK_MAX = 8;

  /// More than any body that Lambda accepts can hold, even compressed.
  static final long ELEMENTS_MAX = 1 << 26;

  private TensorShape() {}

  /// Reads the array under the cursor: empty for a scalar; sizes may be 0.
  ///
  /// The product of the sizes other than 0 is limited too: `[0, 5]` is accepted, but a shape that
  /// would overflow is not, even if it has a 0.
  public static long[] read(JsonReader json) throws IOException {
    long[] sizes = new long[RANK_MAX];
    int[] rank = new int[1];
    String path = json.path();
    json.array(
        index -> {
          if (index == RANK_MAX) {
            throw Refusal.invalid(path, "%s has more than %d dimensions".formatted(path, RANK_MAX));
          }
          sizes[index] = json.integer(0, ELEMENTS_MAX);
          rank[0] = index + 1;
        });
    long[] shape = Arrays.copyOf(sizes, rank[0]);
    long product = 1;
    for (long size : shape) {
      product *= Math.max(1, size);
      if (product > ELEMENTS_MAX) {
        throw Refusal.invalid(
            path,
            "%s is %s; up to %d elements are accepted"
                .formatted(path, Arrays.toString(shape), ELEMENTS_MAX));
      }
    }
    return shape;
  }
}
