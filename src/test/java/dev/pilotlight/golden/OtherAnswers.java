package dev.pilotlight.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.support.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The answers of transformers.js: stored ones, or, with [#COMPUTED], those that it computes now by
/// `src/test/golden/tasks.mjs`. Then it writes them to `tasks.json` in that directory, whose copy
/// in `src/test/resources/golden` is the stored file.
///
/// @param computed the directory of the script; null to use stored answers
/// @param models the directory of the models
/// @param answers by the key of a case
record OtherAnswers(@Nullable Path computed, Path models, ObjectNode answers) {
  /// Set by the profile that runs the other implementation, on the same machine.
  private static final String COMPUTED = "golden.computed";

  private static final Path STORED = Path.of("src/test/resources/golden/tasks.json");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DIGEST = 12;

  static OtherAnswers of(Path models) throws IOException {
    String computed = System.getProperty(COMPUTED);
    return computed == null
        ? new OtherAnswers(null, models, (ObjectNode) JSON.readTree(STORED.toFile()))
        : new OtherAnswers(Path.of(computed).toAbsolutePath(), models, JSON.createObjectNode());
  }

  /// Whether the answers are of this machine's CPU.
  static boolean sameMachine() {
    return System.getProperty(COMPUTED) != null;
  }

  /// The answer to a case, as the script describes both; but of `rank` the logits in the order of
  /// the texts.
  JsonNode to(ObjectNode one) throws Exception {
    String digest = Sha256.hex(one.toString().getBytes(StandardCharsets.UTF_8));
    String task = one.get("task").asText();
    String key = "%s %s %s".formatted(one.get("model").asText(), task, digest.substring(0, DIGEST));
    if (computed != null) {
      JsonNode answer = rounded(compute(computed, one));
      answers.set(key, task.equals("rank") ? logits(answer) : answer);
    }
    JsonNode answer = answers.get(key);
    if (answer == null) {
      throw new IllegalStateException(
          "no stored answer to %s: run mvn test -Pgolden -Dtest=TasksTest, and copy".formatted(key)
              + " target/golden/tasks.json");
    }
    return answer;
  }

  private JsonNode compute(Path directory, ObjectNode one) throws Exception {
    Path asked = directory.resolve("task.json");
    Path answered = directory.resolve("task-answer.json");
    JSON.writeValue(asked.toFile(), JSON.createArrayNode().add(one));
    String script = directory.resolve("script/tasks.mjs").toString();
    Process node =
        new ProcessBuilder("node", script, models.toString(), asked.toString(), answered.toString())
            .inheritIO()
            .start();
    if (node.waitFor() != 0) {
      throw new IllegalStateException("node ended with " + node.exitValue());
    }
    return JSON.readTree(answered.toFile()).get(0);
  }

  private static ArrayNode logits(JsonNode ranking) {
    JsonNode[] logits = new JsonNode[ranking.size()];
    ranking.forEach(it -> logits[it.get("index").asInt()] = it.get("logit"));
    return JSON.createArrayNode().addAll(List.of(logits));
  }

  /// The same with numbers as floats, which have half the digits.
  private static JsonNode rounded(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode all = JSON.createObjectNode();
      object.properties().forEach(field -> all.set(field.getKey(), rounded(field.getValue())));
      return all;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode all = JSON.createArrayNode();
      array.forEach(element -> all.add(rounded(element)));
      return all;
    }
    return node.isDouble() ? JSON.getNodeFactory().numberNode(node.floatValue()) : node;
  }

  /// Writes what was computed; a case a line.
  void write() throws IOException {
    if (computed != null) {
      String lines =
          answers.properties().stream()
              .map(answer -> "\"%s\": %s".formatted(answer.getKey(), answer.getValue()))
              .sorted()
              .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
      Files.writeString(computed.resolve("tasks.json"), lines);
    }
  }
}
