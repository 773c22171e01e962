package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ConsoleTest {
  private static final String METRICS = "{\"_aws\":{\"Timestamp\":1},\"level\":\"ERROR\"}";
  private static final String INFO = "{\"level\":\"INFO\",\"message\":\"by the way\"}";
  private static final String WARN = "{\"level\":\"WARN\",\"message\":\"see _aws\"}";
  private static final String TRACE = "Exception in thread \"main\"";

  private final List<String> written = new CopyOnWriteArrayList<>();

  @Test
  void metricsAreShownOnlyWithAllLogs() throws InterruptedException {
    assertThat(shown(Options.Logs.WARN)).containsExactly("  env 2 | " + WARN, "  env 2 | " + TRACE);
    assertThat(shown(Options.Logs.OFF)).isEmpty();
    assertThat(shown(Options.Logs.ALL)).contains("  env 2 | " + METRICS).hasSize(4);
  }

  /// Readable, and not as it was logged.
  @ParameterizedTest
  @EnumSource
  void progressOfABatchIsAlwaysShown(Options.Logs logs) throws InterruptedException {
    Console console = new Console(logs, written::add);
    console.logged(
        1,
        "{\"level\":\"INFO\",\"message\":\"batch done\",\"batch\":\"s3://in/a.txt\",\"lines\":3,"
            + "\"bytes\":9,\"bytesTotal\":9,\"hits\":1,\"runs\":2,\"failed\":0,"
            + "\"linesPerSecond\":5,\"millis\":600}");
    console.flush();
    assertThat(written).singleElement().asString().contains("s3://in/a.txt").doesNotContain("{");
  }

  private List<String> shown(Options.Logs logs) throws InterruptedException {
    written.clear();
    Console console = new Console(logs, written::add);
    List.of(METRICS, INFO, WARN, TRACE).forEach(line -> console.logged(2, line));
    console.flush();
    assertThat(console.lines()).isEqualTo(written);
    return List.copyOf(written);
  }
}
