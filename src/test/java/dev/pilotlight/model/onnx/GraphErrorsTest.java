package dev.pilotlight.model.onnx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each known reason why a graph does not open, with its remedy.
final class GraphErrorsTest {
  private static final Tensor WEIGHTS = Tensor.ofFloats("w", new long[] {64}, new float[64]);

  @TempDir private Path folder;

  @Test
  void opsetThatIsTooNewIsNamedWithTheHighestSupported() throws IOException {
    byte[] graph = replaced(relu(), "\u0010\u0015", "\u0010c");

    assertThat(failure(graph))
        .contains("the graph uses opset 99 of ai.onnx, but ONNX Runtime supports up to opset 2");
  }

  @Test
  void irVersionThatIsTooNewIsNamedWithTheHighestSupported() throws IOException {
    byte[] graph = replaced(relu(), "\b\n\u0012", "\bc\u0012");

    assertThat(failure(graph))
        .contains("the graph has ONNX IR version 99, but ONNX Runtime supports up to version 1");
  }

  @Test
  void customOperatorIsNamedWithItsDomain() throws IOException {
    byte[] graph = floats("n").node("com.acme", "Foo", List.of("x"), List.of("y")).toBytes();

    assertThat(failure(graph))
        .contains("the graph uses the operator Foo of the domain com.acme")
        .contains("custom operators cannot be loaded");
  }

  @Test
  void operatorThatTheOpsetDoesNotHaveIsNamed() throws IOException {
    assertThat(failure(floats("n").node("Foo", List.of("x"), List.of("y")).toBytes()))
        .contains("the graph uses the operator Foo, which its opset 21 does not have");
  }

  @Test
  void missingExternalDataIsNamed() throws IOException {
    assertThat(failure(external("model.onnx_data")))
        .contains("it needs the file model.onnx_data, which is missing");
  }

  @Test
  void externalDataThatIsCutOffIsNamedWithItsSize() throws IOException {
    Files.write(folder.resolve("model.onnx_data"), new byte[7]);

    assertThat(failure(external("model.onnx_data")))
        .contains("initialiser w continues after the end of the file, which has 7 bytes");
  }

  @Test
  void externalDataThatIsALfsPointerIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("weights.bin"), "version https://git-lfs.github.com/spec/v1\noid s\n");

    assertThat(failure(external("weights.bin"))).contains("weights.bin", "Git LFS pointer");
  }

  @Test
  void externalDataOutsideTheFolderIsNotRead() throws IOException {
    assertThat(failure(external("../secret.bin")))
        .contains("its external data ../secret.bin is outside the graph's folder");
  }

  @Test
  void filesThatAreNotGraphsAreNamed() throws IOException {
    assertThat(failure("version https://git-lfs.github.com/spec/v1\n".getBytes(ISO_8859_1)))
        .contains("Git LFS pointer");
    assertThat(failure("<!DOCTYPE html>".getBytes(ISO_8859_1))).contains("HTML");
    assertThat(failure("PK\u0003\u0004 and more".getBytes(ISO_8859_1))).contains("zip");
    assertThat(failure(new byte[0])).contains("empty");
    byte[] relu = relu();
    assertThat(failure(Arrays.copyOf(relu, relu.length - 30)))
        .containsAnyOf("truncated", "not an ONNX graph");
  }

  @Test
  void otherReasonsKeepTheRuntimesWordsWithoutPaths() throws IOException {
    byte[] graph = floats("n").node("Add", List.of("x", "nope"), List.of("y")).toBytes();

    assertThat(failure(graph)).contains("Node input 'nope' is not a graph input");
  }

  private String failure(byte[] graph) throws IOException {
    Path file = Files.write(folder.resolve("model.onnx"), graph);
    LoadFailure failure =
        catchThrowableOfType(LoadFailure.class, () -> Graphs.open(file, 1, Execution.CPU));
    assertThat(failure.reason())
        .startsWith("its graph cannot be opened: ")
        .doesNotContain(folder.toString(), ".cc", "onnxruntime_src", "[ONNXRuntimeError]");
    return failure.reason();
  }

  private static byte[] relu() {
    return floats("n").node("Relu", List.of("x"), List.of("y")).toBytes();
  }

  private static byte[] external(String location) {
    return floats(64)
        .initializerIn(location, WEIGHTS)
        .node("Add", List.of("x", "w"), List.of("y"))
        .toBytes();
  }

  private static OnnxGraph floats(Object size) {
    return new OnnxGraph("floats").input("x", Datatype.FP32, size).output("y", Datatype.FP32, size);
  }

  private static byte[] replaced(byte[] graph, String from, String to) {
    String bytes = new String(graph, ISO_8859_1);
    assertThat(bytes).contains(from);
    return bytes.replace(from, to).getBytes(ISO_8859_1);
  }
}
