package dev.pilotlight.domain;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A decoded request: items, tenant, deadline.
///
/// @param tenant owns the results; part of every key
/// @param items at least one
/// @param fieldOf the field of an item in the request, such as `input[3]`
/// @param meter counts what the request uses
/// @param afterwards takes the writes of results; null if they come before the answer
public record InferenceRequest(
    String tenant,
    List<Item> items,
    IntFunction<String> fieldOf,
    CacheUse cacheUse,
    Deadline deadline,
    Meter meter,
    @Nullable Afterwards afterwards) {
  public InferenceRequest {
    items = List.copyOf(items);
  }

  /// A request whose results are kept before it is answered.
  public InferenceRequest(
      String tenant,
      List<Item> items,
      IntFunction<String> fieldOf,
      CacheUse cacheUse,
      Deadline deadline,
      Meter meter) {
    this(tenant, items, fieldOf, cacheUse, deadline, meter, null);
  }

  /// Adds the item's field to the cause of a failed run, if the item itself is the cause.
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
