package dev.pilotlight.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchReportTest {
  private static final String PROGRESS =
      """
      {"timestamp":"t","level":"INFO","message":"batch progress",\
      "batch":"s3://pilotlight-in/reviews.jsonl","lines":41200,"bytes":2100,"bytesTotal":10000,\
      "hits":67,"runs":33,"failed":3,"linesPerSecond":1192,"millis":100000}""";
  private static final String DONE =
      PROGRESS.replace("progress", "done").replace("\"bytes\":2100", "\"bytes\":10000");

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, false, UTF_8);

  @Test
  void reportIsOneReadableLine() {
    assertThat(BatchReport.parse(PROGRESS).orElseThrow().text())
        .isEqualTo(
            "s3://pilotlight-in/reviews.jsonl   41,200 lines  1,192/s  67 % hits  3 errors  21 %"
                + "  2 min 10 s left");
    assertThat(BatchReport.parse(DONE).orElseThrow().text())
        .isEqualTo(
            "s3://pilotlight-in/reviews.jsonl   41,200 lines  1,192/s  67 % hits  3 errors"
                + "  done in 1 min 40 s");
  }

  @Test
  void unknownFiguresAreLeftOut() {
    String early =
        """
        {"message":"batch progress","batch":"b","lines":1,"failed":1,"bytesTotal":-1}""";
    assertThat(BatchReport.parse(early).orElseThrow().text())
        .isEqualTo("b   1 line  0/s  0 % hits  1 error");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "batch progress",
        "{\"message\":\"batch progress\",\"lines\":1}",
        "{\"message\":\"batch progress\",\"batch\":\"b\",\"li",
        "{\"message\":\"batch claimed\",\"batch\":\"b\"}"
      })
  void otherLinesAreNotReports(String line) {
    assertThat(BatchReport.parse(line)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"OFF", "WARN", "ALL"})
  void reportsAreShownReadablyWithAnyLogs(String logs) throws InterruptedException {
    Console console = new Console(Options.Logs.valueOf(logs), screen(false, Duration.ZERO));
    console.logged(1, PROGRESS);
    console.logged(1, PROGRESS.replace("batch progress", "quiet"));
    console.flush();
    List<String> lines = written.toString(UTF_8).lines().toList();
    assertThat(lines).hasSize(logs.equals("ALL") ? 2 : 1).isEqualTo(console.lines());
    assertThat(lines.getFirst()).matches("\\d\\d:\\d\\d:\\d\\d  s3://pilotlight-in/.* left");
  }

  @Test
  void terminalShowsTheStatusBelowTheLines() {
    Screen screen = screen(true, Duration.ofHours(1));
    screen.status("one");
    screen.status("two");
    screen.line("said");
    screen.lastStatus("three");
    screen.line("after");
    assertThat(written.toString(UTF_8).replaceAll("\u001b\\[\\?7[lh]", "").replace("\u001b[K", "~"))
        .isEqualTo("\r~one\r~two\r~said\n\r~two\r~three\nafter\n");
  }

  @Test
  void withoutATerminalTheStatusIsALineNowAndThen() {
    Screen screen = screen(false, Duration.ofHours(1));
    screen.status("one");
    screen.status("two");
    screen.lastStatus("three");
    assertThat(written.toString(UTF_8)).isEqualTo("one\nthree\n");
  }

  @Test
  void batchOfAFileHasABar() {
    BatchBar bar = new BatchBar(screen(false, Duration.ZERO), "reviews.jsonl");
    bar.progress(BatchReport.parse(PROGRESS).orElseThrow(), "");
    assertThat(bar.done()).isEmpty();
    bar.progress(BatchReport.parse(DONE).orElseThrow(), "");
    assertThat(bar.done()).isPresent();
    assertThat(written.toString(UTF_8).lines())
        .containsExactly(
            "reviews.jsonl [#####-------------------]  41,200 lines  1,192/s  67 % hits"
                + "  3 errors  21 %  2 min 10 s left",
            "reviews.jsonl [########################]  41,200 lines  1,192/s  67 % hits"
                + "  3 errors  done in 1 min 40 s");
  }

  private Screen screen(boolean terminal, Duration every) {
    return new Screen(out, terminal, every);
  }
}
