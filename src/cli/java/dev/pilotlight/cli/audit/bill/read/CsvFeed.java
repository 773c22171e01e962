package dev.pilotlight.cli.audit.bill.read;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.pilotlight.cli.audit.bill.BillException;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Parses a CSV on another thread, some blocks ahead of its reader.
final class CsvFeed implements AutoCloseable {
  private static final int BLOCKS = 4;

  private final String name;
  private final CsvHandler handler = new CsvHandler();
  private final CsvReader<CsvHandler> reader;
  private final Iterator<CsvHandler> records;
  private final BlockingQueue<CsvBlock> free = new ArrayBlockingQueue<>(BLOCKS);
  private final BlockingQueue<Object> full = new ArrayBlockingQueue<>(BLOCKS + 1);
  private @Nullable Thread thread;

  private enum End {
    END
  }

  CsvFeed(String name, Reader text, char separator) {
    this.name = name;
    this.reader =
        CsvReader.builder().fieldSeparator(separator).detectBomHeader(false).build(handler, text);
    this.records = reader.iterator();
  }

  /// The cells of the first line; empty if there is none.
  List<String> header() {
    try {
      if (!records.hasNext()) {
        return List.of();
      }
      var _ = records.next();
      return handler.header();
    } catch (CsvParseException | UncheckedIOException e) {
      throw failure(e);
    }
  }

  void start(Header header) {
    handler.slots(header.slots());
    for (int i = 0; i < BLOCKS; i++) {
      free.add(new CsvBlock(header.columns().length));
    }
    thread = Thread.ofPlatform().daemon().name("bill-csv").start(this::parse);
  }

  private void parse() {
    try {
      try {
        fill();
        full.put(End.END);
      } catch (RuntimeException | Error e) {
        // as it is: after an OutOfMemoryError there may be no room for another exception
        full.put(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fill() throws InterruptedException {
    CsvBlock block = free.take();
    block.clear();
    handler.fill(block);
    while (records.hasNext()) {
      var _ = records.next();
      if (block.full()) {
        full.put(block);
        block = free.take();
        block.clear();
        handler.fill(block);
      }
    }
    if (block.rows > 0) {
      full.put(block);
    }
  }

  /// The next lines; null at the end. Give them back by [#release].
  @Nullable CsvBlock next() throws InterruptedException {
    return switch (full.take()) {
      case CsvBlock block -> block;
      case Throwable e -> throw failure(e);
      default -> null;
    };
  }

  void release(CsvBlock block) {
    free.add(block);
  }

  private String place() {
    return name + ", line " + Math.max(1, handler.line());
  }

  private BillException failure(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof IOException)) {
      cause = cause.getCause();
    }
    String problem =
        switch (cause) {
          case EOFException _ ->
              "the file ends here, too early: it is truncated; accepted: the whole file";
          case CharacterCodingException _ ->
              "after this line there is text that is not UTF-8; accepted: UTF-8, or UTF-16 with a"
                  + " byte-order mark";
          case IOException io -> io.getMessage() + "; accepted: a file that can be read in full";
          case CsvBlock.TooLong tooLong -> tooLong.getMessage();
          case Error error -> error + "; accepted: lines that fit the heap";
          default -> cause.getMessage() + "; accepted: lines with as many cells as the header";
        };
    return new BillException(place() + ": " + problem, e);
  }

  @Override
  public void close() throws IOException {
    Thread parser = thread;
    if (parser != null) {
      parser.interrupt();
      try {
        parser.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    reader.close();
  }
}
