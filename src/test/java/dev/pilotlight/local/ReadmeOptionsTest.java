package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.support.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The README's table of the local runner's options is what the code has.
class ReadmeOptionsTest {

  @Test
  void tableListsTheOptions() throws IOException {
    assertThat(
            Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| `-D")))
        .containsExactlyElementsOf(
            Arrays.stream(Option.values())
                .map(
                    option ->
                        "| `-D%s` | %s | %s |"
                            .formatted(
                                option.optionName(),
                                option.defaultValue().isEmpty()
                                    ? "–"
                                    : "`" + option.defaultValue() + "`",
                                option.meaning()))
                .toList());
  }
}
