package dev.pilotlight.model.files;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.FileChunks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The note `packed.json` that the packaging writes next to a model that it made faster to load.
///
/// The digest is that of the original files, because the answers are theirs. A starting environment
/// does not compute it again, which would take longer than opening the graph; for the same reason
/// the note holds the results of the graph's scan. If sizes or checksums show that the files have
/// changed since packing, the note is ignored, and the model is loaded like any other.
///
/// The checksums are compared only where files can be replaced. A starting environment takes 12 ms
/// for those of the default model's 23 MB (measured with one of 2 cores busy), and nobody can write
/// into the function's package.
///
/// @param digest of the original files
/// @param optimised the runtime that optimised the graph and saved it, such as
///   `onnxruntime-1.29.0/extended`; empty if the graph is the original
/// @param graph of the packed files
/// @param external the external data of the packed graph
/// @param operators by graph output, the operator that computes it in the original graph
/// @param int8 whether most of the weights have 8 bits
/// @param sizes bytes of every file that counts, by name
/// @param checksums the CRC-32C of each of them, by name
public record PackedModel(
    String digest,
    String optimised,
    String graph,
    List<String> external,
    Map<String, String> operators,
    boolean int8,
    Map<String, Long> sizes,
    Map<String, Long> checksums) {
  public static final String FILE = "packed.json";

  private static final String NONE = "";

  public PackedModel {
    external = List.copyOf(external);
    operators = Map.copyOf(operators);
    sizes = Map.copyOf(sizes);
    checksums = Map.copyOf(checksums);
  }

  /// The note in a directory, if it matches the files.
  ///
  /// @param present bytes of every file in the directory, by name
  /// @param mayChange whether anybody can have changed the files since they were packed
  /// @throws LoadFailure a passing one, while a packed file is missing
  static Optional<PackedModel> in(Path directory, Map<String, Long> present, boolean mayChange) {
    if (!present.containsKey(FILE)) {
      return Optional.empty();
    }
    JsonFile json = JsonFile.readIn(directory, FILE);
    PackedModel note =
        new PackedModel(
            json.text("digest").orElse(NONE),
            json.text("optimised").orElse(NONE),
            json.text("graph").orElse(NONE),
            json.texts("external"),
            values(json, "operators", String.class),
            json.flag("int8").orElse(false),
            values(json, "sizes", Long.class),
            values(json, "checksums", Long.class));
    note.requireAll(present);
    return note.fits(present) && (!mayChange || note.checksums.equals(note.checksums(directory)))
        ? Optional.of(note)
        : Optional.empty();
  }

  /// While a folder is being copied, the note may arrive before the files.
  private void requireAll(Map<String, Long> present) {
    for (String name : new TreeSet<>(sizes.keySet())) {
      if (!present.containsKey(name)) {
        throw LoadFailure.passing(
            "packed.json names %s, which is missing: copy it, or remove packed.json"
                .formatted(name),
            null);
      }
    }
  }

  private Map<String, Long> checksums(Path directory) {
    return checksums(directory, sizes.keySet());
  }

  private static Map<String, Long> checksums(Path directory, Collection<String> names) {
    Map<String, Long> checksums = new HashMap<>();
    for (String name : names) {
      CRC32C checksum = new CRC32C();
      try {
        var _ = FileChunks.read(directory.resolve(name), checksum::update);
      } catch (IOException e) {
        throw LoadFailure.passing(name + " cannot be read", e);
      }
      checksums.put(name, checksum.getValue());
    }
    return checksums;
  }

  private static <T> Map<String, T> values(JsonFile json, String key, Class<T> type) {
    Map<String, T> values = new HashMap<>();
    for (Map.Entry<String, @Nullable Object> entry : json.map(key).entrySet()) {
      if (type.isInstance(entry.getValue())) {
        values.put(entry.getKey(), type.cast(entry.getValue()));
      }
    }
    return values;
  }

  /// The note for packed files.
  ///
  /// @param original before packing
  /// @param shipped after it
  /// @param isSaved whether the vocabulary was saved ([ModelFiles#VOCABULARY])
  public static PackedModel of(
      ModelFiles original, ModelFiles shipped, String optimised, boolean isSaved) {
    Set<String> names = new TreeSet<>(shipped.names());
    if (isSaved) {
      names.add(ModelFiles.VOCABULARY);
    }
    return new PackedModel(
        ContentDigest.of(original),
        optimised,
        shipped.graph(),
        shipped.external(),
        original.operators(),
        original.int8(),
        names.stream().collect(Collectors.toMap(name -> name, shipped::size)),
        checksums(shipped.directory(), names));
  }

  public void write(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeStringField("digest", digest);
      json.writeStringField("optimised", optimised);
      json.writeStringField("graph", graph);
      json.writeArrayFieldStart("external");
      for (String name : external) {
        json.writeString(name);
      }
      json.writeEndArray();
      json.writeObjectFieldStart("operators");
      for (Map.Entry<String, String> operator : new TreeMap<>(operators).entrySet()) {
        json.writeStringField(operator.getKey(), operator.getValue());
      }
      json.writeEndObject();
      json.writeBooleanField("int8", int8);
      write(json, "sizes", sizes);
      write(json, "checksums", checksums);
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, String key, Map<String, Long> numbers)
      throws IOException {
    json.writeObjectFieldStart(key);
    for (Map.Entry<String, Long> number : new TreeMap<>(numbers).entrySet()) {
      json.writeNumberField(number.getKey(), number.getValue());
    }
    json.writeEndObject();
  }

  /// The files of a directory that match this note.
  ModelFiles files(Path directory, Map<String, Long> present) {
    return new ModelFiles(
        directory,
        graph,
        external,
        List.copyOf(new TreeSet<>(sizes.keySet())),
        present,
        operators,
        int8,
        Optional.of(this));
  }

  private boolean fits(Map<String, Long> present) {
    return !digest.isEmpty()
        && sizes.containsKey(graph)
        && sizes.entrySet().stream().allMatch(e -> e.getValue().equals(present.get(e.getKey())))
        && sizes.keySet().containsAll(ModelFiles.fixedConfigs(present.keySet()));
  }
}
