package dev.pilotlight.cli.audit.bill.read;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowGroupPredicate;
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

  private static final int BATCH = 8192;
  private static final int ROWS = 50_000;

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
    ParquetCells cells = new ParquetCells(file, header);
    Lines lines = run.lines(header.format());
    long before = 0;
    for (RowGroupPredicate groups : groups(parquet.getFileMetaData().rowGroups())) {
      try (ColumnReaders readers =
          intact(
              path,
              () ->
                  parquet
                      .buildColumnReaders(needed(header))
                      .batchSize(BATCH)
                      .filter(groups)
                      .build())) {
        cells.bind(readers);
        while (intact(path, readers::nextBatch)) {
          cells.load(before);
          int count = readers.getRecordCount();
          take(cells, count, lines);
          before += count;
          run.bytes.set(bytesBefore + (long) (before * bytesOfRow));
          run.show();
        }
      }
    }
    if (before != rows) {
      throw new BillException(
          file.at(before) + ": ends before its " + rows + " rows; accepted: the whole file");
    }
  }

  private void take(ParquetCells cells, int count, Lines lines) {
    for (int row = 0; row < count; row++) {
      cells.at(row);
      run.take(cells, lines);
    }
  }

  private static ColumnProjection needed(Header header) {
    List<String> needed = new ArrayList<>();
    for (int i = 0; i < header.slots().length; i++) {
      if (header.slots()[i] != Header.UNUSED) {
        needed.add(header.names().get(i));
      }
    }
    return ColumnProjection.columns(needed.toArray(String[]::new));
  }

  /// Parts of the file with some rows each. Hardwood decodes pages ahead in every column, and pages
  /// may have as many rows as a row group: all groups at once would not fit the heap.
  private static List<RowGroupPredicate> groups(List<RowGroup> groups) {
    List<RowGroupPredicate> parts = new ArrayList<>();
    long start = 0;
    long rows = 0;
    for (int i = 0; i < groups.size(); i++) {
      rows += groups.get(i).numRows();
      boolean last = i == groups.size() - 1;
      if (last || rows >= ROWS) {
        long end =
            last ? Long.MAX_VALUE : groups.get(i + 1).columns().getFirst().chunkStartOffset();
        parts.add(RowGroupPredicate.byteRange(start, end));
        start = end;
        rows = 0;
      }
    }
    return parts;
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
