package dev.pilotlight.model;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the packaging wrote beside a model that it made quicker to load: `packed.json`.
///
/// The digest is that of the files as they were before, since the answers are theirs; it is not
/// computed again when an environment starts, which would take longer than opening the graph. For
/// the same reason the note holds what a scan of the graph found. The sizes tell whether the files
/// are still those that were packed: if not, the note does not count, and the model is loaded as
/// any other.
///
/// @param digest of the original files
/// @param optimised the runtime that optimised the graph and saved it, such as
///   `onnxruntime-1.29.0/extended`; empty if the graph is the original
/// @param graph of the packed files
/// @param external the external data of the packed graph
/// @param operators by graph output, the operator that computes it in the original graph
/// @param int8 whether most of the weights have 8 bits
/// @param sizes bytes of every file that counts, by name
record PackedModel(
    String digest,
    String optimised,
    String graph,
    List<String> external,
    Map<String, String> operators,
    boolean int8,
    Map<String, Long> sizes) {
  static final String FILE = "packed.json";

  private static final String NONE = "";

  PackedModel {
    external = List.copyOf(external);
    operators = Map.copyOf(operators);
    sizes = Map.copyOf(sizes);
  }

  /// The note in a directory, if there is one that fits its files.
  ///
  /// @param present bytes of every file in the directory, by name
  static Optional<PackedModel> in(Path directory, Map<String, Long> present) {
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
            values(json, "sizes", Long.class));
    return note.fits(present) ? Optional.of(note) : Optional.empty();
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

  /// The note for files that were packed.
  ///
  /// @param original before packing
  /// @param shipped after it
  static PackedModel of(ModelFiles original, ModelFiles shipped, String optimised) {
    return new PackedModel(
        ContentDigest.of(original),
        optimised,
        shipped.graph(),
        shipped.external(),
        original.operators(),
        original.int8(),
        shipped.names().stream().collect(Collectors.toMap(name -> name, shipped::size)));
  }

  void write(Path directory) throws IOException {
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
      json.writeObjectFieldStart("sizes");
      for (Map.Entry<String, Long> size : new TreeMap<>(sizes).entrySet()) {
        json.writeNumberField(size.getKey(), size.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  /// The files of a directory that this note fits.
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

  /// Whether this runtime may open the graph without optimising it again.
  boolean isOptimisedFor(String runtime) {
    return optimised.equals(runtime);
  }

  private boolean fits(Map<String, Long> present) {
    return !digest.isEmpty()
        && sizes.containsKey(graph)
        && sizes.entrySet().stream().allMatch(e -> e.getValue().equals(present.get(e.getKey())))
        && sizes.keySet().containsAll(ModelFiles.fixedConfigs(present.keySet()));
  }
}
