package dev.pilotlight.batch.lines;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.protocol.door.MaskSequences;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Estimates the memory of an item's result from earlier results of its model, because a window is
/// bounded by its lines and their results. The size of filled masks follows from the text and what
/// the line asks for. Thread-safe.
public final class ResultSizes {
  /// The estimate for a graph's own outputs until there is a result.
  private static final int TENSORS_BYTES = 256 * 1024;

  /// A label and its score, and the overhead of every result.
  private static final int LEAST_BYTES = 128;

  /// A token, its label, and its place.
  private static final int TOKEN_BYTES = 64;

  /// @param large whether it holds outputs of the graph, or vectors of all tokens
  private record Kind(String model, String version, boolean large) {}

  private final Map<Kind, Long> largest = new ConcurrentHashMap<>();

  long estimate(ModelInfo model, Item item) {
    if (item instanceof Item.InForm(Item text, ResultForm.FillMask form)) {
      return LEAST_BYTES + MaskSequences.bytes(model, text, form);
    }
    Long seen = largest.get(kind(model, item));
    if (seen != null) {
      return seen;
    }
    if (isLarge(item)) {
      return TENSORS_BYTES;
    }
    int floats = model.labels().map(labels -> labels.names().size()).orElse(model.dimensions());
    long bytes = (long) floats * Float.BYTES;
    return model.task() == Task.TOKEN_CLASSIFICATION
        ? LEAST_BYTES + model.maxTokens() * (TOKEN_BYTES + bytes)
        : LEAST_BYTES + bytes;
  }

  /// The estimate decays by half, so that one large result does not keep windows small for ever.
  void record(ModelInfo model, Item item, Result result) {
    long bytes = LEAST_BYTES + result.bytes();
    largest.merge(kind(model, item), bytes, (known, now) -> Math.max(now, (known + now) / 2));
  }

  private static Kind kind(ModelInfo model, Item item) {
    return new Kind(model.name(), model.version(), isLarge(item));
  }

  private static boolean isLarge(Item item) {
    return item instanceof Item.Tensors
        || (item instanceof Item.InForm other && other.form() instanceof ResultForm.TokenVectors);
  }
}
