package dev.pilotlight.support.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AnswerReaderTest {
  private static final int MILLION = 1_000_000;

  /// Copying the body for each chunk would take minutes.
  @Test
  void readsAMillionChunks() throws Exception {
    AnswerReader reader =
        reader(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "1\r\na\r\n2\r\nbc\r\n".repeat(MILLION / 2)
                + "0\r\n\r\n");
    assertThat(reader.read(2 * MILLION).body()).asString().isEqualTo("abc".repeat(MILLION / 2));
    assertThat(reader.canContinue()).isTrue();
  }

  @Test
  void boundsTheHead() throws Exception {
    String line = "X-Long: " + "y".repeat(1_000) + "\r\n";
    String within = "HTTP/1.1 200 OK\r\n" + line.repeat(60) + "Content-Length: 2\r\n\r\nok";
    AnswerReader reader = reader(within + "HTTP/1.1 200 OK\r\n" + line.repeat(70));
    assertThat(reader.read(2).body()).asString().isEqualTo("ok");
    assertThatThrownBy(() -> reader.read(2))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("head of the answer is over 65536 bytes");
  }

  private static AnswerReader reader(String bytes) {
    return new AnswerReader(new ByteArrayInputStream(bytes.getBytes(ISO_8859_1)));
  }
}
