package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.support.Json;
import java.nio.file.Path;
import java.util.Map;
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
    page.reopen().choose(Playground.EMBEDDER);
    // the keyboard of the driver has no emoji
    var _ =
        browser.script(
            "const it = document.getElementById('texts'); it.value = arguments[0];"
                + "it.dispatchEvent(new Event('input', {bubbles: true}))",
            TEXT);
    browser.find("#tab-" + language).click();
    ObjectNode body = Json.object().put("model", Playground.EMBEDDER).put("input", TEXT);
    JsonNode expected = page.post("/v1/embeddings", body.toString()).at("/data/0/embedding");
    assertThat(expected).hasSize(384);

    JsonNode answer = Code.run(language, browser, directory, Map.of());
    assertThat(answer.at("/data/0/embedding")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "Python", "JavaScript", "Java"})
  void aTypedBodyIsSentWithEachDigit(String language) throws Exception {
    Browser browser = page.browser();
    page.reopen().choose(Playground.LONGS);
    var _ =
        browser.script(
            "const it = document.getElementById('texts'); it.value = arguments[0];"
                + "it.dispatchEvent(new Event('input', {bubbles: true}))",
            """
            {"id": "it's `${x}` \\"\\" \\\\ \\/",
              "inputs": [{"name": "x", "datatype": "INT64", "shape": [2],
                "data": [9007199254740993, -9223372036854775808]}]}
            """);
    browser.find("#tab-" + language).click();
    JsonNode answer = Code.run(language, browser, directory, Map.of());
    assertThat(answer.at("/id").asText()).isEqualTo("it's `${x}` \"\" \\ /");
    assertThat(answer.at("/outputs/0/data/0").asText()).isEqualTo("9007199254740993");
    assertThat(answer.at("/outputs/0/data/1").asText()).isEqualTo("-9223372036854775808");
  }
}
