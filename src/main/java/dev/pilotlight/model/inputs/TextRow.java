package dev.pilotlight.model.inputs;

import dev.pilotlight.model.onnx.InputRole;
import dev.pilotlight.model.text.TokenIds;
import java.util.Arrays;

/// One text's tokens in a row of a certain length, with padding before or after them.
///
/// @param first place of the first token
/// @param length of the row, at least the tokens
/// @param firstPosition the position of the first token
record TextRow(TokenIds tokens, int first, int length, long padId, int firstPosition) {
  TextRow {
    if (first < 0 || first + tokens.count() > length) {
      throw new IllegalArgumentException(
          "%d tokens from %d on in %d places".formatted(tokens.count(), first, length));
    }
  }

  long[] values(InputRole role) {
    return switch (role) {
      case IDS -> row(tokens.ids(), padId);
      case TYPES -> row(tokens.typeIds(), 0);
      case MASK -> {
        long[] mask = new long[length];
        Arrays.fill(mask, first, first + tokens.count(), 1);
        yield mask;
      }
      case POSITIONS -> {
        long[] positions = new long[tokens.count()];
        Arrays.setAll(positions, i -> firstPosition + (long) i);
        // padding has the position before the first one, if there is one; the mask hides it
        yield row(positions, Math.max(firstPosition - 1, 0));
      }
    };
  }

  private long[] row(long[] values, long padding) {
    if (values.length == length) {
      return values;
    }
    long[] row = new long[length];
    Arrays.fill(row, padding);
    System.arraycopy(values, 0, row, first, values.length);
    return row;
  }
}
