package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;

/// A file that is dropped into the playground passes through S3.
@Timeout(300)
class PlaygroundBatchPagesIT {
  private static final String LINES = "{\"id\":\"a\",\"text\":\"A cat sleeps.\"}\nnot JSON\n";

  @TempDir private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static Playground page;

  @SuppressWarnings("NullAway.Init")
  private static Browser browser;

  @BeforeAll
  static void start() {
    page = Playground.start(directory);
    browser = page.browser();
  }

  @AfterAll
  static void stop() {
    page.close();
  }

  @Test
  void aDroppedFileIsAnsweredAndDownloaded() throws Exception {
    Path file = Files.writeString(directory.resolve("my lines.jsonl"), LINES);
    page.reopen().choose(Playground.EMBEDDER);
    drop(file);
    browser.await("the summary", () -> !browser.all("#batch .links a").isEmpty());
    assertThat(browser.text("#batch-status")).isEqualTo("my lines.jsonl is answered: 2 lines.");
    assertThat(browser.text("#batch .sum")).contains("lines\n2", "errors\n1");
    browser.shoot("playground-batch");
    Axe.assertAccessible(browser);

    List<String> answers = download("Download the answers", "out.jsonl");
    assertThat(answers).hasSize(2);
    JsonNode embedding = Json.read(answers.getFirst()).orElseThrow().get("embedding");
    JsonNode asked =
        page.post(
            "/v1/embeddings", "{\"model\": \"all-minilm-l6-v2\", \"input\": \"A cat sleeps.\"}");
    assertThat(embedding).isEqualTo(asked.at("/data/0/embedding"));
    assertThat(answers.get(1)).contains("\"error\"");
    assertThat(download("Download the errors", "errors.jsonl")).hasSize(1);
    browser.assertQuiet();
  }

  private static void drop(Path file) {
    WebElement place = browser.find("#drop");
    browser.script("arguments[0].scrollIntoView({block: 'center'})", place);
    Map<?, ?> box =
        (Map<?, ?>)
            browser.script(
                "const b = arguments[0].getBoundingClientRect();"
                    + "return {x: Math.round(b.x + 20), y: Math.round(b.y + 20)}",
                place);
    for (String type : List.of("dragEnter", "dragOver", "drop")) {
      var _ =
          browser
              .driver()
              .executeCdpCommand(
                  "Input.dispatchDragEvent",
                  Map.of(
                      "type",
                      type,
                      "x",
                      box.get("x"),
                      "y",
                      box.get("y"),
                      "data",
                      Map.of(
                          "items",
                          List.of(),
                          "files",
                          List.of(file.toString()),
                          "dragOperationsMask",
                          1)));
    }
  }

  private static List<String> download(String link, String kind) throws IOException {
    browser.all("#batch .links a").stream()
        .filter(it -> it.getText().equals(link))
        .findFirst()
        .orElseThrow()
        .click();
    browser.await("the download", () -> downloaded(kind).size() == 1);
    return Files.readAllLines(downloaded(kind).getFirst());
  }

  private static List<Path> downloaded(String kind) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(it -> it.toString().endsWith("my-lines.jsonl." + kind)).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  @Test
  void aChosenFileOfAnotherKindIsRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("picture.png"), "x");
    page.reopen().choose(Playground.EMBEDDER);
    browser.find("#file").sendKeys(file.toString());
    browser.await("a refusal", () -> browser.text("#batch").contains("accepted: .jsonl"));
    browser.assertQuiet();
  }

  @Test
  void aBatchThatFailsShowsTheReason() throws Exception {
    Path file = Files.writeString(directory.resolve("broken.jsonl.gz"), "not gzip");
    page.reopen().choose(Playground.EMBEDDER);
    browser.find("#file").sendKeys(file.toString());
    browser.await(
        "the reason",
        () -> (browser.text("#batch") + browser.text("#batch-status")).contains("gzip"));
    browser.assertQuiet();
  }
}
