package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @AfterEach
  void nothingElseWasWrong() {
    browser.assertQuiet("/v2/models/" + Playground.BROKEN);
  }

  @Test
  void aDroppedFileIsAnsweredAndDownloaded() throws Exception {
    Path file = Files.writeString(directory.resolve("my lines.jsonl"), LINES);
    page.reopen().choose(Playground.EMBEDDER);
    drop(file);
    browser.await(
        "the summary", Duration.ofMinutes(2), () -> !browser.all("#batch .links a").isEmpty());
    assertThat(browser.text(".batch-status")).isEqualTo("my lines.jsonl is answered: 2 lines.");
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
  }

  @Test
  void aBatchThatFailsShowsTheReason() throws Exception {
    Path file = Files.writeString(directory.resolve("broken.jsonl.gz"), "not gzip");
    page.reopen().choose(Playground.EMBEDDER);
    browser.find("#file").sendKeys(file.toString());
    browser.await(
        "the reason", Duration.ofMinutes(2), () -> browser.text("#batch").contains("gzip"));
    browser.await("the end", () -> !browser.all("#batch .failed").isEmpty());
  }

  @Test
  void aBatchThatIsGivenUpEnds() throws Exception {
    Path file = Files.writeString(directory.resolve("given up.txt"), "a text\n");
    page.reopen().select(Playground.BROKEN);
    browser.find("#file").sendKeys(file.toString());
    browser.await("the end", () -> !browser.all("#batch .failed").isEmpty());
    assertThat(browser.text("#batch .failed")).contains(Playground.BROKEN);
    assertThat(browser.text(".batch-status")).isEqualTo("given up.txt was not answered.");
  }

  @Test
  void batchesAtATimeHaveAPlaceEach() throws Exception {
    page.reopen().choose(Playground.EMBEDDER);
    Path first = Files.writeString(directory.resolve("first.txt"), "first\n");
    Path second = Files.writeString(directory.resolve("second.txt"), "second\n");
    // a browser refuses to send a file that was written after it was chosen
    for (Path file : List.of(first, second, second)) {
      browser.find("#file").sendKeys(file.toString());
    }
    browser.await("summaries", () -> browser.all("#batch .sum").size() == 3);
    assertThat(browser.all(".batch-status"))
        .extracting(WebElement::getText)
        .containsExactly(
            "second.txt is answered: 1 line.",
            "second.txt is answered: 1 line.",
            "first.txt is answered: 1 line.");
    Axe.assertAccessible(browser);
  }

  @Test
  void aLostAnswerIsAskedForAgain() throws Exception {
    page.reopen().choose(Playground.EMBEDDER);
    browser.script(
        "const fetched = fetch; let lost = 0; window.fetch = (path, options) =>"
            + " options.method || lost++ > 1 ? fetched(path, options)"
            + " : Promise.resolve(new Response('gone', {status: 502}))");
    Path file = Files.writeString(directory.resolve("lost.txt"), "a text\n");
    browser.find("#file").sendKeys(file.toString());
    browser.await("the summary", () -> !browser.all("#batch .sum").isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "my lines.jsonl, my-lines.jsonl",
    "отзывы.jsonl, file.jsonl",
    ".txt, file.txt",
    "отзывы-1.CSV.gz, 1.CSV.gz",
    "picture.png, undefined"
  })
  void aNameKeepsItsSuffix(String name, String object) {
    assertThat(objectName(name)).isEqualTo(object);
  }

  @Test
  void aLongNameIsCutBeforeItsSuffix() {
    assertThat(objectName("a".repeat(300) + ".txt.gz")).isEqualTo("a".repeat(173) + ".txt.gz");
  }

  private static Object objectName(String name) {
    return browser.script(
        "return import('/playground/batch.js').then(it => String(it.objectName(arguments[0])))",
        name);
  }
}
