package dev.pilotlight.cache;

import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keys for tests.
final class Keys {
  static final ModelInfo MODEL =
      new ModelInfo(
          "m",
          "1",
          Task.EMBEDDING,
          "abc",
          "onnxruntime-1.29.0/extended",
          256,
          384,
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          List.of(),
          List.of(),
          "",
          ModelPolicy.DEFAULT);

  private Keys() {}

  static ResultKey key(String text) {
    return ResultKeys.of("t", MODEL, new Item.Text(text, false));
  }

  static List<ResultKey> keys(String prefix, int count) {
    List<ResultKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(key(prefix + i));
    }
    return keys;
  }

  /// As results that the store keeps for a day.
  static Map<ResultKey, CachedResult> kept(Map<ResultKey, byte[]> values) {
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
    Map<ResultKey, CachedResult> kept = new HashMap<>();
    values.forEach((key, value) -> kept.put(key, new CachedResult(value, tomorrow)));
    return kept;
  }

  static Map<ResultKey, byte[]> values(Map<ResultKey, CachedResult> kept) {
    Map<ResultKey, byte[]> values = new HashMap<>();
    kept.forEach((key, result) -> values.put(key, result.value()));
    return values;
  }
}
