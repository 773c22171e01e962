package dev.pilotlight.batch.lines;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.Task;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Guesses how much memory an item's result will take, from what those of its model took before: a
/// window is bounded by what it reads and by what it makes of that. Thread-safe.
public final class ResultSizes {
  /// What a result of a graph's own outputs is taken for, as long as none has been seen.
  private static final int TENSORS_BYTES = 256 * 1024;

  /// Of a label and a score, and of every result beside its data.
  private static final int LEAST_BYTES = 128;

  private record Kind(String model, String version, boolean tensors) {}

  private final Map<Kind, Long> largest = new ConcurrentHashMap<>();

  long guess(ModelInfo model, Item item) {
    Long seen = largest.get(kind(model, item));
    if (seen != null) {
      return seen;
    }
    if (item instanceof Item.Tensors) {
      return TENSORS_BYTES;
    }
    return model.task() == Task.EMBEDDING
        ? LEAST_BYTES + (long) model.dimensions() * Float.BYTES
        : LEAST_BYTES;
  }

  /// Half of what was known fades, so that one large result does not make windows small for ever.
  void saw(ModelInfo model, Item item, Result result) {
    long bytes = LEAST_BYTES + result.bytes();
    largest.merge(kind(model, item), bytes, (known, now) -> Math.max(now, (known + now) / 2));
  }

  private static Kind kind(ModelInfo model, Item item) {
    return new Kind(model.name(), model.version(), item instanceof Item.Tensors);
  }
}
