package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/// A headless Chromium that reaches 127.0.0.1 and files, and nothing else. It remembers each
/// request and each line of the console, for [#assertQuiet]. Not thread-safe.
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String NO_HOST = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";

  /// Schemes of requests that leave no machine.
  private static final List<String> INSIDE =
      List.of("http://127.0.0.1:", "file:", "data:", "blob:", "about:", "chrome:");

  private final ChromeDriver driver;
  private final List<String> requests = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /// Starts one with a window of 1280 pixels.
  ///
  /// @param downloads the directory of its downloads
  public static Browser start(Path downloads) {
    System.setProperty("webdriver.remote.enableTracing", "false");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(System.getProperty("pages.browser", "/usr/bin/chromium"));
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--host-resolver-rules=" + NO_HOST,
        "--window-size=1280,900",
        "--lang=en");
    options.setExperimentalOption(
        "prefs",
        Map.of(
            "download.default_directory",
            downloads.toString(),
            "download.prompt_for_download",
            false));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(
                new File(System.getProperty("pages.driver", "/usr/bin/chromedriver")))
            .usingAnyFreePort()
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  public ChromeDriver driver() {
    return driver;
  }

  public Browser open(String url) {
    driver.get(url);
    return this;
  }

  /// Sets the size of the page and its colours.
  ///
  /// @param width pixels
  public void look(int width, boolean dark) {
    var _ =
        driver.executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 500));
    var _ =
        driver.executeCdpCommand(
            "Emulation.setEmulatedMedia",
            Map.of(
                "features",
                List.of(
                    Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                    Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  public WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  public List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  public String text(String css) {
    return find(css).getText();
  }

  /// Waits until it is so.
  ///
  /// @throws org.openqa.selenium.TimeoutException naming `what` if it takes half a minute
  public void await(String what, Supplier<Boolean> condition) {
    await(what, PATIENCE, condition);
  }

  /// As [#await(String, Supplier)], with another patience: the first batch starts its function.
  public void await(String what, Duration patience, Supplier<Boolean> condition) {
    new WebDriverWait(driver, patience)
        .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
        .ignoring(org.openqa.selenium.NoSuchElementException.class)
        .withMessage(() -> what + "; the page:\n" + text("body"))
        .until(_ -> condition.get());
  }

  /// Runs a script in the page, also where its policy admits no scripts.
  public Object script(String script, Object... arguments) {
    Object value = driver.executeScript(script, arguments);
    return value == null ? "" : value;
  }

  /// Writes the whole page as `target/pages/<name>-<width>-<light|dark>.png`, in four forms.
  public void shoot(String name) {
    for (int width : new int[] {1280, 390}) {
      for (boolean dark : new boolean[] {false, true}) {
        look(width, dark);
        shoot("%s-%d-%s".formatted(name, width, dark ? "dark" : "light"), width);
      }
    }
    look(1280, false);
  }

  private void shoot(String name, int width) {
    long height = ((Number) script("return document.documentElement.scrollHeight")).longValue();
    long wide = ((Number) script("return document.documentElement.scrollWidth")).longValue();
    Object png =
        driver
            .executeCdpCommand(
                "Page.captureScreenshot",
                Map.of(
                    "captureBeyondViewport",
                    true,
                    "clip",
                    Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)))
            .get("data");
    assertThat(wide)
        .as("the page scrolls sideways at %s".formatted(name))
        .isLessThanOrEqualTo(width);
    try {
      Path directory =
          Files.createDirectories(Path.of(System.getProperty("pages.shots", "target/pages")));
      Files.write(
          directory.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(png)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Fails if a request went to another host than 127.0.0.1, or the console has an error or a
  /// warning that contains none of these texts.
  public void assertQuiet(String... expected) {
    read();
    assertThat(requests).as("the browser's log").isNotEmpty();
    assertThat(requests).allMatch(url -> INSIDE.stream().anyMatch(url::startsWith));
    assertThat(complaints)
        .filteredOn(line -> List.of(expected).stream().noneMatch(line::contains))
        .as("errors in the console")
        .isEmpty();
  }

  /// The URLs of all requests so far.
  public List<String> requests() {
    read();
    return List.copyOf(requests);
  }

  private void read() {
    driver
        .manage()
        .logs()
        .get(LogType.PERFORMANCE)
        .forEach(entry -> addRequest(entry.getMessage()));
    driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .forEach(entry -> complaints.add(entry.getMessage()));
  }

  private void addRequest(String entry) {
    JsonNode message =
        Json.read(entry.getBytes(StandardCharsets.UTF_8)).orElseThrow().path("message");
    if (message.path("method").asText().equals("Network.requestWillBeSent")) {
      requests.add(message.path("params").path("request").path("url").asText());
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
