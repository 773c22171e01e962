package dev.pilotlight.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.idempotency.SavedAnswer.UnreadableException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SavedAnswerTest {
  private static final byte[] TEXT =
      "{\"embedding\":[0.125,0.125,0.25]}".repeat(300).getBytes(UTF_8);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isReadAsItWasWritten(boolean binary) throws UnreadableException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    headers.put("inference-header-content-length", "17");
    headers.put("a-last", "\u00e9");
    byte[] body = new byte[70_000];
    new Random(7).nextBytes(body);

    SavedAnswer read = SavedAnswer.decode(new SavedAnswer(200, headers, binary, body).encode());

    assertThat(read.status()).isEqualTo(200);
    assertThat(read.headers()).containsExactlyEntriesOf(headers);
    assertThat(read.binary()).isEqualTo(binary);
    assertThat(read.body()).isEqualTo(body);
  }

  @Test
  void textIsCompressed() {
    assertThat(new SavedAnswer(200, Map.of(), false, TEXT).encode())
        .hasSizeLessThan(TEXT.length / 10);
  }

  @Test
  void damageIsFoundOrChangesNothing() throws UnreadableException {
    byte[] bytes = new SavedAnswer(200, Map.of("a", "b"), false, TEXT).encode();
    int found = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 0x10;
      try {
        SavedAnswer read = SavedAnswer.decode(damaged);
        // codes that nothing uses, and the last bits before the checksum, have no meaning
        assertThat(read.body()).as("byte %d", i).isEqualTo(TEXT);
        assertThat(read.headers()).containsExactlyEntriesOf(Map.of("a", "b"));
        assertThat(read.status()).isEqualTo(200);
      } catch (UnreadableException e) {
        found++;
      }
    }
    assertThat(found).isGreaterThan(bytes.length / 2);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> SavedAnswer.decode(cut), "%d bytes", length)
          .isInstanceOf(UnreadableException.class);
    }
  }
}
