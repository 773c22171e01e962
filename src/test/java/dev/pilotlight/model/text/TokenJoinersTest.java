package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.domain.text.TokenJoiner;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.head.TokenWords;
import dev.pilotlight.model.repository.Repositories;
import dev.pilotlight.wordpiece.RandomTexts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens become the texts that the tokenizers library decodes.
final class TokenJoinersTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/entities.json");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TEXTS = 300;
  private static final long SEED = 3;

  @TempDir private Path root;

  @Test
  void wordPiece() throws IOException {
    String json = Files.readString(Repositories.SAMPLE.resolve("tokenizer.json"));
    assertThat(compare(json)).isInstanceOf(TokenJoiner.WordPiece.class);
  }

  @Test
  void wordPieceWithoutCleanUpOrWithoutDecoder() throws IOException {
    String json = Files.readString(Repositories.SAMPLE.resolve("tokenizer.json"));
    assertThat(compare(with(json, "{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":false}")))
        .isEqualTo(new TokenJoiner.WordPiece("##", false));
    assertThat(compare(with(json, "null"))).isEqualTo(new TokenJoiner.Spaces());
    assertThat(compare(with(json, "{\"type\":\"BPEDecoder\",\"suffix\":\"e\"}")))
        .isEqualTo(new TokenJoiner.Suffix("e"));
  }

  @Test
  void metaspace() throws IOException {
    String json = golden("unigram");
    assertThat(compare(json)).isEqualTo(new TokenJoiner.Metaspace("\u2581", true));
    String never =
        "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"never\","
            + "\"split\":true}";
    assertThat(compare(with(json, never))).isEqualTo(new TokenJoiner.Metaspace("\u2581", false));
    String old = "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"add_prefix_space\":true}";
    assertThat(compare(with(json, old))).isEqualTo(new TokenJoiner.Metaspace("\u2581", true));
  }

  @Test
  void byteLevel() throws IOException {
    assertThat(compare(golden("byte-level"))).isEqualTo(new TokenJoiner.ByteLevel());
  }

  private static String golden(String name) throws IOException {
    for (JsonNode model : JSON.readTree(GOLDEN.toFile()).get("models")) {
      if (model.get("name").asText().equals(name)) {
        return model.get("tokenizer").toString();
      }
    }
    throw new AssertionError(name);
  }

  private static String with(String json, String decoder) throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(json);
    root.set("decoder", JSON.readTree(decoder));
    return root.toString();
  }

  /// Parts of random texts, which begin and end within words and characters.
  private TokenJoiner compare(String json) throws IOException {
    Path file = Files.writeString(root.resolve("tokenizer.json"), json);
    byte[] config = "{\"unk_token\": \"?\"}".getBytes(StandardCharsets.UTF_8);
    JsonFile flags = JsonFile.of(ModelFiles.TOKENIZER_CONFIG, config);
    TokenJoiner joiner = TokenWords.read(file, flags).joiner();
    RandomTexts texts = new RandomTexts(SEED);
    Random random = new Random(SEED);
    try (Tokenizer tokenizer = Tokenizer.open(file, new TextOptions(512, false, false))) {
      for (int i = 0; i < TEXTS; i++) {
        String text = texts.next().replaceAll("\\p{Cs}", "") + " it's, isn't it? I do not.";
        TokenIds tokens = tokenizer.locate(text, true);
        String[] names = Objects.requireNonNull(tokens.places()).names();
        int from = random.nextInt(names.length);
        int to = from + 1 + random.nextInt(names.length - from);
        int[] ids = Arrays.stream(tokens.ids(), from, to).mapToInt(Math::toIntExact).toArray();
        List<String> part = List.of(Arrays.copyOfRange(names, from, to));
        if (hasUnknown(tokens, from, to)) {
          continue; // the library names it by its text
        }
        assertThat(joiner.join(part)).isEqualTo(tokenizer.decode(ids, false));
      }
    }
    return joiner;
  }

  private static boolean hasUnknown(TokenIds tokens, int from, int to) {
    TokenPlaces places = Objects.requireNonNull(tokens.places());
    for (int i = from; i < to; i++) {
      // <unk> of the small vocabularies
      if (tokens.ids()[i] == 2 && !places.names()[i].equals("<unk>")) {
        return true;
      }
    }
    return false;
  }
}
