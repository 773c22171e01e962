package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line of `pilotlight tune`.
final class TuneTest {
  @TempDir private Path folder;

  @Test
  void aWrongCommandLineOrTrafficFileIsTwo() throws IOException {
    Path wrong = Files.writeString(folder.resolve("t.jsonl"), "\n{\"path\":\"/\"}");
    for (List<String> options :
        List.of(
            List.of("--sizes", "512,100"),
            List.of("--weights", "hit=x"),
            List.of("--requests", "0"),
            List.of("--starts", "101"),
            List.of("--html", folder.resolve("none/t.html").toString()),
            List.of("--traffic", folder.resolve("none").toString()),
            List.of("--traffic", wrong.toString(), "--weights", "hit=1"),
            List.of("--traffic", wrong.toString()))) {
      TestRun run = run(options);
      assertThat(run.exitCode()).as(options.toString()).isEqualTo(2);
      assertThat(run.err()).hasLineCount(1);
      assertThat(run.out()).isEmpty();
    }
    assertThat(run(List.of("--traffic", wrong.toString())).err())
        .contains("t.jsonl, line 2 lacks \"method\"");
  }

  @Test
  void aFolderWithoutAPackageIsOne() {
    TestRun run = run(List.of("--package", folder.toString()));

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).hasLineCount(1).contains("mvn package makes it");
  }

  private static TestRun run(List<String> options) {
    List<String> all = new ArrayList<>(List.of("tune"));
    all.addAll(options);
    return TestRun.run(all.toArray(String[]::new));
  }
}
