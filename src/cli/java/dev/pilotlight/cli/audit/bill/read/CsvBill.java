package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.Format;
import dev.pilotlight.cli.audit.bill.line.Lines;
import java.io.IOException;
import java.io.InputStream;

/// Reads a bill that is a CSV.
final class CsvBill {
  private final Run run;

  CsvBill(Run run) {
    this.run = run;
  }

  /// @param name of the file, for messages
  void read(String name, InputStream in) throws IOException, InterruptedException {
    Text text = Text.of(name, in);
    Header header = Header.of(name + ", line 1", text.header());
    BillFile file = new BillFile(name, header.format(), "line");
    if (header.format() == Format.COST_EXPLORER) {
      new CostExplorer(file, run).read(text);
    } else {
      readLines(file, header, text);
    }
    run.endFile(file);
  }

  private void readLines(BillFile file, Header header, Text text)
      throws IOException, InterruptedException {
    Lines lines = run.lines(header.format());
    CsvCells cells = new CsvCells(file, header, new Decimals(text.separator()));
    LastChar reader = new LastChar(text.reader());
    try (CsvFeed feed = new CsvFeed(file.name(), reader, text.separator())) {
      if (!feed.header().equals(header.names())) {
        throw new BillException(file.at(1) + ": the header has a line break; accepted: one line");
      }
      feed.start(header);
      for (CsvBlock block = feed.next(); block != null; block = feed.next()) {
        take(block, cells, lines);
        feed.release(block);
        run.show();
      }
      if (!reader.isLineBreak()) {
        run.notes.add(
            file.name()
                + ": the last line does not end with a line break, as if the file were cut there:"
                + " compare its last cell with AWS's console");
      }
    }
  }

  private void take(CsvBlock block, CsvCells cells, Lines lines) {
    for (int row = 0; row < block.rows; row++) {
      cells.at(block, row);
      if (cells.repeatsHeader()) {
        run.notes.count("the header again, as in files that were joined: left out", cells);
      } else {
        run.take(cells, lines);
      }
    }
  }
}
