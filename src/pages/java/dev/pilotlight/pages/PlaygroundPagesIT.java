package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// The playground shows the answers of the API.
@Timeout(300)
class PlaygroundPagesIT {
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
  void nothingWasWrong() {
    browser.assertQuiet("the server responded with a status of 400");
  }

  @Test
  void theSameTextsTurnIntoAHit() {
    page.reopen().choose(Playground.EMBEDDER).type("never seen " + System.nanoTime()).run();
    assertThat(browser.text("#status")).contains("the model ran").contains("tokens", "USD");
    assertThat(browser.text("#stages")).contains("decode", "lookup", "run");

    page.run();
    assertThat(browser.text("#status")).contains("hit: memory");
    assertThat(browser.text("#stages")).doesNotContain("run\n");
    assertThat(browser.all("#runs tbody tr")).hasSize(2);

    browser.find("#fresh").click();
    page.run();
    assertThat(browser.text("#status")).contains("the model ran");
  }

  @Test
  void theHeatMapHasTheCosinesOfTheApisEmbeddings() {
    page.reopen()
        .choose(Playground.EMBEDDER)
        .type("A cat sleeps.\nA kitten naps.\nIt rains.")
        .run();
    JsonNode data =
        page.post(
                "/v1/embeddings",
                "{\"model\": \"all-minilm-l6-v2\","
                    + " \"input\": [\"A cat sleeps.\", \"A kitten naps.\", \"It rains.\"]}")
            .get("data");
    List<Double> cosines = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        cosines.add(cosine(data.get(i).get("embedding"), data.get(j).get("embedding")));
      }
    }
    List<WebElement> cells = browser.all(".heat td[data-value]");
    assertThat(cells).hasSize(9);
    for (int i = 0; i < 9; i++) {
      String value = Objects.requireNonNull(cells.get(i).getDomAttribute("data-value"));
      assertThat(Double.parseDouble(value)).isCloseTo(cosines.get(i), within(1e-12));
      assertThat(cells.get(i).getText()).isEqualTo(String.format("%.2f", cosines.get(i)));
    }
    assertThat(cosines.get(1)).isGreaterThan(cosines.get(2));
  }

  private static double cosine(JsonNode a, JsonNode b) {
    double dot = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.size(); i++) {
      dot += a.get(i).asDouble() * b.get(i).asDouble();
      squaresOfA += a.get(i).asDouble() * a.get(i).asDouble();
      squaresOfB += b.get(i).asDouble() * b.get(i).asDouble();
    }
    return dot / Math.sqrt(squaresOfA * squaresOfB);
  }

  @Test
  void barsAreTheScoresOfALabel() {
    page.reopen().choose(Playground.CLASSES).type("I like it.").run();
    JsonNode scores = page.post("/models/classes", "{\"inputs\": [\"I like it.\"]}").get(0);
    List<WebElement> rows = browser.all("#result .bars tbody tr");
    assertThat(rows).hasSize(3);
    for (int i = 0; i < 3; i++) {
      double score = scores.get(i).get("score").asDouble();
      assertThat(cells(rows.get(i)))
          .isEqualTo("%s %.4f".formatted(scores.get(i).get("label").asText(), score));
      String part =
          String.valueOf(
              browser.script(
                  "return document.querySelectorAll('#result .bar span')[arguments[0]]"
                      + ".style.getPropertyValue('--part')",
                  i));
      assertThat(Double.parseDouble(part.replace("%", ""))).isCloseTo(100 * score, within(1e-9));
    }
  }

  @Test
  void aRankingIsTheApis() {
    page.reopen().choose(Playground.RANKER).type("a\nb\nc").run();
    JsonNode results =
        page.post(
                "/v2/rerank",
                "{\"model\": \"ranker\", \"query\": \"Who wrote Emma?\","
                    + " \"documents\": [\"a\", \"b\", \"c\"]}")
            .get("results");
    List<WebElement> rows = browser.all("#result .list tbody tr");
    assertThat(rows).hasSize(3);
    for (int i = 0; i < 3; i++) {
      int line = results.get(i).get("index").asInt();
      assertThat(cells(rows.get(i)))
          .isEqualTo(
              "%d %s %.4f %d"
                  .formatted(
                      i + 1,
                      List.of("a", "b", "c").get(line),
                      results.get(i).get("relevance_score").asDouble(),
                      line + 1));
    }
  }

  @Test
  void entitiesAreMarkedWhereTheApiHasThem() {
    String text = "Zoë 𝄞 met Sarah in New York.";
    page.reopen().choose(Playground.ENTITIES).type(text).run();
    JsonNode found = page.post("/models/entities", "{\"inputs\": [\"" + text + "\"]}").get(0);
    assertThat(found).isNotEmpty();
    int[] points = text.codePoints().toArray();
    List<String> expected = new ArrayList<>();
    for (JsonNode entity : found) {
      int start = entity.get("start").asInt();
      String part = new String(points, start, entity.get("end").asInt() - start);
      expected.add(part + entity.get("entity_group").asText());
    }
    assertThat(browser.all("#result mark")).extracting(PlaygroundPagesIT::text).isEqualTo(expected);
    assertThat(text(browser.find("#result .marked")).replaceAll("(PER|LOC)", "")).isEqualTo(text);
  }

  /// The texts of a row's cells.
  private static String cells(WebElement row) {
    return String.join(
        " ",
        row.findElements(By.cssSelector("th, td:not(.bar)")).stream()
            .map(PlaygroundPagesIT::text)
            .toList());
  }

  private static String text(WebElement element) {
    return String.valueOf(element.getDomProperty("textContent"));
  }

  @Test
  void tensorsAreAskedAndAnsweredAsJson() {
    page.reopen().choose(Playground.TENSORS).run();
    assertThat(browser.all("#result .list tbody tr")).isNotEmpty();
    page.type("{\"inputs\": [").run();
    assertThat(browser.text("#error")).contains("is not JSON");
  }

  @Test
  void anErrorIsShownInTheApisWords() {
    page.reopen().choose(Playground.EMBEDDER).type("word ".repeat(600)).run();
    JsonNode refused =
        page.post(
            "/v1/embeddings",
            "{\"model\": \"all-minilm-l6-v2\", \"input\": [\""
                + "word ".repeat(600).strip()
                + "\"]}");
    assertThat(browser.text("#error"))
        .startsWith("400: " + refused.at("/error/message").asText())
        .contains("(request ");
    assertThat(browser.all("#result *")).isEmpty();
  }

  @Test
  void aTextIsNeverMarkup() {
    String hostile =
        "<script>document.title='gone'</script><img src=x onerror=\"document.title='gone'\">";
    for (String model : List.of(Playground.EMBEDDER, Playground.RANKER, Playground.ENTITIES)) {
      page.reopen().choose(model).type(hostile).run();
      assertThat(browser.all("#result img, #result script, #code img")).isEmpty();
      assertThat(text(browser.find("#result")).replaceAll("LOC|PER", "")).contains("onerror");
      assertThat(browser.driver().getTitle()).startsWith("Playground");
    }
  }
}
