package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.repository.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
final class TokenizerTest {
  private static final Path FILE = Repositories.SAMPLE.resolve("tokenizer.json");
  private static final int LIMIT = 256;
  private static final String ENGLISH =
      "The quick brown fox jumps over the lazy dog, and it's unbelievably foxlike. ";

  private final Tokenizer tokenizer;

  TokenizerTest(Encoder encoder) {
    tokenizer = Tokenizer.of(encoder.open(FILE), LIMIT, false);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  @Test
  void idsAreThoseOfTheFile() {
    assertThat(ids("hello world")).containsExactly(101, 7592, 2088, 102);
    assertThat(ids("HELLO World")).containsExactly(101, 7592, 2088, 102);
    // control characters are dropped, not where a text ends
    assertThat(ids("a\u0000b")).containsExactly(101, 11113, 102);
    assertThat(ids("\uD83D\uDE00 emoji")).containsExactly(101, 100, 7861, 29147, 2072, 102);
    assertThat(ids("e\u0301 \u0301")).containsExactly(101, 1041, 102);
    assertThat(ids("\u00e9")).containsExactly(101, 1041, 102);
    assertThat(ids("\u6f22\u5b57")).containsExactly(101, 1904, 100, 102);
    assertThat(ids("")).containsExactly(101, 102);
  }

  @Test
  void neitherTruncationNorPaddingOfTheFileCounts() throws IOException {
    assertThat(Files.readString(FILE)).contains("\"max_length\": 128", "\"Fixed\": 128");

    assertThat(ids("hello")).hasSize(3);
    assertThat(ids("hello ".repeat(200))).hasSize(202);
  }

  @Test
  void aCutTextHasTheIdsThatTheLibraryItselfGives() throws IOException {
    try (HuggingFaceTokenizer library = truncatingLibrary()) {
      for (String text :
          List.of(
              ENGLISH.repeat(30),
              "unbelievably".repeat(8).concat(" ").repeat(50),
              "\u6f22\u5b57 \uD83D\uDE00\u0301!".repeat(200),
              // far more than is read
              ENGLISH.repeat(4_000),
              "\u6f22".repeat(150_000))) {
        TokenIds cut = tokenizer.encode(text, true);
        assertThat(cut.ids()).isEqualTo(library.encode(text).getIds());
        assertThat(cut.typeIds()).hasSize(LIMIT);
      }
    }
  }

  @Test
  void aTextThatFitsIsNotCut() {
    String fits = "hello ".repeat(LIMIT - 2);

    assertThat(tokenizer.encode(fits, true).ids()).isEqualTo(tokenizer.encode(fits, false).ids());
  }

  @Test
  void aTextFarOverTheLimitIsRefusedWithoutBeingReadToItsEnd() {
    assertThatThrownBy(() -> tokenizer.encode(ENGLISH.repeat(100_000), false))
        .isInstanceOf(Refusal.class)
        .hasMessageMatching("the text has more than 2\\d{4} tokens; the model takes 256: .*");
  }

  @Test
  void aTextWithNextToNothingInItsFirstPartIsRefusedRatherThanMisread() {
    String text = " ".repeat(Tokenizer.CHARS_WHOLE + 1_000) + "hello";

    assertThatThrownBy(() -> tokenizer.encode(text, true))
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll("101005 characters", "first 100000");
  }

  @Test
  void manyThreadsMayEncodeAtOnce() throws InterruptedException {
    List<String> texts =
        IntStream.range(0, 2_000).mapToObj(i -> "text number " + i + " " + ENGLISH).toList();
    List<List<Long>> alone = texts.stream().map(this::list).toList();

    List<Future<List<Long>>> together;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      together =
          threads.invokeAll(texts.stream().<Callable<List<Long>>>map(t -> () -> list(t)).toList());
    }

    assertThat(together.stream().map(Future::resultNow).toList()).isEqualTo(alone);
  }

  @Test
  void fileThatIsNotATokenizerFailsToLoad(@TempDir Path directory) {
    Path file = directory.resolve("tokenizer.json");
    Repositories.write(file, "{\"version\": \"1.0\"}");

    assertThatThrownBy(() -> Tokenizer.open(file, new TextOptions(LIMIT, false, false)))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("cannot read tokenizer.json");
    assertThatThrownBy(() -> Tokenizer.open(FILE, new TextOptions(2, false, false)))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("no room");
  }

  private long[] ids(String text) {
    return tokenizer.encode(text, false).ids();
  }

  private List<Long> list(String text) {
    return Arrays.stream(ids(text)).boxed().toList();
  }

  private static HuggingFaceTokenizer truncatingLibrary() throws IOException {
    return HuggingFaceTokenizer.builder()
        .optTokenizerPath(FILE)
        .optTruncation(true)
        .optMaxLength(LIMIT)
        .optPadding(false)
        .build();
  }
}
