package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.support.Log.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LogTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong now = new AtomicLong();
  private final Log log =
      new Log(new PrintStream(bytes, true, StandardCharsets.UTF_8), Level.INFO, now::get);

  private List<JsonNode> lines() {
    List<JsonNode> lines =
        bytes.toString(StandardCharsets.UTF_8).lines().map(LogTest::parsed).toList();
    bytes.reset();
    return lines;
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  @Test
  void aFailureHasItsWholeChainAndStackInOneField() {
    IOException root = new IOException("No space left on device");
    RuntimeException middle = new IllegalStateException("not written", root);
    middle.addSuppressed(new IllegalArgumentException("not closed"));
    log.error("internal error", new RuntimeException("failed", middle), "requestId", "r-1");

    JsonNode line = lines().getFirst();
    assertThat(line.get("level").asText()).isEqualTo("ERROR");
    assertThat(line.get("requestId").asText()).isEqualTo("r-1");
    assertThat(line.get("error").asText()).isEqualTo("java.lang.RuntimeException: failed");
    assertThat(line.get("at").asText()).contains("dev.pilotlight.support.LogTest");
    assertThat(line.get("stack").asText())
        .contains(
            "java.lang.RuntimeException: failed",
            "Caused by: java.lang.IllegalStateException: not written",
            "Suppressed: java.lang.IllegalArgumentException: not closed",
            "Caused by: java.io.IOException: No space left on device",
            "\tat dev.pilotlight.support.LogTest.aFailureHasItsWholeChain");
  }

  @Test
  void causesThatFormACircleEndTheText() {
    RuntimeException one = new RuntimeException("one");
    RuntimeException two = new RuntimeException("two", one);
    one.initCause(two);
    log.warn("circle", two);
    assertThat(lines().getFirst().get("stack").asText())
        .containsOnlyOnce("RuntimeException: one")
        .endsWith("Caused by: … java.lang.RuntimeException\n");
  }

  @Test
  void aStackOverflowOfALibraryHasAPlaceAndItsStackIsBounded() {
    StackOverflowError overflow = overflow();
    assertThat(overflow.getStackTrace()).noneMatch(f -> f.getClassName().startsWith("dev.pilot"));
    log.error("internal error", overflow);

    JsonNode line = lines().getFirst();
    assertThat(line.get("at").asText()).contains("java.util.regex.");
    assertThat(line.get("stack").asText())
        .startsWith("java.lang.StackOverflowError")
        .contains(" more\n")
        .hasSizeBetween(1_000, 20_000);
  }

  private static StackOverflowError overflow() {
    try {
      boolean matches = Pattern.compile("(a|b)*c").matcher("ab".repeat(100_000)).matches();
      throw new AssertionError("matches: " + matches);
    } catch (StackOverflowError e) {
      return e;
    }
  }

  @Test
  void aWarningWithoutFailureHasNoStack() {
    log.warn("message", null, "model", "m");
    JsonNode line = lines().getFirst();
    assertThat(line.get("message").asText()).isEqualTo("message");
    assertThat(line.has("stack")).isFalse();
  }

  @Test
  void identicalFailuresAreOneLineAndACount() {
    for (int i = 0; i < 738; i++) {
      log.warn("Redis refused a write", new IllegalStateException("OOM"), "requestId", "r-" + i);
    }
    log.writeRepeats();
    assertThat(lines()).singleElement().matches(line -> line.has("stack"));

    now.addAndGet(Repeats.WINDOW.toNanos());
    log.writeRepeats();
    JsonNode counted = lines().getFirst();
    assertThat(counted.get("repeats").asInt()).isEqualTo(737);
    assertThat(counted.get("message").asText()).isEqualTo("Redis refused a write");
    assertThat(counted.get("requestId").asText()).as("the last one's").isEqualTo("r-737");
    assertThat(counted.has("stack")).isFalse();
    log.writeRepeats();
    assertThat(lines()).isEmpty();
  }

  @Test
  void afterItsWindowAFailureIsALineAgain() {
    log.error("e", new RuntimeException("x"));
    log.error("e", new RuntimeException("x"));
    now.addAndGet(Repeats.WINDOW.toNanos());
    log.error("e", new RuntimeException("x"));
    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1).get("repeats").asInt()).isOne();
    assertThat(lines.get(2).has("stack")).isTrue();
  }

  @Test
  void allCountsAreWrittenWhenAnInvocationEnds() {
    log.error("e", new RuntimeException("x"));
    log.error("e", new RuntimeException("x"));
    assertThat(lines()).hasSize(1);
    log.writeAllRepeats();
    assertThat(lines()).singleElement().matches(line -> line.get("repeats").asInt() == 1);
    log.writeAllRepeats();
    assertThat(lines()).isEmpty();
  }

  @Test
  void failuresThatDifferInMessageCauseOrModelAreAllWritten() {
    log.error("e", new RuntimeException("x"), "model", "a");
    log.error("e", new RuntimeException("x"), "model", "b");
    log.error("e", new RuntimeException("y"), "model", "a");
    log.error("f", new RuntimeException("x"), "model", "a");
    log.warn("e", new RuntimeException("x"), "model", "a");
    log.error("e", new RuntimeException("x", new IOException("z")), "model", "a");
    log.error("e", new RuntimeException("status 403"), "model", "a");
    log.error("e", new RuntimeException("status 500"), "model", "a");
    assertThat(lines()).hasSize(8);
  }

  @Test
  void failuresThatDifferOnlyInTheIdOfACallAreTheSame() {
    log.error("e", new RuntimeException("Status Code: 500, Request ID: 5AE2-77F1B0C3D4"));
    log.error("e", new RuntimeException("Status Code: 500, Request ID: 9B01-12A4C4D5E6"));
    assertThat(lines()).hasSize(1);
  }

  @Test
  void theEldestOfManyFailuresIsForgottenAndItsCountWritten() {
    for (int i = 0; i < 10 * Repeats.FAILURES_MAX; i++) {
      log.error("message " + "x".repeat(i), null);
      log.error("message " + "x".repeat(i), null);
    }
    assertThat(lines()).hasSize(19 * Repeats.FAILURES_MAX);
    log.writeAllRepeats();
    assertThat(lines()).hasSize(Repeats.FAILURES_MAX);
  }
}
