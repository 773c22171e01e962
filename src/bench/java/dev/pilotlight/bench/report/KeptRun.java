package dev.pilotlight.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A run without its samples: what the table of the report shows, small enough to keep in the
/// repository.
///
/// @param date of its end, UTC, such as `2026-11-29T08:12`
/// @param runs of each round
/// @param gate which answers were compared before anything was timed
public record KeptRun(
    String date, Machine machine, int runs, int rounds, String gate, List<KeptRow> rows) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int COMMIT_LETTERS = 7;
  private static final double GIB = 1L << 30;

  public KeptRun {
    rows = List.copyOf(rows);
  }

  /// A file that [#write] has written.
  ///
  /// @throws IOException if it is not such a file
  public static KeptRun read(Path file) throws IOException {
    return MAPPER.readValue(file.toFile(), KeptRun.class);
  }

  /// Writes `<date>-<commit>.json`, a line for each row.
  public Path write(Path directory) throws IOException {
    String commit = machine.commit();
    String name =
        "%s-%s.json"
            .formatted(
                date.replace(":", ""),
                commit.substring(0, Math.min(COMMIT_LETTERS, commit.length())));
    Files.createDirectories(directory);
    return Files.writeString(directory.resolve(name), json());
  }

  String json() throws IOException {
    ObjectNode head = MAPPER.createObjectNode();
    head.put("date", date).putPOJO("machine", machine);
    head.put("runs", runs).put("rounds", rounds).put("gate", gate);
    StringBuilder text = new StringBuilder(MAPPER.writeValueAsString(head));
    text.setLength(text.length() - 1);
    text.append(",\"rows\":[");
    String separator = "\n";
    for (KeptRow row : rows) {
      text.append(separator).append(MAPPER.writeValueAsString(row));
      separator = ",\n";
    }
    return text.append("\n]}\n").toString();
  }

  /// The machine and the gate in a paragraph, then the table of all rows.
  public String markdown() {
    return markdown(rows);
  }

  /// The same with some of the rows.
  public String markdown(List<KeptRow> some) {
    String head =
        "%s, %d cores, %.1f GiB, %s, JDK %s, commit %s\n%s. Medians of the medians of %d × %d runs."
            .formatted(
                machine.cpu(),
                machine.cores(),
                machine.memoryBytes() / GIB,
                machine.kernel(),
                machine.jdk(),
                machine.commit(),
                gate,
                rounds,
                runs);
    return some.stream()
        .map(KeptRow::markdown)
        .collect(
            Collectors.joining(
                "\n",
                head
                    + "\n\n| measure | | measured | baseline | | target | held |\n"
                    + "|---|---|---|---|---|---|---|\n",
                "\n"));
  }
}
