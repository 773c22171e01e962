package dev.pilotlight.bench.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The packages of the peer are pinned, from any registry.
final class NodePeerTest {
  private static final Path SOURCES = Path.of("src/bench/node");

  private static JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(SOURCES.resolve(file).toFile());
  }

  @Test
  void lockFileHasADigestOfEveryPackageAndNamesNoRegistry() throws IOException {
    JsonNode packages = json("package-lock.json").get("packages");

    assertThat(packages.properties())
        .hasSizeGreaterThan(20)
        .filteredOn(entry -> !entry.getKey().isEmpty())
        .allSatisfy(
            entry ->
                assertThat(entry.getValue().path("integrity").asText())
                    .as(entry.getKey())
                    .startsWith("sha512-"));
    assertThat(packages.findValues("resolved")).isEmpty();
  }

  @Test
  void versionsAreExactAndThoseOfTheLockFile() throws IOException {
    JsonNode locked = json("package-lock.json").get("packages");

    assertThat(json("package.json").get("dependencies").properties())
        .isNotEmpty()
        .allSatisfy(
            entry ->
                assertThat(entry.getValue())
                    .isEqualTo(locked.get("node_modules/" + entry.getKey()).get("version")));
  }

  @Test
  void onnxRuntimeIsOfTheSameVersionAsOurs() throws IOException {
    String version = json("package.json").at("/dependencies/onnxruntime-node").asText();

    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<onnxruntime.version>%s</onnxruntime.version>".formatted(version));
  }
}
