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
import org.jspecify.annotations.Nullable;

/// The state of one request on its way through the pipeline: the key of each item, the answered
/// keys and the failed ones. Equal items share a key, so they are looked up and run once.
///
/// Every item begins under its plain key, whether it may be truncated or not. Only an item over the
/// model's limit moves to the key of its truncated form, so that a text within the limit has one
/// result.
///
/// Confined to the request's thread.
final class Work {
  /// An item without an answer, at its first place in the request.
  ///
  /// @param item may be truncated if one of the items under the key may
  record Missing(ResultKey key, Item item, int index) {
    private Missing or(Missing other) {
      return other.item.truncate() && !item.truncate() ? new Missing(key, other.item, index) : this;
    }
  }

  private record Found(Result result, Tier tier) {}

  private final List<Item> items;
  private final Function<Item, ResultKey> keyOf;
  private final List<ResultKey> keys;
  private final Map<ResultKey, Missing> missing = new LinkedHashMap<>();
  private final Map<ResultKey, Found> found = new LinkedHashMap<>();
  private final Map<ResultKey, IntFunction<RuntimeException>> faults = new HashMap<>();
  private @Nullable RuntimeException fault;

  Work(List<Item> items, Function<Item, ResultKey> keyOf) {
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

  /// Moves the items of a key that may be truncated to the key of their truncated form.
  ///
  /// @param plain an item over the model's limit that may be truncated
  /// @param tooLong the refusal of an item of the key that may not be truncated, by its place
  /// @return the item under the new key
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

  /// The result of an answered key.
  @Nullable Result result(ResultKey key) {
    Found it = found.get(key);
    return it == null ? null : it.result();
  }

  List<Missing> missing() {
    return List.copyOf(missing.values());
  }

  /// Returns the keys that have no answer yet.
  List<ResultKey> missingKeys() {
    return List.copyOf(missing.keySet());
  }

  /// Returns those of the keys that have no answer yet.
  List<ResultKey> stillMissing(List<ResultKey> asked) {
    List<ResultKey> still = new ArrayList<>(asked.size());
    for (ResultKey key : asked) {
      if (missing.containsKey(key)) {
        still.add(key);
      }
    }
    return still;
  }

  boolean complete() {
    return missing.isEmpty();
  }

  void answer(ResultKey key, Result result, Tier tier) {
    missing.remove(key);
    found.put(key, new Found(result, tier));
  }

  /// Records that an item cannot be answered. An item for which there was no time stays missing.
  ///
  /// @param cause by an item's place: equal items get errors that name their own fields
  void fail(ResultKey key, IntFunction<RuntimeException> cause) {
    RuntimeException first = cause.apply(Objects.requireNonNull(missing.get(key)).index());
    if (fault == null || isDeadline(fault)) {
      fault = first;
    }
    if (!isDeadline(first)) {
      missing.remove(key);
      faults.put(key, cause);
    }
  }

  boolean hasFault() {
    return fault != null;
  }

  /// Throws the first failure, a passed deadline only if there is no other failure.
  void throwFault() {
    if (fault != null) {
      throw fault;
    }
  }

  /// Whether an item failed for another reason than the time.
  boolean hasLastingFault() {
    return fault != null && !isDeadline(fault);
  }

  private static boolean isDeadline(RuntimeException failure) {
    return failure instanceof Refusal refusal && refusal.reason() == Reason.DEADLINE;
  }

  /// The number of answered items that are equal to an earlier item.
  int repeats() {
    int answered = 0;
    for (ResultKey key : keys) {
      answered += found.containsKey(key) ? 1 : 0;
    }
    return answered - found.size();
  }

  /// Returns one answer an item; an item equal to an earlier one counts as answered from memory.
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

  /// As [#answers()], for items that may have no answer.
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
