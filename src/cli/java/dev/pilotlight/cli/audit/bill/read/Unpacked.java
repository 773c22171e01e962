package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.pack.CheckedEntry;
import dev.pilotlight.cli.audit.bill.pack.CountedStream;
import dev.pilotlight.cli.audit.bill.pack.GzipMembers;
import dev.pilotlight.cli.audit.bill.pack.Magic;
import dev.pilotlight.cli.audit.bill.pack.ReadAhead;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// Opens a file by its first bytes, unpacks it, and hands it to the reader of its format.
final class Unpacked {
  private static final int BUFFER = 1 << 16;

  private final Run run;
  private final CsvBill csv;

  Unpacked(Run run) {
    this.run = run;
    this.csv = new CsvBill(run);
  }

  void read(Path file) throws InterruptedException {
    try {
      switch (Magic.of(file)) {
        case PARQUET -> new ParquetBill(run).read(file);
        case ZIP -> readZip(file);
        case GZIP, TEXT -> {
          try (InputStream in = new CountedStream(Files.newInputStream(file), run.bytes, 1)) {
            readStream(file.toString(), in);
          }
        }
      }
    } catch (IOException e) {
      throw new BillException(
          file + ": " + e.getMessage() + "; accepted: a file that can be read in full", e);
    }
  }

  private void readStream(String name, InputStream in) throws IOException, InterruptedException {
    BufferedInputStream bytes = new BufferedInputStream(in, BUFFER);
    bytes.mark(Magic.LENGTH);
    Magic magic = Magic.of(bytes.readNBytes(Magic.LENGTH));
    bytes.reset();
    switch (magic) {
      case TEXT -> csv.read(name, bytes);
      case GZIP -> {
        try (InputStream unpacked = new ReadAhead(new GzipMembers(bytes))) {
          readStream(name, unpacked);
        }
      }
      case ZIP, PARQUET ->
          throw new BillException(
              name
                  + ": a "
                  + magic.name().toLowerCase(Locale.ROOT)
                  + " file within another one;"
                  + " accepted: CSV in it, so unpack it first");
    }
  }

  private void readZip(Path file) throws IOException, InterruptedException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<? extends ZipEntry> entries =
          zip.stream().filter(entry -> !entry.isDirectory() && !isJunk(entry.getName())).toList();
      if (entries.isEmpty()) {
        throw new BillException(file + ": the zip is empty; accepted: CSV in it");
      }
      for (ZipEntry entry : entries) {
        readEntry(file, zip, entry);
      }
    } catch (ZipException e) {
      throw new BillException(
          file + ": damaged or truncated zip: " + e.getMessage() + "; accepted: the whole file", e);
    }
  }

  // macOS adds them
  private static boolean isJunk(String name) {
    return name.startsWith("__MACOSX/") || name.endsWith(".DS_Store");
  }

  private void readEntry(Path file, ZipFile zip, ZipEntry entry)
      throws IOException, InterruptedException {
    String name = file + "!" + entry.getName();
    double onDisk = entry.getCompressedSize() / (double) Math.max(1, entry.getSize());
    InputStream checked = new CheckedEntry(zip.getInputStream(entry), entry.getCrc());
    try (InputStream in = new ReadAhead(new CountedStream(checked, run.bytes, onDisk))) {
      readStream(name, in);
    }
  }
}
