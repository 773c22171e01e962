package dev.pilotlight.batch.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

final class LentBytesTest {
  private final byte[] array = {1, -2, 3, 4, 5, 9, 9};
  private final LentBytes lent = new LentBytes(array, 5);

  @Test
  void eachStreamBeginsAtTheStartAndEndsAtTheLength() throws IOException {
    for (int i = 0; i < 2; i++) {
      assertThat(lent.newStream().readAllBytes()).containsExactly(1, -2, 3, 4, 5);
    }
    InputStream single = lent.newStream();
    assertThat(single.read()).isEqualTo(1);
    assertThat(single.read()).isEqualTo(254);
    assertThat(single.available()).isEqualTo(3);
  }

  @Test
  void nothingMoreIsReadOnceTheyAreTakenBack() throws IOException {
    InputStream begun = lent.newStream();
    assertThat(begun.readNBytes(2)).containsExactly(1, -2);

    lent.close();
    array[2] = 7;

    assertThatThrownBy(begun::read).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> lent.newStream().read(new byte[3])).isInstanceOf(IOException.class);
  }
}
