package dev.pilotlight.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.Harness;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Real exports without a tokenizer give through the infer route what `onnxruntime-node` gives; see
/// `src/test/golden/exports.mjs`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = ExportsTest.COMPUTED, matches = ".+")
final class ExportsTest {
  /// The directory that the profile `golden` writes to.
  static final String COMPUTED = "golden.computed";

  private static final Comparison SAME_MACHINE = new Comparison(1e-5, 1e-5);
  private static final int EXPORTS_MIN = 6;

  private final Path directory = Path.of(System.getProperty(COMPUTED, ""));
  private final Harness harness =
      new Harness(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
          Map.of("PILOTLIGHT_MODELS", directory.resolve("models").toString()));

  /// Inputs and outputs of the other implementation.
  record Export(String model, String runtime, List<Tensor> inputs, List<Tensor> outputs) {
    Export {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }

    static Export read(Path file) {
      try {
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        String name = file.getFileName().toString();
        return new Export(
            name.substring(0, name.lastIndexOf('.')),
            json.get("runtime").asText(),
            tensors(json.get("inputs")),
            tensors(json.get("outputs")));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private static List<Tensor> tensors(JsonNode entries) throws IOException {
      List<Tensor> tensors = new ArrayList<>();
      for (JsonNode entry : entries) {
        long[] shape =
            StreamSupport.stream(entry.get("shape").spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
        tensors.add(
            new Tensor(
                entry.get("name").asText(),
                Datatype.valueOf(entry.get("datatype").asText()),
                shape,
                entry.get("data").binaryValue()));
      }
      return tensors;
    }

    /// Names the test.
    @Override
    public String toString() {
      return model;
    }
  }

  static List<Export> exports() throws IOException {
    Path expected = Path.of(System.getProperty(COMPUTED)).resolve("expected");
    try (Stream<Path> files = Files.list(expected)) {
      return files.sorted().map(Export::read).toList();
    }
  }

  @BeforeAll
  void everyExportIsHere() throws IOException {
    assertThat(exports()).hasSizeGreaterThanOrEqualTo(EXPORTS_MIN);
  }

  @AfterAll
  void close() {
    harness.close();
  }

  @ParameterizedTest
  @MethodSource("exports")
  void binaryAnswersEqualThoseOfTheNodeBinding(Export export) throws Exception {
    List<Tensor> outputs = new InferRoute(harness).binary(export.model(), export.inputs());
    assertThat(SAME_MACHINE.difference(outputs, export.outputs())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("exports")
  void jsonAnswersEqualThoseOfTheNodeBinding(Export export) throws Exception {
    List<Tensor> outputs = new InferRoute(harness).json(export.model(), export.inputs());
    assertThat(SAME_MACHINE.difference(outputs, export.outputs())).isEmpty();
  }
}
