package dev.pilotlight.domain;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// A decoded request: what to answer for whom, until when.
///
/// @param tenant whose results these are; part of every key
/// @param items at least one
/// @param fieldOf the name of an item's field in the caller's own words, such as `input[3]`
/// @param meter told what answering takes
public record InferenceRequest(
    String tenant,
    List<Item> items,
    IntFunction<String> fieldOf,
    CacheUse cacheUse,
    Deadline deadline,
    Meter meter) {
  public InferenceRequest {
    items = List.copyOf(items);
  }

  /// The reason why an item's run failed, with the item's field where the reason is about the item.
  ///
  /// @param index of the item
  public RuntimeException ofRun(RuntimeException cause, int index) {
    String field = fieldOf.apply(index);
    return cause instanceof Refusal refusal && isAboutItem(refusal, field)
        ? refusal.at(field)
        : cause;
  }

  private static boolean isAboutItem(Refusal refusal, String field) {
    return switch (refusal.reason()) {
      case MODEL_FAILED -> refusal.field().isEmpty();
      case INVALID -> !field.equals(Item.FIELD) && refusal.field().equals(Optional.of(Item.FIELD));
      default -> false;
    };
  }
}
