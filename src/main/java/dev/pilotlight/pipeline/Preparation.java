package dev.pilotlight.pipeline;

import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.Prepared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Checks and tokenises the missing items of one request. Confined to the request's thread.
final class Preparation {
  private final Model model;
  private final InferenceRequest request;
  private final Work work;
  private final boolean stopAtFailure;
  private Map<ResultKey, Prepared> ahead = Map.of();

  /// @param stopAtFailure whether an item that fails is thrown
  Preparation(Model model, InferenceRequest request, Work work, boolean stopAtFailure) {
    this.model = model;
    this.request = request;
    this.work = work;
    this.stopAtFailure = stopAtFailure;
  }

  /// Prepares missing items before the store is asked. It records no failure: if an item is
  /// invalid, or the time is up, [#items()] reports that after the look-up.
  ///
  /// @param keys the items that may run before the store has answered
  /// @param most how many of them are prepared
  /// @return the items to be run under the keys that are looked up, in the order of their runs:
  ///   none if any of them is invalid, and none that is truncated
  List<PreparedItem> ahead(Set<ResultKey> keys, int most) {
    Map<ResultKey, Prepared> prepared = new HashMap<>();
    List<PreparedItem> items = new ArrayList<>();
    for (Work.Missing missing : work.missing()) {
      if (prepared.size() == most) {
        break;
      }
      if (!keys.contains(missing.key())) {
        continue;
      }
      if (request.deadline().passed()) {
        return List.of();
      }
      try {
        Prepared its = model.prepare(missing.item());
        prepared.put(missing.key(), its);
        if (!its.truncated()) {
          items.add(new PreparedItem(missing.key(), its));
        }
      } catch (OutOfMemoryError e) {
        throw e; // not the item's fault
      } catch (RuntimeException | Error e) {
        // the store may have the result nevertheless
        return List.of();
      }
    }
    ahead = prepared;
    return longestFirst(items);
  }

  /// Checks and tokenises every missing item before the first run.
  ///
  /// @return the items in the order of their runs
  List<PreparedItem> items() {
    List<PreparedItem> items = new ArrayList<>();
    for (Work.Missing missing : work.missing()) {
      if (request.deadline().passed()) {
        work.fail(missing.key(), _ -> noTimeToTokenise());
        items.clear();
        break;
      }
      prepare(missing).ifPresent(items::add);
      if (stopAtFailure) {
        work.throwFault();
      }
    }
    if (stopAtFailure) {
      work.throwFault();
    }
    return longestFirst(items);
  }

  /// The longest come first, so that the lanes finish at about the same time.
  private static List<PreparedItem> longestFirst(List<PreparedItem> items) {
    items.sort((one, other) -> Integer.compare(other.prepared().tokens(), one.prepared().tokens()));
    return items;
  }

  private Optional<PreparedItem> prepare(Work.Missing missing) {
    try {
      Prepared known = ahead.get(missing.key());
      Prepared prepared = known != null ? known : model.prepare(missing.item());
      Work.Missing run =
          prepared.truncated()
              ? work.truncate(missing, index -> tooLong(missing.item(), index))
              : missing;
      return Optional.of(new PreparedItem(run.key(), prepared));
    } catch (RuntimeException e) {
      work.fail(missing.key(), index -> ofItem(e, index));
      return Optional.empty();
    }
  }

  private RuntimeException ofItem(RuntimeException cause, int index) {
    return cause instanceof Refusal refusal && isItems(refusal.reason())
        ? refusal.at(request.fieldOf().apply(index))
        : cause;
  }

  /// Whether the reason is a fault of the item, so that its field is the item's.
  private static boolean isItems(Reason reason) {
    return reason == Reason.INVALID
        || reason == Reason.UNSUPPORTED_MEDIA_TYPE
        || reason == Reason.TOO_LARGE;
  }

  /// The refusal of an item that must not be truncated, while an equal item is truncated.
  private RuntimeException tooLong(Item item, int index) {
    try {
      model.prepare(item.withTruncate(false));
      return new IllegalStateException("a truncated text is within the limit");
    } catch (Refusal refusal) {
      return ofItem(refusal, index);
    }
  }

  private static Refusal noTimeToTokenise() {
    return Refusal.deadline(
        "the time was up before all items were tokenised; send fewer or shorter ones",
        Duration.ofSeconds(1));
  }
}
