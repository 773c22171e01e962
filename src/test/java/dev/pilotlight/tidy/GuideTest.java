package dev.pilotlight.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The classes and members that CONTRIBUTING.md names for a new task and a new protocol exist.
final class GuideTest {
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");

  @ParameterizedTest
  @ValueSource(strings = {"A new task", "A new protocol"})
  void everyNamedClassAndMemberExists(String section) throws IOException {
    String text = section(section);
    assertThat(NAME.matcher(text).results()).hasSizeGreaterThan(8);
    assertThat(missing(text, sources())).isEmpty();
  }

  @Test
  void aMissingClassOrMemberIsCaught() {
    Map<String, String> sources = Map.of("Task", "enum Task { EMBEDDING }");
    assertThat(missing("`Task` `Task.EMBEDDING` `Task.SPEECH` `Tusk`", sources))
        .containsExactly("`Task.SPEECH`", "`Tusk`");
  }

  private static List<String> missing(String text, Map<String, String> sources) {
    List<String> missing = new ArrayList<>();
    for (MatchResult name : NAME.matcher(text).results().toList()) {
      String source = sources.get(name.group(1));
      String member = name.group(2);
      if (source == null
          || (member != null && !Pattern.compile("\\b" + member + "\\b").matcher(source).find())) {
        missing.add(name.group());
      }
    }
    return missing;
  }

  private static String section(String heading) throws IOException {
    String page = Files.readString(Path.of("CONTRIBUTING.md"));
    int start = page.indexOf("\n## " + heading + "\n");
    assertThat(start).as(heading).isNotNegative();
    return page.substring(start, page.indexOf("\n## ", start + 1));
  }

  /// The text of each Java file by its class.
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (Path file : Format.javaFiles()) {
      String name = file.getFileName().toString().replace(".java", "");
      sources.merge(name, Files.readString(file), String::concat);
    }
    return sources;
  }
}
