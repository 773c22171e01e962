package dev.pilotlight.cli.audit.bill.read;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.pilotlight.cli.audit.bill.BillException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/// The text of a CSV, from its first line.
///
/// @param separator comma, semicolon or tab
/// @param header the cells of the first line
record Text(Reader reader, char separator, List<String> header) {
  private static final int SNIFF = 1 << 18;
  private static final String SEPARATORS = ",;\t";

  /// @param place for messages, such as `cur.csv`
  static Text of(String place, InputStream in) throws IOException {
    BufferedInputStream bytes = new BufferedInputStream(in, SNIFF);
    bytes.mark(SNIFF);
    byte[] start = bytes.readNBytes(SNIFF - 1);
    bytes.reset();
    Charset charset = charset(start);
    int mark = mark(start, charset);
    bytes.skipNBytes(mark);
    String text = new String(start, mark, start.length - mark, charset);
    if (text.isBlank()) {
      throw new BillException(
          place + ", line 1: the file is empty; accepted: a header, or " + Header.ACCEPTED);
    }
    if (text.indexOf(0) >= 0) {
      throw new BillException(place + ": not text and not Parquet; accepted: " + Header.ACCEPTED);
    }
    String line = text.lines().findFirst().orElse("");
    char separator = separator(line);
    Reader reader =
        new InputStreamReader(
            bytes,
            charset
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
    return new Text(reader, separator, cells(line, separator));
  }

  private static Charset charset(byte[] start) {
    if (start.length >= 2 && start[0] == (byte) 0xFF && start[1] == (byte) 0xFE) {
      return StandardCharsets.UTF_16LE;
    }
    if (start.length >= 2 && start[0] == (byte) 0xFE && start[1] == (byte) 0xFF) {
      return StandardCharsets.UTF_16BE;
    }
    return StandardCharsets.UTF_8;
  }

  /// The length of the byte-order mark.
  private static int mark(byte[] start, Charset charset) {
    if (!charset.equals(StandardCharsets.UTF_8)) {
      return 2;
    }
    boolean marked =
        start.length >= 3
            && start[0] == (byte) 0xEF
            && start[1] == (byte) 0xBB
            && start[2] == (byte) 0xBF;
    return marked ? 3 : 0;
  }

  private static char separator(String line) {
    char best = ',';
    for (int i = 0; i < SEPARATORS.length(); i++) {
      char candidate = SEPARATORS.charAt(i);
      if (cells(line, candidate).size() > cells(line, best).size()) {
        best = candidate;
      }
    }
    return best;
  }

  private static List<String> cells(String line, char separator) {
    try {
      Iterator<CsvRecord> records =
          CsvReader.builder().fieldSeparator(separator).ofCsvRecord(line).iterator();
      return records.hasNext()
          ? records.next().getFields().stream().map(String::strip).toList()
          : List.of();
    } catch (CsvParseException e) {
      return List.of();
    }
  }
}
