package dev.pilotlight.cli.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.suite.Soak;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Protobuf that is read and written without a schema.
final class MessageTest {
  private static final Path SAMPLE = Path.of("models/all-minilm-l6-v2/1/model.onnx");

  @Test
  void anyMessageIsWrittenAsItWasRead() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < Soak.amount(500, 50_000); i++) {
      byte[] bytes = bytes(random(random, 3));

      assertThat(bytes(Message.parse(ByteBuffer.wrap(bytes)))).isEqualTo(bytes);
    }
  }

  @Test
  void aFileThatNothingChangesIsWrittenAsItWasRead(@TempDir Path root) throws IOException {
    Path copy = root.resolve("model.onnx");

    ModelFile.read(SAMPLE).write(copy, "data", ModelFile.INLINE_BYTES_MAX);

    assertThat(Files.mismatch(SAMPLE, copy)).isEqualTo(-1);
  }

  @Test
  void fieldsAreReadByTheirNumber() {
    Message message =
        new Message()
            .add(1, 3L)
            .add(1, -1L)
            .add(2, "Grüße")
            .add(2, "b")
            .add(3, 1.5f)
            .add(4, new Message().add(1, 300L));

    assertThat(message.numbers(1)).containsExactly(3, -1);
    assertThat(message.number(1, 0)).isEqualTo(-1);
    assertThat(message.number(9, 5)).isEqualTo(5);
    assertThat(message.texts(2)).containsExactly("Grüße", "b");
    assertThat(message.real(3, 0)).isEqualTo(1.5f);
    assertThat(message.messages(4)).singleElement().matches(one -> one.number(1, 0) == 300);
    assertThat(message.has(4)).isTrue();
    assertThat(message.has(5)).isFalse();
  }

  @Test
  void packedAndSingleNumbersAreTheSame() {
    Message packed = new Message().add(1, ByteBuffer.wrap(new byte[] {3, (byte) 0xAC, 2}));
    Message reals = new Message().add(4, 1f).add(4, 2f);

    assertThat(packed.numbers(1)).containsExactly(3, 300);
    assertThat(reals.joined(4).getFloat(4)).isEqualTo(2);
  }

  @Test
  void replacedMessagesStandWhereTheFirstOfThemStood() throws IOException {
    Message message =
        new Message().add(1, 1L).add(2, "a").add(3, 3L).add(2, "b").replace(2, List.of());
    assertThat(bytes(message)).isEqualTo(bytes(new Message().add(1, 1L).add(3, 3L)));

    message = new Message().add(1, 1L).add(2, "a").add(3, 3L);
    message.replace(2, List.of(new Message().add(5, 5L)));
    assertThat(bytes(message))
        .isEqualTo(bytes(new Message().add(1, 1L).add(2, new Message().add(5, 5L)).add(3, 3L)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0a05", "08", "0b", "08ffffffffffffffffffff01", "0a8080808080808080807f"})
  void bytesThatAreNotProtobufAreRefused(String hex) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));

    assertThatThrownBy(() -> Message.parse(bytes))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("not valid protobuf");
  }

  private static Message random(Random random, int depth) {
    Message message = new Message();
    for (int i = random.nextInt(6); i > 0; i--) {
      int field = 1 + random.nextInt(random.nextBoolean() ? 20 : 100_000);
      switch (random.nextInt(depth > 0 ? 4 : 3)) {
        case 0 -> message.add(field, random.nextLong() >> random.nextInt(64));
        case 1 -> message.add(field, random.nextFloat());
        case 2 -> {
          byte[] value = new byte[random.nextInt(300)];
          random.nextBytes(value);
          message.add(field, ByteBuffer.wrap(value));
        }
        default -> message.add(field, random(random, depth - 1));
      }
    }
    return message;
  }

  private static byte[] bytes(Message message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.write(
        bytes -> {
          byte[] part = new byte[bytes.remaining()];
          bytes.get(part);
          out.writeBytes(part);
        });
    assertThat(message.size()).isEqualTo(out.size());
    return out.toByteArray();
  }
}
