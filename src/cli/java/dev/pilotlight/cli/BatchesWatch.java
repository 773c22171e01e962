package dev.pilotlight.cli;

import dev.pilotlight.cli.batches.BatchForms;
import dev.pilotlight.cli.batches.BatchList;
import dev.pilotlight.cli.batches.BatchRow;
import dev.pilotlight.cli.batches.BatchState;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.support.json.JsonBytes;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Shows batches until all have ended: up to 20 as progress bars on a terminal, otherwise one line
/// or JSON object per change.
///
/// @param every time between two reads
record BatchesWatch(PrintWriter out, Terminal terminal, boolean json, Duration every) {
  /// Maximum number of bars: the cursor cannot return to lines that have scrolled off the screen.
  private static final int BARS_MAX = 20;

  private static final String ERASE_BELOW = "\u001b[J";
  // the bars cannot be erased if a line wraps
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  /// Watches until no batch is active.
  ///
  /// @param keys of the batches
  /// @return whether all of them are done
  boolean watch(BatchList batches, List<String> keys) throws Refused, InterruptedException {
    Map<String, String> shown = new HashMap<>();
    int drawn = 0;
    while (true) {
      List<BatchRow> rows = batches.read(keys);
      if (terminal.interactive() && !json && keys.size() <= BARS_MAX) {
        drawn = draw(rows, drawn);
      } else {
        rows.forEach(row -> change(row, shown));
      }
      if (rows.stream().noneMatch(row -> row.state().isActive())) {
        return rows.size() == keys.size()
            && rows.stream().allMatch(row -> row.state() == BatchState.DONE);
      }
      Thread.sleep(every);
    }
  }

  private int draw(List<BatchRow> rows, int drawn) {
    out.print(drawn == 0 ? NO_WRAP : NO_WRAP + "\u001b[%dA".formatted(drawn) + "\r" + ERASE_BELOW);
    rows.forEach(row -> out.println(Texts.oneLine(BatchForms.bar(row))));
    out.print(WRAP);
    out.flush();
    return rows.size();
  }

  private void change(BatchRow row, Map<String, String> shown) {
    String bar = Texts.oneLine(BatchForms.bar(row));
    if (bar.equals(shown.put(row.key(), bar))) {
      return;
    }
    Instant now = Instant.now();
    if (json) {
      JsonBytes object = new JsonBytes();
      BatchForms.write(object, row, now);
      out.println(new String(object.toByteArray(), StandardCharsets.UTF_8));
    } else {
      out.println(Texts.oneLine(BatchForms.line(row, now)));
    }
    out.flush();
  }
}
