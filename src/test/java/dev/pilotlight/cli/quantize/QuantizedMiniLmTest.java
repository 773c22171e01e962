package dev.pilotlight.cli.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.cli.TestRun;
import dev.pilotlight.cli.folder.ModelFolder;
import dev.pilotlight.cli.onnx.HeadedEncoder;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// all-MiniLM-L6-v2 in FP32, quantised by the command, compared with the published int8 export.
@Isolated("measures time")
@Order(1)
@EnabledIfSystemProperty(named = "golden.computed", matches = ".+")
public final class QuantizedMiniLmTest {
  private static final Path PUBLISHED = Path.of("models/all-minilm-l6-v2/1");
  private static final Path FETCHED = Path.of("target/models/all-minilm-l6-v2-fp32/1");

  @TempDir private Path root;

  /// Both exports have the same configuration; the artifacts hold none.
  @BeforeEach
  void copyTheOriginal() throws IOException {
    Path version = Files.createDirectories(root.resolve("minilm/1"));
    try (Stream<Path> files = Files.walk(PUBLISHED)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        Path copy = version.resolve(PUBLISHED.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    Files.copy(FETCHED.resolve("model.onnx"), version.resolve("model.onnx"));
  }

  @Test
  void dynamicInt8IsAQuarterOfTheSizeTwiceAsFastAndAsCloseAsThePublishedExport()
      throws IOException {
    JsonNode report = quantize();

    assertThat(report.get("bytes").asDouble() / report.get("original_bytes").asDouble())
        .isLessThanOrEqualTo(0.26);
    assertThat(report.get("cosine_mean").asDouble())
        .isGreaterThanOrEqualTo(published().cosineMean() - 0.002);
    assertThat(report.get("speed")).hasSizeGreaterThanOrEqualTo(3);
    double sum = 0;
    for (JsonNode speed : report.get("speed")) {
      double factor = speed.get("original_ms").asDouble() / speed.get("ms").asDouble();
      // another process may take the processor's time from one of them
      assertThat(factor).as(speed.toString()).isGreaterThanOrEqualTo(1.5);
      sum += factor;
    }
    assertThat(sum / report.get("speed").size()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void weightsOnlyAreCloserThanDynamicInt8() throws IOException {
    JsonNode report = quantize("--weights-only");

    assertThat(report.get("bytes").asDouble() / report.get("original_bytes").asDouble())
        .isLessThanOrEqualTo(0.28);
    assertThat(report.get("cosine_mean").asDouble()).isGreaterThanOrEqualTo(0.999);
  }

  /// A head of random weights on the first token stands in for a trained one: no artifact holds a
  /// cross-encoder.
  @Test
  void aCrossEncoderKeepsTheOrderOfItsScores() throws IOException {
    Path ranker = root.resolve("ranker/1");
    HeadedEncoder.write(FETCHED.resolve("model.onnx"), ranker.resolve("model.onnx"), 1, 1);
    Files.copy(PUBLISHED.resolve("tokenizer.json"), ranker.resolve("tokenizer.json"));
    Files.writeString(
        ranker.resolve("config.json"),
        """
        {"architectures": ["BertForSequenceClassification"], "max_position_embeddings": 512,
         "id2label": {"0": "relevant"}}
        """);

    assertThat(quantize(ranker).get("rank_correlation").asDouble()).isBetween(0.95, 0.999);
    assertThat(quantize(ranker, "--weights-only").get("rank_correlation").asDouble())
        .isGreaterThan(0.995);
  }

  private JsonNode quantize(String... options) throws IOException {
    return quantize(root.resolve("minilm/1"), options);
  }

  private static JsonNode quantize(Path model, String... options) throws IOException {
    List<String> line =
        Stream.concat(Stream.of("quantize", model.toString(), "--json"), Stream.of(options))
            .toList();
    TestRun run = TestRun.run(line.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    return new ObjectMapper().readTree(run.out());
  }

  private Accuracy.Embeddings published() {
    ModelSettings settings = ModelSettings.from(new Settings(Map.of()));
    try (ModelFolder original = ModelFolder.open(root.resolve("minilm/1"), settings);
        ModelFolder int8 = ModelFolder.open(PUBLISHED, settings)) {
      return (Accuracy.Embeddings)
          Measurement.of(original.model(), 1, int8.model(), 1, SampleTexts.ALL).accuracy();
    }
  }
}
