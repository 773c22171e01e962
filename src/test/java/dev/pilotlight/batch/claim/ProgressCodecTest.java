package dev.pilotlight.batch.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Form;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.claim.Progress.Upload;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressCodecTest {
  private static final int ITEM_BYTES_MAX = 400 * 1024;
  private static final int PARTS_MAX = 10_000;

  @Test
  void allOfItComesBack() {
    Progress progress =
        new Progress(
            Phase.PUBLISHING,
            1L << 50,
            new Counts(1, 2, 3, 4, 5, 6, 7, 8),
            new Upload(Optional.of("an upload"), List.of("a", "b"), Optional.of("täil 🙂"), 9),
            new Upload(Optional.empty(), List.of(), Optional.of("other"), 10),
            Map.of("m/1", "digest", "n/2", "other digest"));
    assertThat(again(progress)).isEqualTo(progress);
    assertThat(again(Progress.NONE)).isEqualTo(Progress.NONE);
    for (Form form : Form.values()) {
      assertThat(again(progress.with(form))).isEqualTo(progress.with(form));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "d41d8cd98f00b204e9800998ecf8427e",
        "00000000000000000000000000000000",
        "D41D8CD98F00B204E9800998ECF8427E",
        "d41d8cd98f00b204e9800998ecf8427e-2",
        "d41d8cd98f00b204e9800998ecf8427",
        "\"quoted\"",
        ""
      })
  void anETagComesBackAsItWas(String eTag) {
    Progress progress = withParts(List.of(eTag, "in between", eTag));
    assertThat(again(progress)).isEqualTo(progress);
  }

  @Test
  void allPartsThatS3AllowsFitIntoAnItem() {
    List<String> eTags = IntStream.range(0, PARTS_MAX).mapToObj("%032x"::formatted).toList();
    Progress progress = withParts(eTags);
    assertThat(ProgressCodec.encode(progress)).hasSizeLessThan(ITEM_BYTES_MAX - 20_000);
    assertThat(again(progress)).isEqualTo(progress);
  }

  @Test
  void anotherFormIsRefused() {
    byte[] bytes = ProgressCodec.encode(Progress.NONE);
    bytes[0] = 9;
    assertThatThrownBy(() -> ProgressCodec.decode(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the batch's progress has form 9; accepted: 1");
  }

  @Test
  void truncatedProgressIsRefused() {
    byte[] bytes = ProgressCodec.encode(withParts(List.of("a", "%032x".formatted(1))));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> ProgressCodec.decode(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Progress again(Progress progress) {
    return ProgressCodec.decode(ProgressCodec.encode(progress));
  }

  private static Progress withParts(List<String> eTags) {
    Upload upload = new Upload(Optional.of("u".repeat(500)), eTags, Optional.empty(), 1);
    return new Progress(Phase.LINES, 1, Counts.NONE, upload, upload, Map.of());
  }
}
