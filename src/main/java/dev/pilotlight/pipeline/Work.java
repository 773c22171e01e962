package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ItemOutcome;
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
/// Every item begins under its plain key, whether it may be truncated or not. Only one that proves
/// to be over the model's limit is moved to the key of its truncated form, so that a text within
/// the limit has one result.
///
/// Confined to the request's thread.
final class Work {
  /// An item that no tier knew, at its first place in the request.
  ///
  /// @param item may be truncated if one of the items under the key may
  record Missing(ResultKey key, Item item, int index) {
    private Missing or(Missing other) {
      return other.item.truncate() && !item.truncate() ? new Missing(key, other.item, index) : this;
    }
  }

  private record Found(Result result, Tier tier) {}

  private final boolean each;
  private final List<Item> items;
  private final Function<Item, ResultKey> keyOf;
  private final List<ResultKey> keys;
  private final Map<ResultKey, Missing> missing = new LinkedHashMap<>();
  private final Map<ResultKey, Found> found = new LinkedHashMap<>();
  private final Map<ResultKey, IntFunction<RuntimeException>> faults = new HashMap<>();

  /// @param each whether an item that cannot be answered ends only itself, not the request
  Work(List<Item> items, Function<Item, ResultKey> keyOf, boolean each) {
    this.each = each;
    this.items = items;
    this.keyOf = keyOf;
    keys = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      ResultKey key = keyOf.apply(item.withTruncate(false));
      keys.add(key);
      missing.merge(key, new Missing(key, item, i), Missing::or);
    }
  }

  /// Moves the items under a key that may be truncated to the key of their truncated form.
  ///
  /// @param plain an item over the model's limit that may be truncated
  /// @param tooLong why the items under the key that may not be truncated are refused, by place
  /// @return what is missing under the new key
  /// @throws RuntimeException as of [#fail]
  Missing truncate(Missing plain, IntFunction<RuntimeException> tooLong) {
    ResultKey key = keyOf.apply(plain.item());
    int first = -1;
    boolean all = true;
    for (int i = plain.index(); i < keys.size(); i++) {
      if (!keys.get(i).equals(plain.key())) {
        continue;
      }
      if (items.get(i).truncate()) {
        keys.set(i, key);
        first = first < 0 ? i : first;
      } else {
        all = false;
      }
    }
    Missing moved = new Missing(key, plain.item(), first);
    if (all) {
      missing.remove(plain.key());
    } else {
      fail(plain.key(), tooLong);
    }
    missing.put(key, moved);
    return moved;
  }

  boolean isMissing(ResultKey key) {
    return missing.containsKey(key);
  }

  List<Missing> missing() {
    return List.copyOf(missing.values());
  }

  /// The keys that have no answer yet.
  List<ResultKey> missingKeys() {
    return List.copyOf(missing.keySet());
  }

  /// Those of the keys that have no answer yet.
  List<ResultKey> stillMissing(List<ResultKey> of) {
    return of.stream().filter(missing::containsKey).toList();
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
  List<ItemOutcome> outcomes() {
    List<ItemOutcome> outcomes = new ArrayList<>(keys.size());
    Set<ResultKey> seen = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      ResultKey key = keys.get(i);
      Found it = found.get(key);
      outcomes.add(
          it == null ? unanswered(key, i) : new ItemOutcome.Answered(answer(key, it, seen)));
    }
    return outcomes;
  }

  private static Answer answer(ResultKey key, Found it, Set<ResultKey> seen) {
    Tier tier = seen.add(key) ? it.tier() : Tier.MEMORY;
    return new Answer(key, it.result(), tier);
  }

  private ItemOutcome unanswered(ResultKey key, int index) {
    IntFunction<RuntimeException> fault = faults.get(key);
    if (fault == null) {
      return new ItemOutcome.Unfinished();
    }
    RuntimeException cause = fault.apply(index);
    return cause instanceof Refusal refusal
        ? new ItemOutcome.Refused(refusal)
        : new ItemOutcome.Failed(cause);
  }
}
