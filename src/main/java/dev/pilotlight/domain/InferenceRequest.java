package dev.pilotlight.domain;

import java.util.List;
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
}
