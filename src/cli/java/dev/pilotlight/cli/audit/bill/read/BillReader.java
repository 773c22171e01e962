package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillProgress;
import dev.pilotlight.cli.audit.bill.BillSummary;
import dev.pilotlight.cli.audit.bill.ChargeSink;
import dev.pilotlight.cli.audit.bill.line.Notes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads all files of a run, one after the other.
public final class BillReader {

  private BillReader() {}

  /// See [dev.pilotlight.cli.audit.bill.Bill#read].
  public static BillSummary read(List<Path> paths, ChargeSink sink, BillProgress progress) {
    try {
      Notes notes = new Notes();
      List<Path> files = new BillFiles(notes).of(paths);
      long size = 0;
      for (Path file : files) {
        size += Files.size(file);
      }
      Run run = new Run(sink, progress, size, notes);
      Unpacked unpacked = new Unpacked(run);
      for (Path file : files) {
        unpacked.read(file);
      }
      return run.summary();
    } catch (IOException e) {
      throw new BillException(
          e.getMessage() + " cannot be read; accepted: files that can be read in full", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BillException("interrupted", e);
    }
  }
}
