package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The code of the playground runs as it stands, and gets the answer of the API.
@Timeout(300)
class PlaygroundCodePagesIT {
  /// Marks that one language or another would take for its own.
  private static final String TEXT = "It's \"quoted\" \\ $HOME `x` \"\"\" ${y} é 😀";

  private static final Map<String, List<String>> COMMANDS =
      Map.of(
          "curl", List.of("sh"),
          "Python", List.of("python3"),
          "JavaScript", List.of("node"),
          "Java", List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
  private static final Map<String, String> ENDINGS =
      Map.of("curl", ".sh", "Python", ".py", "JavaScript", ".mjs", "Java", ".java");

  @TempDir private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static Playground page;

  @BeforeAll
  static void start() {
    page = Playground.start(directory);
  }

  @AfterAll
  static void stop() {
    page.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "Python", "JavaScript", "Java"})
  void codeRuns(String language) throws Exception {
    Browser browser = page.browser();
    page.reopen().choose(Playground.CLASSES);
    browser.script(
        "const it = document.getElementById('texts'); it.value = arguments[0];"
            + "it.dispatchEvent(new Event('input', {bubbles: true}))",
        TEXT);
    browser.find("#tab-" + language).click();
    String code = String.valueOf(browser.find("#code").getDomProperty("textContent"));
    JsonNode expected =
        page.post(
            "/models/classes",
            Json.object().set("inputs", Json.object().arrayNode().add(TEXT)).toString());
    String label = expected.at("/0/0/label").asText();
    assertThat(label).isNotEmpty();

    Path file = Files.writeString(directory.resolve("Code" + ENDINGS.get(language)), code);
    List<String> command = new ArrayList<>(COMMANDS.get(language));
    command.add(file.toString());
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(run.exitValue()).as(output).isZero();
    // Python and Node.js print their own form of the same list
    assertThat(output).contains(label, "score").doesNotContain("error");
    assertThat(output.replaceAll("[^0-9.]+", " "))
        .contains(expected.at("/0/0/score").asText().substring(0, 8));
  }
}
