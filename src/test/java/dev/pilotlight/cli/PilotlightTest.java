package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The common behaviour of all commands.
final class PilotlightTest {
  private static final Terminal TERMINAL = new Terminal(true, true);

  @Test
  void helpListsTheCommands() {
    TestRun run = TestRun.run("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: pilotlight", "inspect", "completion", "help");
  }

  @Test
  void helpOfACommandListsItsOptionsAndExitCodes() {
    TestRun run = TestRun.run("help", "inspect");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("FOLDER", "--text", "--against", "--min-cosine", "--strict", "--json")
        .containsPattern("Exit codes:\\R +0 .*\\R +1 .*\\R.*\\R? +2 ");
    assertThat(TestRun.run("inspect", "--help").out()).isEqualTo(run.out());
  }

  @Test
  void missingOrUnknownCommandIsOneLineAndExitCodeTwo() {
    String end = System.lineSeparator();

    assertThat(TestRun.run())
        .isEqualTo(new TestRun(2, "", "pilotlight: Missing command; see pilotlight --help" + end));
    assertThat(TestRun.run("inspekt").exitCode()).isEqualTo(2);
    assertThat(TestRun.run("inspekt").err()).contains("(did you mean inspect?)");
  }

  @Test
  void completionIsAScriptThatNamesCommandsAndOptions() {
    TestRun run = TestRun.run("completion");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("#!").contains("inspect", "--min-cosine", "completion");
  }

  @Test
  void jsonIsOneObjectWithEverythingThatIsPrinted(@TempDir Path root) throws IOException {
    TestFolders folders = new TestFolders(root);
    String model = folders.embedding("m/1");
    folders.write("m/1", "README.md", "12345");
    Path expected = folders.write("", "e.jsonl", "{\"text\": \"b\", \"embedding\": [1, 1, 1, 1]}");

    TestRun run =
        TestRun.run(
            "inspect", model, "--json", "--text", "a \"b\"", "--against", expected.toString());

    assertThat(run.exitCode()).isOne();
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("\"name\" : \"m\"", "\"task\" : \"embedding\"", "\"version\" : \"1\"")
        .contains("{ \"name\" : \"pooling\", \"value\" : \"mean\", \"source\" :")
        .contains("{ \"name\" : \"README.md\", \"bytes\" : 5 }")
        .contains("\"graph_inputs\" : [ { \"name\" : \"input_ids\", \"datatype\" : \"INT64\",")
        .contains("\"text\" : \"a \\\"b\\\"\", \"embedding\" : [", "\"tokens\" :")
        .contains("\"min_cosine\" : 0.99999, \"failures\" : 1, \"worst\" : ");
  }

  @Test
  void documentationHasEveryCommandAndOption() throws IOException {
    String document = Files.readString(Path.of("docs/cli.md"));
    CommandLine root = Pilotlight.commandLine(TERMINAL);

    assertThat(root.getSubcommands()).isNotEmpty();
    root.getSubcommands()
        .forEach(
            (name, command) -> {
              assertThat(document).contains("| `pilotlight " + name);
              command.getCommandSpec().options().stream()
                  .filter(option -> !option.usageHelp() && !option.versionHelp())
                  .forEach(option -> assertThat(document).contains("| `" + option.longestName()));
            });
  }

  @Test
  void colourNeedsATerminalThatCanShowItAndNoNoColor() {
    assertThat(Terminal.of(true, Map.of())).isEqualTo(new Terminal(true, true));
    assertThat(Terminal.of(true, Map.of("NO_COLOR", ""))).isEqualTo(new Terminal(true, true));
    assertThat(Terminal.of(true, Map.of("NO_COLOR", "1"))).isEqualTo(new Terminal(true, false));
    assertThat(Terminal.of(true, Map.of("TERM", "dumb"))).isEqualTo(new Terminal(false, false));
    assertThat(Terminal.of(false, Map.of())).isEqualTo(new Terminal(false, false));
  }

  @Test
  @Timeout(10)
  void longWorkIsShownOnATerminalAndErased() throws InterruptedException {
    StringWriter shown = new StringWriter();
    try (var _ = Progress.start(new PrintWriter(shown), TERMINAL, "loading m", Duration.ZERO)) {
      while (shown.toString().isEmpty()) {
        Thread.sleep(1);
      }
    }
    assertThat(shown.toString())
        .startsWith("\r\u001b[K\u001b[?7lloading m … 0.")
        .endsWith("\r\u001b[K");
  }

  @Test
  void progressIsNotShownElsewhere() {
    StringWriter shown = new StringWriter();
    Terminal none = new Terminal(false, true);
    try (var _ = Progress.start(new PrintWriter(shown), none, "loading m", Duration.ZERO)) {
      assertThat(shown.toString()).isEmpty();
    }
    assertThat(shown.toString()).isEmpty();
  }
}
