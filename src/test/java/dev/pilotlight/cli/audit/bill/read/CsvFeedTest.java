package dev.pilotlight.cli.audit.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cli.audit.bill.BillException;
import java.io.Reader;
import java.io.StringReader;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A CSV that another thread parses fails on the reader's one, and long cells stay within bounds.
final class CsvFeedTest {
  private static final List<String> NAMES =
      List.of("EffectiveCost", "ChargeCategory", "ChargePeriodStart", "ServiceName");
  private static final String HEADER = String.join(",", NAMES) + "\n";

  private static CsvFeed started(Reader reader) {
    CsvFeed feed = new CsvFeed("bill.csv", reader, ',');
    assertThat(feed.header()).isEqualTo(NAMES);
    feed.start(Header.of("bill.csv", NAMES));
    return feed;
  }

  @Test
  @Timeout(20)
  void errorOfTheOtherThreadReachesTheReader() throws Exception {
    Reader failing =
        new Reader() {
          private boolean read;

          @Override
          public int read(char[] chars, int offset, int length) {
            if (read) {
              throw new OutOfMemoryError("no room");
            }
            read = true;
            HEADER.getChars(0, HEADER.length(), chars, offset);
            return HEADER.length();
          }

          @Override
          public void close() {}
        };

    try (CsvFeed feed = started(failing)) {
      assertThatThrownBy(feed::next)
          .isInstanceOf(BillException.class)
          .hasMessageContainingAll(
              "bill.csv, line", "no room", "accepted: lines that fit the heap");
    }
  }

  @Test
  @Timeout(60)
  void blockWithLongCellsEndsEarly() throws Exception {
    String line = "1,Usage,2026-10-01," + "x".repeat(1 << 19) + "\n";

    try (CsvFeed feed = started(new StringReader(HEADER + line.repeat(20)))) {
      CsvBlock block = Objects.requireNonNull(feed.next());
      assertThat(block.rows).isBetween(7, 10);
    }
  }

  @Test
  @Timeout(60)
  void cellOfOverAMillionCharactersIsRefused() throws Exception {
    String line = "1,Usage,2026-10-01," + "x".repeat((1 << 20) + 1) + "\n";

    try (CsvFeed feed = started(new StringReader(HEADER + line))) {
      assertThatThrownBy(feed::next)
          .isInstanceOf(BillException.class)
          .hasMessageContainingAll("bill.csv, line 2", "1048577 characters", "accepted");
    }
  }
}
