package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One version of a model with its files, as its source listed them.
///
/// @param folder of the version's files, as the source names it
/// @param files by name relative to the folder
/// @param fault why `models.lock` refuses the listed files; null if it does not, or without a lock
public record ModelVersion(
    ModelId id, String folder, NavigableMap<String, FileState> files, @Nullable String fault) {
  /// The presence of this file marks the version as complete.
  public static final String COMPLETE = ".complete";

  public ModelVersion(ModelId id, String folder, NavigableMap<String, FileState> files) {
    this(id, folder, files, null);
  }

  public ModelVersion {
    files = Collections.unmodifiableNavigableMap(new TreeMap<>(files));
  }

  /// Whether `models.lock` lists it: then nothing but the content in the lock is served.
  public boolean isLocked() {
    return !files.isEmpty() && files.firstEntry().getValue().sha256() != null;
  }

  /// This version of a lock with the files that a source has.
  ///
  /// @param found the same version, as the source listed it; null if it has none
  /// @return with the first fault by name, if a file is missing or has another size
  public ModelVersion inLock(@Nullable ModelVersion found) {
    NavigableMap<String, FileState> states = new TreeMap<>(files);
    String first = null;
    for (Map.Entry<String, FileState> file : files.entrySet()) {
      FileState lock = file.getValue();
      FileState has = found == null ? null : found.files.get(file.getKey());
      if (has != null && has.bytes() == lock.bytes()) {
        states.put(file.getKey(), has.locked(lock));
      } else if (first == null) {
        String name = file.getKey();
        first = has == null ? lock.missing(name) : lock.otherSize(name, has.bytes());
      }
    }
    return new ModelVersion(id, folder, states, first);
  }

  /// Equal for two listings if the files that may matter are the same.
  String stamp() {
    MessageDigest digest = Sha256.start();
    files.forEach(
        (name, file) -> {
          if (mayMatter(name)) {
            String lock = file.sha256() == null ? "" : file.sha256() + "\n";
            digest.update(
                "%s\n%s\n%d\n%s"
                    .formatted(name, file.tag(), file.bytes(), lock)
                    .getBytes(StandardCharsets.UTF_8));
          }
        });
    return HexFormat.of().formatHex(digest.digest()).substring(0, LocalCopies.STATE_CHARS);
  }

  /// Whether the files that may matter are the same.
  public boolean isSame(ModelVersion other) {
    return files.equals(other.files) || stamp().equals(other.stamp());
  }

  private static boolean mayMatter(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return !file.equals(COMPLETE)
        && !file.equals(".ds_store")
        && !file.equals(".gitattributes")
        && !file.endsWith(".md");
  }

  /// Whether it has a file that may be a graph.
  public boolean hasGraph() {
    return files.keySet().stream().anyMatch(GraphChoice::isGraph);
  }

  /// The state of a file that the version has.
  public FileState state(String name) {
    FileState state = files.get(name);
    if (state == null) {
      throw new LoadFailure(name + " is missing");
    }
    return state;
  }

  /// Bytes by file name.
  Map<String, Long> sizes() {
    Map<String, Long> sizes = new HashMap<>();
    files.forEach((name, file) -> sizes.put(name, file.bytes()));
    return sizes;
  }

  public boolean has(String name) {
    return files.containsKey(name);
  }

  /// When the newest file that may matter was written.
  public Instant modified() {
    return files.entrySet().stream()
        .filter(file -> mayMatter(file.getKey()))
        .map(file -> file.getValue().modified())
        .max(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }

  /// The time from which the version counts as complete, if no relevant file changes until then: at
  /// once if the settle time is zero or if [#COMPLETE] is its newest file.
  public Instant completeAt(Duration settle) {
    if (settle.isZero()) {
      return Instant.EPOCH;
    }
    Instant newest = modified();
    Optional<FileState> mark = Optional.ofNullable(files.get(COMPLETE));
    boolean marked = mark.isPresent() && !mark.get().modified().isBefore(newest);
    return marked ? Instant.EPOCH : newest.plus(settle);
  }
}
