package dev.pilotlight.model.repository;

import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.format.LoadFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the repository held at one time.
///
/// @param entries of one name the highest version first
/// @param failure why there are no entries, if there has been no listing at all so far
/// @param at when the entries were listed
/// @param triedAt when that was last tried, with or without success
record Listing(
    NavigableMap<ModelId, Entry> entries,
    @Nullable LoadFailure failure,
    Instant at,
    Instant triedAt) {

  /// One version.
  ///
  /// @param completeAt from when on its files counted as complete when this was listed
  /// @param settledAt the same, counted also from when this process first saw these files: the
  ///   times of objects are those at which their uploads began
  /// @param goneAt since when it is not listed any more
  record Entry(
      ModelVersion version, Instant completeAt, Instant settledAt, @Nullable Instant goneAt) {}

  /// @param found what was listed now
  /// @param before the last listing, absent at the first
  /// @param settle how long the files of a version must have been unchanged
  static Listing of(
      List<ModelVersion> found, @Nullable Listing before, Duration settle, Instant now) {
    NavigableMap<ModelId, Entry> entries = new TreeMap<>();
    for (ModelVersion version : found) {
      Entry last = before == null ? null : before.entries.get(version.id());
      Instant complete = version.completeAt(settle);
      Instant settled = complete;
      if (before != null && !complete.equals(Instant.EPOCH)) {
        Instant seen =
            last != null && last.version.isSame(version) ? last.settledAt : now.plus(settle);
        settled = seen.isAfter(complete) ? seen : complete;
      }
      entries.put(version.id(), new Entry(version, complete, settled, null));
    }
    if (before != null) {
      before.entries.forEach((id, entry) -> keepForAWhile(entries, id, entry, settle, now));
    }
    return new Listing(Collections.unmodifiableNavigableMap(entries), null, now, now);
  }

  /// A version that is being replaced may be gone for a moment.
  private static void keepForAWhile(
      NavigableMap<ModelId, Entry> entries, ModelId id, Entry entry, Duration settle, Instant now) {
    if (!entries.containsKey(id)) {
      Instant since = entry.goneAt == null ? now : entry.goneAt;
      if (now.isBefore(since.plus(settle))) {
        entries.put(id, new Entry(entry.version, entry.completeAt, entry.settledAt, since));
      }
    }
  }

  static Listing failed(LoadFailure failure, Instant now) {
    return new Listing(Collections.emptyNavigableMap(), failure, now, now);
  }

  /// The same after a try that failed: what was listed is still the best that is known.
  Listing triedAgain(Instant now) {
    return new Listing(entries, null, at, now);
  }

  /// By name, when the newest file of any version was written.
  Map<String, Instant> created() {
    Map<String, Instant> created = new HashMap<>();
    for (Entry entry : entries.values()) {
      created.merge(
          entry.version.id().name(),
          entry.version.modified(),
          (one, other) -> one.isAfter(other) ? one : other);
    }
    return created;
  }

  /// The versions of a model, the highest first.
  List<Entry> versions(String name) {
    return new ArrayList<>(
        entries
            .subMap(new ModelId(name, Long.MAX_VALUE), true, new ModelId(name, 0), true)
            .values());
  }

  NavigableSet<String> names() {
    NavigableSet<String> names = new TreeSet<>();
    entries.keySet().forEach(id -> names.add(id.name()));
    return names;
  }

  boolean has(String name) {
    ModelId first = entries.ceilingKey(new ModelId(name, Long.MAX_VALUE));
    return first != null && first.name().equals(name);
  }

  /// Whether the files of a version were complete when they were listed.
  boolean isComplete(Entry entry) {
    return !at.isBefore(entry.completeAt);
  }

  /// The same for a version that nobody waits for.
  boolean isSettled(Entry entry) {
    return entry.goneAt == null && !at.isBefore(entry.settledAt);
  }
}
