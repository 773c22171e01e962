package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The playground asks the model that it names, and shows that model's answers.
@Timeout(300)
class PlaygroundModelsPagesIT {
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
  void noOtherModelIsAskedInPlaceOfABrokenOne() {
    page.reopen().choose(Playground.EMBEDDER).run();
    long asked = posts();
    page.select(Playground.BROKEN);
    browser.await("the reason", () -> !browser.text("#error").isEmpty());
    page.run();
    assertThat(browser.text("#error")).startsWith(Playground.BROKEN + " cannot be asked: ");
    assertThat(browser.text("#code")).startsWith(Playground.BROKEN + " cannot be asked: ");
    assertThat(browser.all("#result *")).isEmpty();
    assertThat(posts()).isEqualTo(asked);
    page.choose(Playground.CLASSES).run();
    assertThat(browser.text("#result")).contains("so so");
  }

  private static long posts() {
    return browser.requests().stream().filter(it -> it.endsWith("/v1/embeddings")).count();
  }

  @Test
  void anAnswerThatComesLateIsNotShownAsAnotherModels() {
    page.reopen().choose(Playground.EMBEDDER);
    browser.script(
        "const fetched = fetch; window.fetch = async (path, options) => {"
            + " const answer = await fetched(path, options);"
            + " if (options.method) await new Promise(then => { window.release = then; });"
            + " return answer; }");
    browser.find("#run").click();
    browser.await(
        "the answer", () -> browser.script("return Boolean(window.release)").equals(true));
    page.choose(Playground.CLASSES);
    browser.script("window.release(); return new Promise(then => setTimeout(then, 500))");
    assertThat(browser.text("#status")).isEqualTo("Nothing has run yet.");
    assertThat(browser.text("#error")).isEmpty();
    assertThat(browser.all("#result *")).isEmpty();
  }

  @Test
  void allVersionsAreNamedAndTheOneThatAnswered() {
    page.reopen().choose(Playground.LONGS);
    assertThat(browser.text("#facts")).contains("Versions").contains("2, 1");
    page.run();
    assertThat(browser.text("#status")).contains("version 2");
  }

  @Test
  void largeIntegersKeepTheirDigits() {
    String body =
        "{\"inputs\": [{\"name\": \"x\", \"datatype\": \"INT64\", \"shape\": [2],"
            + " \"data\": [9007199254740993, 7]}]}";
    page.reopen().choose(Playground.LONGS).type(body).run();
    assertThat(browser.text("#result .list td.mono")).isEqualTo("9007199254740993 7");
    assertThat(browser.find("#result details pre").getDomProperty("textContent"))
        .contains("9007199254740993");
  }

  @Test
  void noExampleIsTypedForALargeInput() {
    page.reopen().choose(Playground.PICTURES);
    assertThat(browser.find("#texts").getDomProperty("value")).isEmpty();
    assertThat(browser.text("#status"))
        .contains("150,528 values of x, FP32 [1, 3, 224, 224]: there is no example");
  }

  @Test
  void theExampleOfAMaskHasTheModelsOwn() {
    Object text =
        browser.script(
            "return import('/playground/tasks.js').then(it => it.example('mask',"
                + " {parameters: {mask_token: {value: '<mask>'}}}).text)");
    assertThat(text).isEqualTo("Paris is the <mask> of France.");
  }

  @Test
  void theAddressChoosesTheModel() {
    page.reopen("#" + Playground.CLASSES).awaitReady();
    assertThat(model()).isEqualTo(Playground.CLASSES);
    browser.script("location.hash = arguments[0]", Playground.LONGS);
    browser.await("the other", () -> Playground.LONGS.equals(model()));

    browser.script("location.hash = 'nosuchmodel'");
    browser.await("a word", () -> browser.text("#status").startsWith("There is no model nosuch"));
    assertThat(model()).isEqualTo(Playground.LONGS);
    assertThat(browser.driver().getCurrentUrl()).endsWith("#" + Playground.LONGS);
  }

  @Test
  void anAddressOfNoModelIsNotSilent() {
    for (String name : new String[] {"100%", "nosuchmodel"}) {
      page.reopen("#" + name).awaitReady();
      browser.await(
          "a word", () -> browser.text("#status").startsWith("There is no model " + name));
      page.run();
      assertThat(browser.text("#error")).isEmpty();
    }
  }

  private static Object model() {
    return String.valueOf(browser.find("#model").getDomProperty("value"));
  }
}
