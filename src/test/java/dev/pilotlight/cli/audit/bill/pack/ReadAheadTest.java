package dev.pilotlight.cli.audit.bill.pack;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A stream that is read on another thread fails on the reader's one.
final class ReadAheadTest {

  @Test
  @Timeout(20)
  void errorOfTheOtherThreadReachesTheReader() throws IOException {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() {
            throw new OutOfMemoryError("no room");
          }

          @Override
          public int read(byte[] bytes, int from, int length) {
            return read();
          }
        };

    try (ReadAhead ahead = new ReadAhead(failing)) {
      assertThatThrownBy(ahead::read)
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("not unpacked", "no room");
    }
  }
}
