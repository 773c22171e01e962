package dev.pilotlight.suite.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Records that hold a caller's text, a key or a password have a `toString` that does not show it:
/// that of Java shows every component.
final class RecordsOfSecretsTest {
  private static final Pattern RECORD = Pattern.compile("\\brecord (\\w+)\\(([^{]*)\\)[^({]*\\{");
  private static final Pattern SECRET =
      Pattern.compile(
          "(?:String|List<String>) "
              + "(text|texts|query|documents|first|second|passwords?|secrets?)\\b");

  /// Texts of a model's configuration, of no caller.
  private static final Set<String> OF_MODELS = Set.of("Prompt", "LineId");

  @Test
  void noneShowsWhatItHolds() throws IOException {
    List<String> showing = new ArrayList<>();
    int found = 0;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file).replaceAll("//[^\n]*", "");
        Matcher records = RECORD.matcher(source);
        while (records.find()) {
          boolean holds = SECRET.matcher(records.group(2)).find();
          found += holds ? 1 : 0;
          String rest = source.substring(records.end(2));
          if (holds
              && !OF_MODELS.contains(records.group(1))
              && !rest.contains("String toString()")) {
            showing.add(file.getFileName() + ": " + records.group(1));
          }
        }
      }
    }
    assertThat(found).as("records that hold a text or a secret").isGreaterThan(10);
    assertThat(showing).isEmpty();
  }
}
