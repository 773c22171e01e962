package dev.pilotlight.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A table in a Markdown page whose rows the code or the template determines. A test compares them;
/// with `-Ddocs.write=true` it writes them first.
///
/// @param header the table's first line, which occurs once in the page
public record DocTable(Path page, String header) {
  private static final String WRITE = "docs.write";

  /// The table under a header of a page.
  ///
  /// @param page relative to the repository's root
  public static DocTable in(String page, String header) {
    return new DocTable(Path.of(page), header);
  }

  /// A table as Markdown: header, separator, rows.
  public static void assertTable(String page, String table) throws IOException {
    List<String> lines = table.lines().toList();
    in(page, lines.getFirst()).assertRows(lines.subList(2, lines.size()));
  }

  /// The page has exactly these rows below the header.
  public void assertRows(List<String> rows) throws IOException {
    assertThat(rows).isNotEmpty();
    List<String> lines = Files.readAllLines(page);
    assertThat(lines.stream().filter(header::equals)).as("%s in %s", header, page).hasSize(1);
    int first = lines.indexOf(header) + 2;
    int end = first;
    while (end < lines.size() && lines.get(end).startsWith("|")) {
      end++;
    }
    if (Boolean.getBoolean(WRITE)) {
      List<String> written = new ArrayList<>(lines.subList(0, first));
      written.addAll(rows);
      written.addAll(lines.subList(end, lines.size()));
      Files.write(page, written);
    } else {
      assertThat(lines.subList(first, end))
          .as("%s; -D%s=true writes it", page, WRITE)
          .isEqualTo(rows);
    }
  }

  /// No line outside the table looks like one of its rows.
  ///
  /// @param count how many rows the table has
  public void assertNoOtherRows(String start, int count) throws IOException {
    assertThat(Files.readAllLines(page).stream().filter(line -> line.startsWith(start)))
        .as("rows of %s that begin with %s", page, start)
        .hasSize(count);
  }
}
