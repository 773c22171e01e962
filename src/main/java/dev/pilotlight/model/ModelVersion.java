package dev.pilotlight.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// One version of a model as its source listed it: which files it has, and in which state.
///
/// @param folder where the version's files are, as the source names it
/// @param files by name relative to the folder
/// @param stamp equal for two listings if the files that may matter are the same
record ModelVersion(
    ModelId id, String folder, NavigableMap<String, FileState> files, String stamp) {
  /// A file whose presence says that the version is complete.
  static final String COMPLETE = ".complete";

  private static final int STAMP_CHARS = 16;

  static ModelVersion of(ModelId id, String folder, NavigableMap<String, FileState> files) {
    NavigableMap<String, FileState> copy =
        Collections.unmodifiableNavigableMap(new TreeMap<>(files));
    return new ModelVersion(id, folder, copy, stamp(copy));
  }

  private static String stamp(Map<String, FileState> files) {
    MessageDigest digest = ContentDigest.sha256();
    files.forEach(
        (name, file) -> {
          if (mayMatter(name)) {
            digest.update(
                (name + "\n" + file.tag() + "\n" + file.bytes() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
          }
        });
    return HexFormat.of().formatHex(digest.digest()).substring(0, STAMP_CHARS);
  }

  private static boolean mayMatter(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return !file.equals(COMPLETE)
        && !file.equals(".ds_store")
        && !file.equals(".gitattributes")
        && !file.endsWith(".md");
  }

  /// Whether it holds what may be a graph.
  boolean hasGraph() {
    return files.keySet().stream().anyMatch(GraphChoice::isGraph);
  }

  /// The state of a file that the version has.
  FileState state(String name) {
    FileState state = files.get(name);
    if (state == null) {
      throw new LoadFailure(name + " is missing");
    }
    return state;
  }

  boolean has(String name) {
    return files.containsKey(name);
  }

  /// From when on the version counts as complete, if no file changes until then: at once if the
  /// packaging wrote it or if [#COMPLETE] is its newest file.
  Instant completeAt(Duration settle) {
    Instant newest =
        files.entrySet().stream()
            .filter(file -> !file.getKey().equals(COMPLETE))
            .map(file -> file.getValue().modified())
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    Optional<FileState> mark = Optional.ofNullable(files.get(COMPLETE));
    boolean marked = mark.isPresent() && !mark.get().modified().isBefore(newest);
    return marked || has(PackedModel.FILE) ? Instant.EPOCH : newest.plus(settle);
  }
}
