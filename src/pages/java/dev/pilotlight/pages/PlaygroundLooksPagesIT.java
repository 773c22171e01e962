package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/// The playground for everybody: by keyboard, for a screen reader, in light and dark, on a
/// telephone.
@Timeout(300)
class PlaygroundLooksPagesIT {
  private static final int TABS_MAX = 12;

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        Playground.EMBEDDER,
        Playground.CLASSES,
        Playground.RANKER,
        Playground.ENTITIES,
        Playground.TENSORS
      })
  void everyTaskIsAccessible(String model) {
    page.reopen().choose(model).run();
    page.run();
    browser.shoot("playground-" + model);
    Axe.assertAccessible(browser);
    browser.assertQuiet();
  }

  @Test
  void anErrorIsAccessible() {
    page.reopen().choose(Playground.EMBEDDER).type(" ").run();
    assertThat(browser.text("#error")).isEqualTo("Type at least one text.");
    browser.shoot("playground-error");
    Axe.assertAccessible(browser);
    browser.assertQuiet();
  }

  @Test
  void aKeyboardIsEnough() {
    page.reopen().choose(Playground.EMBEDDER);
    browser.script("document.activeElement.blur()");
    tabTo("texts");
    focused().sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
    focused().sendKeys("by keyboard", Keys.chord(Keys.CONTROL, Keys.ENTER));
    browser.await("an answer", () -> browser.text("#status").contains("ms"));
    assertThat(browser.text("#result")).contains("by keyboard");

    tabTo("run");
    focused().sendKeys(Keys.ENTER);
    browser.await("a hit", () -> browser.text("#status").contains("hit: memory"));

    tabTo("tab-curl");
    focused().sendKeys(Keys.ARROW_RIGHT);
    assertThat(focused().getDomAttribute("id")).isEqualTo("tab-Python");
    assertThat(browser.text("#code")).contains("urllib");
    tabTo("file");
    browser.assertQuiet();
  }

  private static void tabTo(String id) {
    for (int i = 0; i < TABS_MAX; i++) {
      if (id.equals(focused().getDomAttribute("id"))) {
        return;
      }
      focused().sendKeys(Keys.TAB);
    }
    assertThat(focused().getDomAttribute("id")).isEqualTo(id);
  }

  private static WebElement focused() {
    return browser.driver().switchTo().activeElement();
  }
}
