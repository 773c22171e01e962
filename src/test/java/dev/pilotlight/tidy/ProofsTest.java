package dev.pilotlight.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pages whose rows name the tests that show what they state.
final class ProofsTest {
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");

  @ParameterizedTest
  @ValueSource(strings = {"docs/reliability.md", "docs/security.md"})
  void everyRowNamesATestOrADocumentThatExists(String page) throws IOException {
    Set<String> tests = tests();
    List<String> rows =
        Files.readAllLines(Path.of(page)).stream()
            .filter(line -> line.startsWith("| ") && !line.endsWith("shown by |"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(10);
    for (String row : rows) {
      String proof = row.substring(row.lastIndexOf('|', row.length() - 2));
      List<String> named = new ArrayList<>();
      Matcher matcher = TEST.matcher(proof);
      while (matcher.find()) {
        named.add(matcher.group(1));
      }
      assertThat(!named.isEmpty() || proof.contains("](")).as(row).isTrue();
      assertThat(tests).as(row).containsAll(named);
    }
  }

  private static Set<String> tests() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .collect(Collectors.toSet());
    }
  }
}
