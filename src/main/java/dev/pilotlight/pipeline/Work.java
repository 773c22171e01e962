package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.EachOutcome;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

/// What is known of one request while it goes down the path: which item has which key, which keys
/// are answered, and which never will be. Equal items share a key, so they are looked up and run
/// once.
///
/// Confined to the request's thread.
final class Work {
  /// An item that no tier knew, at its first place in the request.
  record Missing(ResultKey key, Item item, int index) {}

  private record Found(Result result, Tier tier) {}

  private final boolean each;
  private final List<ResultKey> keys;
  private final Map<ResultKey, Missing> missing = new LinkedHashMap<>();
  private final Map<ResultKey, Found> found = new LinkedHashMap<>();
  private final Map<ResultKey, IntFunction<RuntimeException>> faults = new HashMap<>();

  /// @param each whether an item that cannot be answered ends only itself, not the request
  Work(List<Item> items, Function<Item, ResultKey> keyOf, boolean each) {
    this.each = each;
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

  /// Whether an item that cannot be answered ends only itself.
  boolean each() {
    return each;
  }

  void answer(ResultKey key, Result result, Tier tier) {
    missing.remove(key);
    found.put(key, new Found(result, tier));
  }

  /// Notes that an item cannot be answered; one for which there was no time stays missing.
  ///
  /// @param cause by an item's place: items that are equal may be told of their own fields
  /// @throws RuntimeException the cause, where it ends the request
  void fail(ResultKey key, IntFunction<RuntimeException> cause) {
    RuntimeException first = cause.apply(Objects.requireNonNull(missing.get(key)).index());
    if (!each) {
      throw first;
    }
    if (!(first instanceof Refusal refusal && refusal.reason() == Reason.DEADLINE)) {
      missing.remove(key);
      faults.put(key, cause);
    }
  }

  /// How many of the answered items are equal to an earlier one.
  int repeats() {
    return (int) keys.stream().filter(found::containsKey).count() - found.size();
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
      answers.add(answer(key, it, seen));
    }
    return answers;
  }

  /// As [#answers()], where an item may have none.
  List<EachOutcome> outcomes() {
    List<EachOutcome> outcomes = new ArrayList<>(keys.size());
    Set<ResultKey> seen = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      ResultKey key = keys.get(i);
      Found it = found.get(key);
      outcomes.add(
          it == null ? unanswered(key, i) : new EachOutcome.Answered(answer(key, it, seen)));
    }
    return outcomes;
  }

  private static Answer answer(ResultKey key, Found it, Set<ResultKey> seen) {
    Tier tier = seen.add(key) ? it.tier() : Tier.MEMORY;
    return new Answer(key, it.result(), tier);
  }

  private EachOutcome unanswered(ResultKey key, int index) {
    IntFunction<RuntimeException> fault = faults.get(key);
    if (fault == null) {
      return new EachOutcome.Unfinished();
    }
    RuntimeException cause = fault.apply(index);
    return cause instanceof Refusal refusal
        ? new EachOutcome.Refused(refusal)
        : new EachOutcome.Failed(cause);
  }
}
