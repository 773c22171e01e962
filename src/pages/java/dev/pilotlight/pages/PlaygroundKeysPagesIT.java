package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The playground where requests need an API key.
@Timeout(300)
class PlaygroundKeysPagesIT {
  private static final String EVERYTHING =
      "return document.documentElement.outerHTML + location.href + document.cookie"
          + " + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)";

  @TempDir private Path directory;

  @Test
  void theKeyIsAskedForAndKeptNowhere() throws Exception {
    try (Playground page = Playground.start(directory, Options.onFreePorts().withKeys())) {
      Browser browser = page.browser();
      browser.await("the form", () -> browser.find("#key").isDisplayed());
      assertThat(browser.text("#error")).startsWith("401: ");
      browser.shoot("playground-key");
      Axe.assertAccessible(browser);

      String key = page.stack().developmentKey().orElseThrow();
      Path file = Files.writeString(directory.resolve("early.txt"), "a text\n");
      browser.find("#file").sendKeys(file.toString());
      browser.await("a refusal", () -> browser.text("#batch").contains("No model is chosen"));

      browser.find("#key").sendKeys(key);
      browser.find("#key-form button").click();
      browser.await("the key", () -> browser.text("#status").startsWith("The key is accepted."));
      assertThat(browser.driver().switchTo().activeElement().getDomAttribute("id"))
          .isEqualTo("model");
      page.choose(Playground.EMBEDDER).run();
      assertThat(browser.text("#status")).contains("ms");
      assertThat(browser.text("#code")).contains("Bearer $PILOTLIGHT_KEY");
      JsonNode answer = Code.run("curl", browser, directory, Map.of("PILOTLIGHT_KEY", key));
      assertThat(answer.at("/data")).hasSize(4);
      assertThat(browser.find("#key-card").isDisplayed()).isFalse();
      assertThat(String.valueOf(browser.script(EVERYTHING))).doesNotContain(key);
      browser.assertQuiet("the server responded with a status of 401");
    }
  }
}
