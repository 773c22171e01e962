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

/// The content of the repository at one time.
///
/// @param entries for one name the highest version first
/// @param failure why there are no entries, if no listing has succeeded so far
/// @param at when the entries were listed
/// @param triedAt when listing was last tried, with or without success
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
  /// @param goneAt when it was first missing from a listing
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

  /// Keeps a missing version for a while: one that is being replaced may be gone for a moment.
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

  /// The same listing after a failed attempt to renew it.
  Listing triedAgain(Instant now) {
    return new Listing(entries, null, at, now);
  }

  /// When the newest file of any version was written, by name.
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

  /// Whether the files of a version are complete long enough to load it without a waiting caller.
  boolean isSettled(Entry entry) {
    return entry.goneAt == null && !at.isBefore(entry.settledAt);
  }
}
