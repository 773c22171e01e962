package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Tier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// What is known of one request while it goes down the path: which item has which key, and which
/// keys are answered. Equal items share a key, so they are looked up and run once.
///
/// Confined to the request's thread.
final class Work {
  /// An item that no tier knew, at its first place in the request.
  record Missing(ResultKey key, Item item, int index) {}

  private record Found(Result result, Tier tier) {}

  private final List<ResultKey> keys;
  private final Map<ResultKey, Missing> missing = new LinkedHashMap<>();
  private final Map<ResultKey, Found> found = new LinkedHashMap<>();

  Work(List<Item> items, Function<Item, ResultKey> keyOf) {
    keys = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      ResultKey key = keyOf.apply(item);
      keys.add(key);
      missing.putIfAbsent(key, new Missing(key, item, i));
    }
  }

  List<Missing> missing() {
    return List.copyOf(missing.values());
  }

  /// The keys that have no answer yet.
  List<ResultKey> missingKeys() {
    return List.copyOf(missing.keySet());
  }

  boolean complete() {
    return missing.isEmpty();
  }

  void answer(ResultKey key, Result result, Tier tier) {
    missing.remove(key);
    found.put(key, new Found(result, tier));
  }

  /// One answer an item; an item equal to an earlier one was in memory by then.
  List<Answer> answers() {
    List<Answer> answers = new ArrayList<>(keys.size());
    Set<ResultKey> seen = new HashSet<>();
    for (ResultKey key : keys) {
      Found it = found.get(key);
      if (it == null) {
        throw new IllegalStateException("no answer for " + key);
      }
      Tier tier = seen.add(key) ? it.tier() : Tier.MEMORY;
      answers.add(new Answer(key, it.result(), tier));
    }
    return answers;
  }
}
