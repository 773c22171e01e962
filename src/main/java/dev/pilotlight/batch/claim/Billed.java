package dev.pilotlight.batch.claim;

import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.store.Attributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The part of the tenant's counters that comes from a version of an object. It is written in one
/// transaction with the counters, so that no line counts twice.
///
/// @param rows by their places ([UsageRow#place()])
public record Billed(Map<String, Counts> rows) {
  public static final Billed NONE = new Billed(Map.of());

  public Billed {
    rows = Map.copyOf(rows);
  }

  public boolean isNone() {
    return rows.isEmpty();
  }

  /// With the counts of further rows, which may be negative.
  public Billed plus(List<UsageRow> more) {
    Map<String, Counts> all = new HashMap<>(rows);
    more.forEach(row -> all.merge(row.place(), row.counts(), Counts::plus));
    return new Billed(all);
  }

  /// The estimated cost, in billionths of a USD.
  public long nanoUsd() {
    return rows.values().stream().mapToLong(counts -> counts.get(Counter.USD_NANO)).sum();
  }

  /// As a map of maps of numbers.
  AttributeValue attribute() {
    Map<String, AttributeValue> all = new HashMap<>();
    rows.forEach((place, counts) -> all.put(place, AttributeValue.fromM(numbers(counts))));
    return AttributeValue.fromM(all);
  }

  private static Map<String, AttributeValue> numbers(Counts counts) {
    Map<String, AttributeValue> numbers = new HashMap<>();
    for (Counter counter : Counter.values()) {
      if (counts.get(counter) != 0) {
        numbers.put(counter.wireName(), AttributeValue.fromN(Long.toString(counts.get(counter))));
      }
    }
    return numbers;
  }

  /// Reads [#attribute()]. A counter that is missing is 0.
  ///
  /// @throws IllegalStateException if the attribute is not as written
  static Billed of(Map<String, AttributeValue> item, String name) {
    Map<String, AttributeValue> places = Attributes.map(item, name);
    Map<String, Counts> rows = new HashMap<>();
    for (String place : places.keySet()) {
      try {
        rows.put(place, counts(Attributes.map(places, place)));
      } catch (IllegalStateException e) {
        throw Attributes.damaged(item, name, e);
      }
    }
    return new Billed(rows);
  }

  private static Counts counts(Map<String, AttributeValue> numbers) {
    Counts counts = Counts.NONE;
    for (Counter counter : Counter.values()) {
      counts = counts.with(counter, Attributes.wholeOrZero(numbers, counter.wireName()));
    }
    return counts;
  }
}
