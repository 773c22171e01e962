package dev.pilotlight.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.StreamSupport;

/// A text and what an independent implementation made of it; see `src/test/golden/golden.mjs`.
///
/// @param over whether the text has more tokens than the model takes
/// @param corrected whether the JavaScript tokenizer gives other ids, which are wrong
/// @param ids special tokens included; cut to the limit if the text is over it
/// @param embedding of those ids, normalised
public record Golden(
    String name,
    String text,
    boolean over,
    boolean corrected,
    List<Integer> ids,
    List<Float> embedding) {
  public static final String INT8 = "all-minilm-l6-v2";
  public static final String FP32 = "all-minilm-l6-v2-fp32";

  /// Without a pooling file: it is pooled by its first token because of its folder's name.
  static final String BGE = "bge-small-en-v1.5";

  /// Without a pooling file: it is pooled by the mean because of its folder's name.
  static final String E5 = "e5-small-v2";

  private static final Path STORED = Path.of("src/test/resources/golden");
  private static final Path TEXTS = Path.of("src/test/golden/texts.json");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public Golden {
    ids = List.copyOf(ids);
    embedding = List.copyOf(embedding);
  }

  /// The answers that are kept with the sources.
  public static List<Golden> stored(String model) throws IOException {
    return read(STORED, model);
  }

  /// Reads `<model>.json`; it must answer every text, in order.
  static List<Golden> read(Path directory, String model) throws IOException {
    Iterator<JsonNode> answers = file(directory, model).get("answers").iterator();
    List<Golden> goldens = new ArrayList<>();
    for (JsonNode text : MAPPER.readTree(TEXTS.toFile())) {
      JsonNode answer = answers.next();
      if (!answer.get("name").equals(text.get("name"))) {
        throw new IOException("not the answers to texts.json, first seen at " + text.get("name"));
      }
      goldens.add(of(text, answer));
    }
    return goldens;
  }

  /// The texts that are not empty and need neither truncation nor corrected ids.
  static List<String> plainTexts() throws IOException {
    return stored(INT8).stream()
        .filter(it -> !it.over() && !it.corrected() && !it.text().isEmpty())
        .map(Golden::text)
        .toList();
  }

  /// The runtime of the stored answers, in the form of `ModelInfo.runtime()`.
  static String storedRuntime(String model) throws IOException {
    return file(STORED, model).get("runtime").asText();
  }

  private static JsonNode file(Path directory, String model) throws IOException {
    return MAPPER.readTree(directory.resolve(model + ".json").toFile());
  }

  private static Golden of(JsonNode text, JsonNode answer) throws IOException {
    return new Golden(
        text.get("name").asText(),
        text.get("text").asText(),
        text.path("over").asBoolean(),
        text.has("ids"),
        StreamSupport.stream(answer.get("ids").spliterator(), false).map(JsonNode::asInt).toList(),
        floats(answer.get("embedding").binaryValue()));
  }

  private static List<Float> floats(byte[] littleEndian) {
    ByteBuffer bytes = ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN);
    List<Float> floats = new ArrayList<>();
    while (bytes.hasRemaining()) {
      floats.add(bytes.getFloat());
    }
    return floats;
  }

  public int[] idArray() {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  /// One less the cosine between the embedding and another of any length but zero.
  double distance(float[] other) {
    if (other.length != embedding.size()) {
      throw new IllegalArgumentException(
          "%d dimensions instead of %d".formatted(other.length, embedding.size()));
    }
    double product = 0;
    double mine = 0;
    double others = 0;
    for (int i = 0; i < other.length; i++) {
      double value = embedding.get(i);
      product += value * other[i];
      mine += value * value;
      others += (double) other[i] * other[i];
    }
    return 1 - product / Math.sqrt(mine * others);
  }

  /// Names the test of this text.
  @Override
  public String toString() {
    return name;
  }
}
