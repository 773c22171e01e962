package dev.pilotlight.cli.audit.bill.read;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the cells from FastCSV: the first line as strings, of every other line only the needed
/// cells, into a block.
final class CsvHandler extends CsvCallbackHandler<CsvHandler> {
  private final List<String> header = new ArrayList<>();
  private int[] slots = {};
  private @Nullable CsvBlock block;
  private long line;
  private int fields;
  private RecordType type = RecordType.DATA;

  List<String> header() {
    return List.copyOf(header);
  }

  /// Begins with the lines after the header.
  void slots(int[] slotsOfColumns) {
    slots = slotsOfColumns;
  }

  void fill(CsvBlock next) {
    block = next;
  }

  /// Where the last line begins.
  long line() {
    return line;
  }

  @Override
  protected RecordType getRecordType() {
    return type;
  }

  @Override
  protected int getFieldCount() {
    return fields;
  }

  @Override
  protected void beginRecord(long startingLine) {
    line = startingLine;
    fields = 0;
    type = RecordType.DATA;
  }

  @Override
  protected void addField(char[] buffer, int offset, int length, boolean quoted) {
    CsvBlock filled = block;
    if (filled == null) {
      header.add(new String(buffer, offset, length).strip());
    } else if (length > 0 && fields < slots.length) {
      int slot = slots[fields];
      if (slot >= 0) {
        filled.put(slot, buffer, offset, length);
      } else if (slot == Header.TAG) {
        filled.tagged[filled.rows] = true;
      }
    }
    fields++;
  }

  @Override
  protected void setComment(char[] buffer, int offset, int length) {
    type = RecordType.COMMENT;
  }

  @Override
  protected void setEmpty() {
    type = RecordType.EMPTY;
  }

  @Override
  protected CsvHandler buildRecord() {
    CsvBlock filled = block;
    if (filled != null && type == RecordType.DATA) {
      filled.lines[filled.rows++] = line;
    }
    return this;
  }
}
