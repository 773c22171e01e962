package dev.pilotlight.cli.audit.bill.read;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.Format;
import dev.pilotlight.cli.audit.bill.line.Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Reads a bill that is a Parquet file.
final class ParquetBill {
  // kept, because loggers are collected and forget their level; Hardwood logs how it decodes
  private static final Logger HARDWOOD = Logger.getLogger("dev.hardwood");

  private final Run run;

  ParquetBill(Run run) {
    this.run = run;
    HARDWOOD.setLevel(Level.WARNING);
  }

  void read(Path path) throws IOException {
    long bytesBefore = run.bytes.get();
    try (ParquetFileReader parquet =
        intact(path, () -> ParquetFileReader.open(InputFile.of(path)))) {
      List<String> names =
          parquet.getFileSchema().getRootNode().children().stream().map(SchemaNode::name).toList();
      Header header = Header.of(path.toString(), names);
      if (header.format() == Format.COST_EXPLORER) {
        throw new BillException(path + ": not the columns of a bill; accepted: " + Header.ACCEPTED);
      }
      BillFile file = new BillFile(path.toString(), header.format(), "row");
      long rows = parquet.getFileMetaData().numRows();
      if (rows > 0) {
        readRows(path, file, header, parquet, rows);
      }
      run.endFile(file);
    }
    run.bytes.set(bytesBefore + Files.size(path));
  }

  private void readRows(
      Path path, BillFile file, Header header, ParquetFileReader parquet, long rows)
      throws IOException {
    long bytesBefore = run.bytes.get();
    double bytesOfRow = Files.size(path) / (double) rows;
    List<String> needed = new ArrayList<>();
    for (int i = 0; i < header.slots().length; i++) {
      if (header.slots()[i] >= 0) {
        needed.add(header.names().get(i));
      }
    }
    ColumnProjection projection = ColumnProjection.columns(needed.toArray(String[]::new));
    try (ColumnReaders readers =
        intact(path, () -> parquet.buildColumnReaders(projection).build())) {
      ParquetCells cells = new ParquetCells(file, header, readers);
      Lines lines = run.lines(header.format());
      long before = 0;
      while (intact(path, readers::nextBatch)) {
        cells.load(before);
        int count = readers.getRecordCount();
        for (int row = 0; row < count; row++) {
          cells.at(row);
          run.take(cells, lines);
        }
        before += count;
        run.bytes.set(bytesBefore + (long) (before * bytesOfRow));
        run.show();
      }
      if (before != rows) {
        throw new BillException(
            file.at(before) + ": ends before its " + rows + " rows; accepted: the whole file");
      }
    }
  }

  /// Hardwood's own exceptions name no file.
  private static <T> T intact(Path path, Callable<T> reading) throws IOException {
    try {
      return reading.call();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new BillException(
          path + ": damaged Parquet: " + e.getMessage() + "; accepted: the whole file", e);
    }
  }
}
