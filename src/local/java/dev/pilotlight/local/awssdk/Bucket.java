package dev.pilotlight.local.awssdk;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// The keys of one bucket with their versions. Not thread-safe: [ObjectStore] locks it.
final class Bucket {
  /// The id of a version that is written while the bucket keeps none. The next such write replaces
  /// it.
  static final String NO_VERSION = "null";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String name;
  private final Instant created;
  private final Changes changes;

  // newest first, never empty
  private final NavigableMap<String, Deque<Version>> keys = new TreeMap<>(Keys.BY_UTF_8);
  private @Nullable BucketVersioningStatus versioning;

  /// @param changes records every change before it is made
  Bucket(String name, Instant created, Changes changes) {
    this.name = name;
    this.created = created;
    this.changes = changes;
  }

  String name() {
    return name;
  }

  Instant created() {
    return created;
  }

  /// Null if the bucket has never kept versions.
  @Nullable BucketVersioningStatus versioning() {
    return versioning;
  }

  void setVersioning(BucketVersioningStatus status) {
    changes.versioningSet(name, status);
    versioning = status;
  }

  void restoreVersioning(BucketVersioningStatus status) {
    versioning = status;
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  NavigableMap<String, Deque<Version>> keys() {
    return keys;
  }

  /// The current object; null if there is none, or a delete marker.
  Version.@Nullable Kept current(String key) {
    Deque<Version> versions = keys.get(key);
    return versions != null && versions.getFirst() instanceof Version.Kept kept ? kept : null;
  }

  /// @param id of the version; null for the current one
  /// @throws software.amazon.awssdk.awscore.exception.AwsServiceException if it cannot be read
  Version.Kept read(String key, @Nullable String id) {
    Version version = find(key, id);
    return switch (version) {
      case Version.Kept kept -> kept;
      case Version.Marker marker when id == null ->
          throw S3Exceptions.noSuchKeyDeleteMarker(name, key, marker.id(), "it was deleted");
      case Version.Marker marker -> throw Refusals.deleteMarker(marker.id());
      case null ->
          throw id == null
              ? S3Exceptions.noSuchKey(name, key, "it is not there")
              : S3Exceptions.noSuchVersion(name, key, id, "it is not there");
    };
  }

  /// Adds a new object.
  Version.Kept put(String key, GetObjectResponse head, Path file) {
    Version.Kept version = new Version.Kept(nextId(), head, file);
    add(key, version);
    return version;
  }

  /// Deletes a key, which leaves a marker if versions are kept.
  Version.@Nullable Marker delete(String key) {
    if (versioning == null) {
      Version _ = remove(key, NO_VERSION);
      return null;
    }
    Version.Marker marker = new Version.Marker(nextId(), Instant.now());
    add(key, marker);
    return marker;
  }

  /// Deletes one version, or marker, for good.
  @Nullable Version remove(String key, String id) {
    if (find(key, id) == null) {
      return null;
    }
    changes.removed(name, key, id);
    return drop(key, id);
  }

  /// Deletes one version without recording it.
  @Nullable Version drop(String key, String id) {
    Version version = find(key, id);
    Deque<Version> versions = keys.get(key);
    if (version != null && versions != null) {
      versions.remove(version);
      if (versions.isEmpty()) {
        keys.remove(key);
      }
      if (version instanceof Version.Kept kept) {
        Disk.delete(kept.file());
      }
    }
    return version;
  }

  /// The id that answers show: null if the bucket has never kept versions.
  @Nullable String shown(Version version) {
    return versioning == null ? null : version.id();
  }

  private void add(String key, Version version) {
    changes.added(name, key, version);
    restore(key, version);
  }

  /// Adds a version without recording it.
  void restore(String key, Version version) {
    if (version.id().equals(NO_VERSION)) {
      Version _ = drop(key, NO_VERSION);
    }
    keys.computeIfAbsent(key, _ -> new ArrayDeque<>()).addFirst(version);
  }

  private @Nullable Version find(String key, @Nullable String id) {
    return keys.getOrDefault(key, new ArrayDeque<>()).stream()
        .filter(version -> id == null || version.id().equals(id))
        .findFirst()
        .orElse(null);
  }

  private String nextId() {
    if (versioning != BucketVersioningStatus.ENABLED) {
      return NO_VERSION;
    }
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }
}
