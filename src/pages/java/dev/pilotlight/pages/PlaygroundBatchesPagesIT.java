package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/// The list of all batches on the playground.
@Timeout(300)
class PlaygroundBatchesPagesIT {
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
  void batchesAreListedExplainedAndRetriedByKeyboard() throws Exception {
    page.reopen().choose(Playground.EMBEDDER);
    browser.await("an empty list", () -> browser.text("#batches").contains("no batch yet"));
    put("good.txt", "a text\n");
    browser.await(
        "the summary", Duration.ofMinutes(2), () -> browser.all("#batch .sum").size() == 1);
    put("broken.jsonl.gz", "not gzip");
    browser.await("the failed one", () -> state(0).equals("failed"));
    assertThat(state(1)).isEqualTo("done");
    assertThat(browser.text("#batches")).contains("1 line · 0 errors", "USD in AWS");

    WebElement reason = browser.find("#batches summary");
    reason.sendKeys(Keys.ENTER);
    browser.await("the reason", () -> browser.text("#batches details").contains("gzip"));
    browser.shoot("playground-batches");
    Axe.assertAccessible(browser);

    String before = browser.text("#batches li:nth-child(1) .hint");
    Thread.sleep(1_100); // S3's times are whole seconds
    browser.find("#batches li:nth-child(1) button").sendKeys(Keys.SPACE);
    browser.await("the answer", () -> browser.text("#batches-status").contains("is queued again."));
    browser.await(
        "the retry",
        () ->
            !browser.text("#batches li:nth-child(1) .hint").equals(before)
                && state(0).equals("failed"));

    browser.find("#batches li:nth-child(2) button").sendKeys(Keys.SPACE);
    browser.await(
        "the other one again",
        () ->
            browser.text("#batches li:nth-child(1)").contains("good.txt")
                && state(0).equals("done"));
    browser.assertQuiet();
  }

  private static void put(String name, String content) throws Exception {
    Path file = Files.writeString(directory.resolve(name), content);
    browser.find("#file").sendKeys(file.toString());
  }

  private static String state(int row) {
    return browser.all("#batches li .tier").get(row).getText();
  }
}
