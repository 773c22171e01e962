package dev.pilotlight.model.lock;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.pilotlight.model.files.FileState;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.Layout;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.Sha256;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The content of a lock: `{"lockVersion":1,"files":{"m/1/model.onnx":{"bytes":5,"sha256":"…"}}}`.
///
/// @param files by path from the repository's root, with slashes; each state has its digest
public record ModelsLock(NavigableMap<String, FileState> files) {
  /// The name of the lock in the repository's root.
  public static final String FILE = Layout.LOCK;

  /// The folder in the repository's root that holds a copy of each pinned lock, named by its pin.
  public static final String PINNED = FILE + ".d/";

  /// The hex digits of a pin: the first ones of the lock's SHA-256.
  private static final int PIN_DIGITS = 32;

  private static final long VERSION = 1;
  private static final Set<String> KEYS = Set.of("lockVersion", "files");
  private static final Set<String> FILE_KEYS = Set.of("bytes", "sha256");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /// Reads a lock.
  ///
  /// @throws LoadFailure if it is not one that this release understands whole
  public static ModelsLock of(byte[] json) {
    refuseDuplicates(json);
    JsonFile file = JsonFile.of(FILE, json);
    refuseOthers(file, KEYS);
    if (!file.value("lockVersion").filter(version -> version.equals(VERSION)).isPresent()) {
      throw file.wrong("lockVersion", Long.toString(VERSION));
    }
    NavigableMap<String, FileState> files = new TreeMap<>();
    JsonFile listed = file.nested("files");
    for (String path : listed.keys()) {
      refuseControls(path);
      files.put(path, state(listed.nested(path)));
    }
    ModelsLock lock = new ModelsLock(files);
    lock.requireModels();
    return lock;
  }

  private static FileState state(JsonFile file) {
    refuseOthers(file, FILE_KEYS);
    long bytes =
        file.value("bytes")
            .filter(value -> value instanceof Long number && number >= 0)
            .map(Long.class::cast)
            .orElseThrow(() -> file.wrong("bytes", "a whole number from 0"));
    String sha256 =
        file.text("sha256")
            .filter(digest -> DIGEST.matcher(digest).matches())
            .orElseThrow(() -> file.wrong("sha256", "64 hexadecimal digits in lower case"));
    return new FileState(bytes, Instant.EPOCH, "", sha256);
  }

  private static void refuseOthers(JsonFile file, Set<String> keys) {
    for (String key : file.keys()) {
      if (!keys.contains(key)) {
        throw new LoadFailure(
            "%s: %s is not known; accepted: %s"
                .formatted(file.name(), key, String.join(", ", keys.stream().sorted().toList())));
      }
    }
  }

  private static void refuseControls(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (Character.isISOControl(path.charAt(i))) {
        throw new LoadFailure(FILE + ": a path has a control character at " + i);
      }
    }
  }

  private static void refuseDuplicates(byte[] json) {
    try (JsonParser parser = STRICT.createParser(json)) {
      while (parser.nextToken() != null) {
        // only for the failure
      }
    } catch (IOException e) {
      throw new LoadFailure(FILE + " is not valid JSON, or has a key twice", e);
    }
  }

  private void requireModels() {
    List<String> paths = new ArrayList<>(files.keySet());
    // a path that leads elsewhere is not removed here
    versions().forEach(version -> paths.removeIf(path -> isIn(version, path)));
    if (!paths.isEmpty()) {
      throw new LoadFailure(
          "%s: %s is not a file of a model's version; accepted: <name>/<version>/<file>"
              .formatted(FILE, paths.getFirst()));
    }
    if (files.isEmpty()) {
      throw new LoadFailure(FILE + " lists no file");
    }
  }

  private static boolean isIn(ModelVersion version, String path) {
    String folder = version.folder() + "/";
    return path.startsWith(folder)
        && version.has(path.substring(folder.length()))
        && Path.of(path).normalize().toString().equals(path);
  }

  /// The versions of models that it lists, with the files that it lists.
  public List<ModelVersion> versions() {
    Layout layout = new Layout();
    files.forEach(layout::add);
    return layout.found().versions();
  }

  /// The text of the lock, a file a line; equal locks have equal texts.
  public byte[] render() {
    StringJoiner lines =
        new StringJoiner(",\n", "{\n  \"lockVersion\": 1,\n  \"files\": {\n", "\n  }\n}\n");
    files.forEach(
        (path, file) ->
            lines.add(
                "    %s: {\"bytes\": %d, \"sha256\": \"%s\"}"
                    .formatted(new JsonBytes().string(path), file.bytes(), file.sha256())));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// The pin of a lock: the first 32 hex digits of its SHA-256. A whole digest would not fit into
  /// the description of a function's version.
  public static String pin(byte[] lock) {
    return Sha256.hex(lock).substring(0, PIN_DIGITS);
  }
}
