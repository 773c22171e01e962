package dev.pilotlight.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TextGraphs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/// A stack with a model for each task, and its playground in a browser.
final class Playground implements AutoCloseable {
  static final String EMBEDDER = TestModels.SAMPLE;
  static final String CLASSES = "classes";
  static final String RANKER = "ranker";
  static final String ENTITIES = "entities";
  static final String TENSORS = "sums";

  /// `INT64`, in two versions.
  static final String LONGS = "longs";

  static final String PICTURES = "pictures";

  /// Its file is not ONNX.
  static final String BROKEN = "broken";

  private final LocalStack stack;
  private final Browser browser;

  private Playground(LocalStack stack, Browser browser) {
    this.stack = stack;
    this.browser = browser;
  }

  /// @param directory an empty one, for models and downloads
  static Playground start(Path directory) {
    return start(
        directory,
        Options.onFreePorts()
            .withModels(models(directory.resolve("models")))
            .withEnvironmentsMax(1)
            .withRetryPause(Duration.ofMillis(50)));
  }

  /// @param options of the stack
  static Playground start(Path directory, Options options) {
    LocalStack stack = LocalStack.start(options);
    try {
      return new Playground(stack, Browser.start(directory)).reopen();
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  private static Path models(Path root) {
    new TestModels(root)
        .withSample()
        .withClassifier(CLASSES)
        .withTokenizer(RANKER, TextGraphs.crossEncoder(1))
        .with(RANKER, "config.json", "{\"architectures\": [\"BertForSequenceClassification\"]}")
        .withTokenizer(ENTITIES, TextGraphs.tokenClassifier(3))
        .with(
            ENTITIES,
            "config.json",
            "{\"architectures\": [\"BertForTokenClassification\"], \"id2label\":"
                + " {\"0\": \"O\", \"1\": \"B-PER\", \"2\": \"B-LOC\"}}")
        .with(TENSORS, OnnxModels.sumAndDifference())
        .with(LONGS, OnnxModels.identity(Datatype.INT64, "n"))
        .with(LONGS, 2, OnnxModels.identity(Datatype.INT64, "n"))
        .with(PICTURES, OnnxModels.identity(Datatype.FP32, 1, 3, 224, 224))
        .with(BROKEN, "model.onnx", "not ONNX");
    return aged(root);
  }

  /// The function waits for files that have just been written.
  private static Path aged(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
      }
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Browser browser() {
    return browser;
  }

  LocalStack stack() {
    return stack;
  }

  /// Loads the page again.
  Playground reopen() {
    return reopen("");
  }

  /// @param fragment of the address, such as `#all-minilm-l6-v2`
  Playground reopen(String fragment) {
    browser.open("about:blank").open(stack.gatewayUrl() + "/" + fragment);
    return this;
  }

  /// Waits until a model is ready to be asked.
  Playground awaitReady() {
    browser.await("a model", () -> browser.find("#run").getDomAttribute("aria-disabled") == null);
    return this;
  }

  /// Waits until the model is chosen.
  Playground choose(String model) {
    select(model);
    browser.await(
        "its facts", () -> browser.requests().stream().anyMatch(it -> it.endsWith("/" + model)));
    browser.await("its name in the address", () -> url().endsWith("#" + model));
    return this;
  }

  /// Chooses a model and does not wait.
  void select(String model) {
    browser.await(
        "the models", () -> !browser.all("#model option[value='" + model + "']").isEmpty());
    new Select(browser.find("#model")).selectByValue(model);
  }

  private String url() {
    return String.valueOf(browser.driver().getCurrentUrl());
  }

  /// Replaces the texts.
  Playground type(String texts) {
    browser.find("#texts").sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
    if (texts.codePoints().allMatch(Character::isBmpCodePoint)) {
      browser.find("#texts").sendKeys(texts);
    } else { // WebDriver cannot type characters outside the BMP
      browser.script(
          "const texts = document.getElementById('texts'); texts.value = arguments[0];"
              + " texts.dispatchEvent(new Event('input', {bubbles: true}))",
          texts);
    }
    return this;
  }

  /// Presses the button and waits for an answer or an error.
  Playground run() {
    browser.script("document.getElementById('status').textContent = 'pressed'");
    browser.find("#run").click();
    browser.await(
        "an answer", () -> !List.of("pressed", "Running…").contains(browser.text("#status")));
    return this;
  }

  /// The API's own answer.
  JsonNode post(String path, String json) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(stack.gatewayUrl() + path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    Optional<String> key = stack.developmentKey();
    key.ifPresent(it -> request.header("authorization", "Bearer " + it));
    try (HttpClient client = HttpClient.newHttpClient()) {
      byte[] answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()).body();
      return Json.read(answer).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    browser.close();
    stack.close();
  }
}
