package dev.pilotlight.wordpiece;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SavedVocabularyTest {
  private static final Path ORIGINAL = Path.of("models/all-minilm-l6-v2/1/tokenizer.json");

  @TempDir private Path directory;
  private Path json;
  private Path saved;

  @BeforeEach
  void save() throws IOException {
    json = Files.copy(ORIGINAL, directory.resolve("tokenizer.json"));
    saved = SavedVocabulary.fileFor(json);
    assertThat(TokenizerFile.save(json)).isTrue();
  }

  @Test
  void loadedVocabularyEqualsTheParsedOne() throws IOException {
    TokenizerFile parsed = TokenizerFile.read(ORIGINAL, false).orElseThrow();
    TokenizerFile loaded = TokenizerFile.read(json, true).orElseThrow();

    assertThat(isUsed()).isTrue();
    assertThat(loaded.rest()).isEqualTo(parsed.rest());
    assertThat(loaded.vocabulary().bytesMax()).isEqualTo(parsed.vocabulary().bytesMax());
    List<String> tokens = tokens();
    assertThat(tokens).hasSizeGreaterThan(30_000);
    for (String token : tokens) {
      int id = parsed.vocabulary().find(token);
      assertThat(id).isNotEqualTo(Vocabulary.NONE);
      assertThat(loaded.vocabulary().find(token)).isEqualTo(id);
      assertThat(loaded.vocabulary().find(token + "\u0001")).isEqualTo(Vocabulary.NONE);
    }
  }

  @Test
  void loadedVocabularyTakesMoreTokens() throws IOException {
    Vocabulary loaded = TokenizerFile.read(json, true).orElseThrow().vocabulary();

    for (int i = 0; i < 50_000; i++) {
      byte[] token = ("new token " + i).getBytes(StandardCharsets.UTF_8);
      loaded.put(token, 0, token.length, Vocabulary.hash(token), i);
    }
    assertThat(loaded.find("new token 49999")).isEqualTo(49_999);
    assertThat(loaded.find("[CLS]")).isEqualTo(101);
  }

  @Test
  void damagedFileIsNotUsed() throws IOException {
    byte[] bytes = Files.readAllBytes(saved);
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = bytes.clone();
      int at = i < 40 ? i : random.nextInt(bytes.length);
      damaged[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      Files.write(saved, damaged);

      assertThat(isUsed()).as("byte %d", at).isFalse();
    }
    for (int length : new int[] {0, 3, 4, 31, 32, 33, bytes.length - 1}) {
      Files.write(saved, Arrays.copyOf(bytes, length));

      assertThat(isUsed()).as("%d bytes", length).isFalse();
      assertThat(TokenizerFile.read(json, true)).isPresent();
    }
  }

  @Test
  void fileOfAnotherVocabularyIsNotUsed() throws IOException {
    String text = Files.readString(json);
    Files.writeString(json, text.replace("\"hello\": 7592", "\"hello\": 7593"));
    assertThat(Files.size(json)).isEqualTo(Files.size(ORIGINAL));

    assertThat(isUsed()).isFalse();
    assertThat(TokenizerFile.read(json, true).orElseThrow().vocabulary().find("hello"))
        .isEqualTo(7593);

    Files.copy(ORIGINAL, json, StandardCopyOption.REPLACE_EXISTING);
    assertThat(isUsed()).isTrue();
    Files.writeString(json, text + "\n");
    assertThat(isUsed()).isFalse();
  }

  @Test
  void fileWithAWrongLengthAndARightChecksumIsNotUsed() throws IOException {
    byte[] bytes = Files.readAllBytes(saved);
    for (int at : new int[] {12, 16}) {
      for (int value : new int[] {-1, Integer.MAX_VALUE, bytes.length}) {
        ByteBuffer changed = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        changed.putInt(at, value);
        CRC32 checksum = new CRC32();
        checksum.update(changed.array(), 0, bytes.length - Integer.BYTES);
        changed.putInt(bytes.length - Integer.BYTES, (int) checksum.getValue());
        Files.write(saved, changed.array());

        assertThat(isUsed()).as("%d at byte %d", value, at).isFalse();
      }
    }
  }

  @Test
  void nothingIsSavedForAnotherKindOfTokenizer() throws IOException {
    Files.writeString(json, "{\"model\":{\"type\":\"BPE\"}}");

    assertThat(TokenizerFile.save(json)).isFalse();

    assertThat(saved).doesNotExist();
  }

  private boolean isUsed() throws IOException {
    return SavedVocabulary.load(saved, TokenizerFile.bytes(json)) != null;
  }

  private static List<String> tokens() throws IOException {
    JsonNode vocabulary =
        new ObjectMapper().readTree(Files.readString(ORIGINAL)).get("model").get("vocab");
    List<String> tokens = new ArrayList<>();
    for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
      tokens.add(token.getKey());
    }
    return tokens;
  }
}
