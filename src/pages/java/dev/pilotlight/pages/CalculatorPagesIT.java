package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.cli.cost.MonthlyCost;
import dev.pilotlight.costs.RandomMonths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/// The calculator, opened as a file: its figures are those of the Java formula.
@Timeout(300)
class CalculatorPagesIT {
  private static final String PAGE =
      Path.of("docs/calculator/index.html").toAbsolutePath().toUri().toString();
  private static final long SEED = 20_261_129;
  private static final int MONTHS = 300;

  /// Names the pairs of texts in the chart that cover each other.
  private static final String COVERED =
      """
      const texts = [...document.querySelectorAll("#chart svg text")];
      const boxes = texts.map((text) => text.getBoundingClientRect());
      const covered = [];
      boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b, j) => {
        if (a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom) {
          covered.push(`${texts[i].textContent}, ${texts[i + 1 + j].textContent}`);
        }
      }));
      return texts.length > 5 ? covered.join("; ") : "no chart";
      """;

  @TempDir private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static Browser browser;

  @BeforeAll
  static void start() {
    browser = Browser.start(directory);
  }

  @AfterAll
  static void stop() {
    browser.close();
  }

  @BeforeEach
  void example() {
    open("");
  }

  /// Loads the page again: another fragment alone would not load it again.
  private static void open(String fragment) {
    browser.open("about:blank").open(PAGE + fragment);
  }

  @Test
  void exampleCostsWhatJavaComputes() {
    MonthlyCost cost = MonthlyCost.of(CostInputs.production(10_000_000, 0.5));
    assertThat(browser.text("#parts tr.total")).contains(usd(cost.total()));
    assertThat(browser.text("#tiles")).contains(usd(cost.idle().total()) + " USD");
    double fleet = 3 * 0.384 * 729.6;
    assertThat(browser.text("#verdict")).contains(usd(fleet - cost.total()) + " USD less");
    long even = cost.breakEvenRequests(fleet).orElseThrow();
    assertThat(browser.text("#tiles")).contains("%.0f million".formatted(even / 1e6));
  }

  @Test
  void changedValuesChangeTheFiguresAndTheAddress() {
    type("requests", "2,500,000");
    type("hits", "90");
    new Select(browser.find("#door")).selectByValue("url");
    var inputs = CostInputs.production(2_500_000, 0.9).with("api", 0);
    double total = MonthlyCost.of(inputs).total();
    assertThat(browser.text("#parts tr.total")).contains(usd(total));
    String link = String.valueOf(browser.find("#link").getDomProperty("value"));
    assertThat(link).contains("requests=2500000", "hits=90", "door=url");
    assertThat(browser.driver().getCurrentUrl()).isEqualTo(link);

    browser.open("about:blank").open(link);
    assertThat(browser.text("#parts tr.total")).contains(usd(total));
    assertThat(browser.find("#absent").isDisplayed()).isFalse();
  }

  /// Whatever the form had before.
  @ParameterizedTest
  @ValueSource(strings = {"starter", "production", "busy"})
  void presetCostsWhatJavaComputes(String preset) {
    open("#door=url&memory=512&processor=arm&min=0&max=2&cache=none&alarms=few");
    WebElement button = browser.find("[data-preset=" + preset + "]");
    assertThat(button.getDomAttribute("aria-pressed")).isEqualTo("false");
    button.click();
    double total = MonthlyCost.of(CostInputs.preset(preset, 10_000_000, 0.5)).total();
    assertThat(browser.text("#parts tr.total")).contains(usd(total));
    assertThat(button.getDomAttribute("aria-pressed")).isEqualTo("true");
    new Select(browser.find("#door")).selectByValue("url");
    assertThat(button.getDomAttribute("aria-pressed")).isEqualTo("false");
  }

  /// A fleet that is dearer than all traffic for which anything is computed.
  @Test
  void costsThatDoNotMeetHaveNoFigure() {
    open("#hits=100&memory=128&door=url&fleet=machines&machines=100000&type=other&hour=1000");
    assertThat(browser.text("#tiles")).contains("nowhere", "cheaper at all traffic");
    assertThat(browser.text("#chart-note")).contains("at any traffic up to 10¹⁵ requests");
    assertThat(browser.text("#tiles")).doesNotContain("1,130,000 billion");
  }

  @Test
  void breakEvenAboveThrottleRateIsMarked() {
    open("#fleet=sum&sum=1000");
    assertThat(browser.text("#tiles")).contains("337 million", "above 263 million", "ThrottleRate");
    open("#fleet=sum&sum=300");
    assertThat(browser.text("#tiles")).doesNotContain("ThrottleRate");
    open("#fleet=sum&sum=1000&door=url");
    assertThat(browser.text("#tiles")).doesNotContain("ThrottleRate");
    open("#fleet=sum&sum=1000&processor=arm&max=20");
    assertThat(browser.text("#tiles")).doesNotContain("ThrottleRate"); // busy has a higher one
  }

