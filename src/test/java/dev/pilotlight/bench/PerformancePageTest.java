package dev.pilotlight.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.bench.report.KeptRow;
import dev.pilotlight.bench.report.KeptRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The figures of PERFORMANCE.md are those of the runs that docs/performance keeps: of each measure
/// those of the newest run that has it. `-Ddocs.write=true` writes them into the page.
final class PerformancePageTest {
  private static final Path PAGE = Path.of("PERFORMANCE.md");
  private static final Path RUNS = Path.of("docs/performance");
  private static final String START = "<!-- runs -->\n";
  private static final String END = "<!-- end of the runs -->\n";
  private static final int BYTES_MAX = 20_000;
  private static final int COMMIT_LETTERS = 7;

  /// The newest first.
  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(RUNS)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    }
  }

  @Test
  void everyKeptRunIsSmallAndCanBeRead() throws IOException {
    assertThat(files())
        .isNotEmpty()
        .allSatisfy(
            file -> {
              KeptRun run = KeptRun.read(file);
              String commit = run.machine().commit().substring(0, COMMIT_LETTERS);
              assertThat(file)
                  .hasFileName("%s-%s.json".formatted(run.date().replace(":", ""), commit));
              assertThat(Files.size(file)).isLessThan(BYTES_MAX);
              assertThat(run.rows()).isNotEmpty();
            });
  }

  @Test
  void pageHasTheNewestFiguresOfEachMeasure() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).containsOnlyOnce(START).containsOnlyOnce(END);
    int start = page.indexOf(START) + START.length();
    int end = page.indexOf(END);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.substring(0, start) + figures() + page.substring(end));
    } else {
      assertThat(page.substring(start, end))
          .as("%s; -Ddocs.write=true writes it", PAGE)
          .isEqualTo(figures());
    }
  }

  private static String figures() throws IOException {
    StringBuilder text = new StringBuilder();
    Set<String> newer = new HashSet<>();
    for (Path file : files()) {
      KeptRun run = KeptRun.read(file);
      List<KeptRow> rows = new ArrayList<>(run.rows());
      rows.removeIf(row -> newer.contains(row.measure()));
      rows.forEach(row -> newer.add(row.measure()));
      if (!rows.isEmpty()) {
        text.append("\n[%s](%s): ".formatted(run.date().replace('T', ' '), file));
        text.append(run.markdown(rows)).append('\n');
      }
    }
    return text.toString();
  }
}
