package dev.pilotlight.cli.audit.bill.read;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/// Keeps the last character, which is a line break unless the file is cut or its writer left it
/// out.
final class LastChar extends FilterReader {
  private char last;

  LastChar(Reader in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int c = super.read();
    last = c < 0 ? last : (char) c;
    return c;
  }

  @Override
  public int read(char[] chars, int offset, int length) throws IOException {
    int count = super.read(chars, offset, length);
    last = count <= 0 ? last : chars[offset + count - 1];
    return count;
  }

  /// Whether the text that was read ends with a line break.
  boolean isLineBreak() {
    return last == '\n' || last == '\r';
  }
}