  /// The fleet at the top of the axis, at the bottom, next to the stack's line, and small traffic.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "#fleet=sum&sum=1000000000&door=url&hits=100&memory=512&min=0&max=0&requests=20000",
        "#fleet=sum&sum=1000000000&requests=1000000000000",
        "#fleet=sum&sum=45&requests=12000",
        "#fleet=sum&sum=36.7&requests=30000",
        "#fleet=sum&sum=1000&requests=337000000",
        "#fleet=sum&sum=10&requests=10000&hits=100"
      })
  void labelsOfTheChartCoverNoOther(String fragment) {
    for (int width : List.of(1280, 390)) {
      browser.look(width, false);
      open(fragment);
      assertThat(browser.script(COVERED)).as("%s at %d", fragment, width).isEqualTo("");
    }
    browser.look(1280, false);
  }

  @Test
  void browserGetsTheSameBitsAsJava() {
    Random random = new Random(SEED);
    browser.script("window.terms = Formula.table(TERMS)");
    for (int i = 0; i < MONTHS; i++) {
      CostInputs inputs = RandomMonths.next(random);
      Object total =
          browser.script(
              "return String(Formula.month(window.terms, arguments[0]).total)", inputs.values());
      assertThat(Double.parseDouble(String.valueOf(total)))
          .as("%s", inputs)
          .isEqualTo(MonthlyCost.of(inputs).total());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#requests=abc|requests: 'abc': enter a whole number",
        "#requests=-5|requests: '-5': enter",
        "#requests=1.5|requests: '1.5': enter a whole number",
        "#requests=1e6|requests: '1e6': enter",
        "#requests=|requests: Empty: enter",
        "#hits=101|hits: '101': enter a number such as 12.5 from 0 to 100",
        "#model=bert|model: 'bert' is not one of: all-minilm, article, own",
        "#modell=own|modell: there is no such value",
        "#requests|requests: there is no such value",
        "#hits=5&hits=6|hits: it is given twice",
        "#ms=5|ms: it goes only with model=own",
        "#hour=1|hour: it goes only with type=other",
        "#fleet=sum&sum=1000000001|sum: '1000000001': enter a number such as 12.5 from 0 to",
        "#machines=100001|machines: '100001': enter a whole number from 0 to 100,000",
        "#min=6|min: More than the most, which is 5",
        "#hits=%|hits: '%': enter",
        "#memory=<b>|memory: '<b>': enter"
      })
  void malformedAddressIsRefusedAndComputesNothing(String fragment, String message) {
    open(fragment);
    assertThat(browser.text("#refusals")).contains(message);
    assertThat(browser.find("#results").isDisplayed()).isFalse();
    browser.find("#restart").click();
    assertThat(browser.find("#refused").isDisplayed()).isFalse();
    assertThat(browser.find("#results").isDisplayed()).isTrue();
  }

  @Test
  void addressWithFewValuesNamesThoseOfTheExample() {
    open("#requests=5000&model=own&ms=80");
    assertThat(browser.text("#absent")).contains("leaves out", "hits", "memory");
    assertThat(browser.text("#absent")).doesNotContain("requests", "tokens");
    assertThat(browser.find("#results").isDisplayed()).isTrue();
  }

  @Test
  void wrongFieldHasItsMessageAndHidesTheResult() {
    type("memory", "64");
    assertThat(browser.text("#memory-error"))
        .isEqualTo("'64': enter a whole number from 128 to 10,240");
    assertThat(browser.find("#memory").getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(browser.find("#memory").getDomAttribute("aria-describedby"))
        .contains("memory-error");
    assertThat(browser.find("#results").isDisplayed()).isFalse();
    browser.shoot("calculator-error");
    Axe.assertAccessible(browser);
    type("memory", "1769");
    assertThat(browser.find("#results").isDisplayed()).isTrue();
  }

  @Test
  void verdictIsToKeepACheaperFleet() {
    open("#requests=9000000000&hits=0&fleet=sum&sum=20");
    assertThat(browser.text("#verdict")).contains("more a month", "keep the fleet");
    assertThat(browser.text("#tiles")).contains("nowhere");
    browser.shoot("calculator-dearer");
  }

  @Test
  void keyboardReachesEveryField() {
    browser.script("document.activeElement.blur()");
    List<String> wanted =
        List.of("requests", "hits", "tokens", "model", "machines", "type", "hour", "memory");
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
      reached.add(
          String.valueOf(browser.driver().switchTo().activeElement().getDomAttribute("id")));
    }
    assertThat(reached).containsSubsequence(wanted).contains("cache", "door", "alarms", "copy");
  }

  @Test
  void everyFormIsAccessibleAndAsksNobody() {
    browser.shoot("calculator");
    for (WebElement details : browser.all("summary")) {
      details.click();
    }
    browser.shoot("calculator-open");
    Axe.assertAccessible(browser);
    open("#nothing=1");
    browser.shoot("calculator-refused");
    Axe.assertAccessible(browser);
    browser.assertQuiet();
    assertThat(browser.requests()).noneMatch(url -> url.startsWith("http"));
  }

  private static void type(String field, String text) {
    WebElement input = browser.find("#" + field);
    input.sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
  }

  private static String usd(double value) {
    return String.format(Locale.ROOT, value < 999.995 ? "%.2f" : "%,.0f", value);
  }
}
