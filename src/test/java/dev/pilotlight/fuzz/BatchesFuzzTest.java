package dev.pilotlight.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.refusals.Mutations;
import dev.pilotlight.suite.Soak;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spoilt events of batches and objects of spoilt lines: `mvn verify` reads some thousands,
/// `-Psoak` so many that they have more than a million lines and events.
class BatchesFuzzTest {
  private static final int INPUTS = Soak.amount(2_000, 400_000);
  private static final long SEED = 20_261_129;
  private static final Duration SLOWEST = Duration.ofSeconds(20);
  private static final List<String> LINE_ENDS = List.of("\n", "\r\n", "\r", "\n\n", "");
  private static final List<String> PIECES =
      List.of(
          "\ufeff", "\"", "\"\"", ",", "\t", " ", "\u0000", "\u2028", "text,id\n", "\u001f\u008b");

  @TempDir private Path root;
  private final Random random = new Random(SEED);
  private final List<GoodBatches.Input> good = GoodBatches.all();
  private final List<TestRequest> documents = documents();
  private final TreeMutations trees = new TreeMutations(random, documents);
  private final Mutations bytes = new Mutations(random, documents);

  @Test
  void noSpoiltInputIsAnErrorOfOurs() {
    FuzzModels.write(root);
    try (Answered answered = new Answered(root)) {
      requireGood(answered);
      int events = 0;
      int lines = 0;
      for (int i = 0; i < INPUTS; i++) {
        GoodBatches.Input input = good.get(random.nextInt(good.size()));
        byte[] spoilt = random.nextInt(4) == 0 ? bytes.next().body() : spoilt(input);
        long begun = System.nanoTime();
        try {
          if (input.isEvent()) {
            events += Answered.event(spoilt);
          } else {
            lines += answered.object(input.key(), spoilt, random.nextBoolean());
          }
        } catch (RuntimeException e) {
          throw new AssertionError(
              "%d: %s %s"
                  .formatted(i, input.key(), new String(spoilt, StandardCharsets.ISO_8859_1)),
              e);
        }
        assertThat(System.nanoTime() - begun).as("ns of %d", i).isLessThan(SLOWEST.toNanos());
      }
      requireGood(answered);
      // not so spoilt that nothing gets through
      assertThat(events).as("objects that events name").isGreaterThan(INPUTS / 20);
      assertThat(lines).as("lines with a result").isGreaterThan(INPUTS / 10);
    }
  }

  @Test
  void wordsOfALineAreNotTakenForAnErrorOfOurs() {
    FuzzModels.write(root);
    byte[] line = "{\"note\":\"internal error\"}\n".getBytes(StandardCharsets.UTF_8);
    try (Answered answered = new Answered(root)) {
      assertThat(answered.object("a.jsonl", line, true)).as("lines with a result").isZero();
    }
  }

  private void requireGood(Answered answered) {
    int lines = 0;
    int events = 0;
    for (GoodBatches.Input input : good) {
      if (input.isEvent()) {
        events += Answered.event(input.bytes());
      } else {
        lines += answered.object(input.key(), input.bytes(), false);
      }
    }
    assertThat(events).isEqualTo(4); // all but S3's test event
    assertThat(lines).isEqualTo(2 * 9 + 3 * 3 + 3);
  }

  /// JSON documents and lines, for those who spoil them.
  private List<TestRequest> documents() {
    List<TestRequest> all = new ArrayList<>();
    for (GoodBatches.Input input : good) {
      if (input.isEvent()) {
        all.add(TestRequest.post("/", input.bytes()));
      } else if (input.isJson()) {
        text(input.bytes()).lines().forEach(line -> all.add(TestRequest.post("/", line)));
      }
    }
    return List.copyOf(all);
  }

  private byte[] spoilt(GoodBatches.Input input) {
    if (input.key().endsWith(".gz")) {
      byte[] plain = input.bytes().clone();
      plain[random.nextInt(plain.length)] ^= (byte) (1 << random.nextInt(8));
      return plain;
    }
    if (input.isEvent()) {
      return event(input);
    }
    return TestRequest.utf8(lines(input));
  }

  /// Spoils the event, or one in a message.
  private byte[] event(GoodBatches.Input input) {
    byte[] event = trees.changed(TestRequest.post("/", input.bytes())).body();
    if (random.nextBoolean()) {
      return event;
    }
    return TestRequest.utf8(GoodBatches.message(text(event)));
  }

  /// Spoils some lines, their order and their ends.
  private String lines(GoodBatches.Input input) {
    List<String> lines = new ArrayList<>();
    text(input.bytes()).lines().forEach(line -> lines.add(line(input, line)));
    if (random.nextInt(3) == 0) {
      Collections.shuffle(lines, random);
    }
    if (random.nextInt(3) == 0) {
      lines.add(lines.get(random.nextInt(lines.size())));
    }
    StringBuilder object = new StringBuilder();
    for (String line : lines) {
      object.append(line).append(random.nextInt(8) == 0 ? any(LINE_ENDS) : "\n");
    }
    return object.toString();
  }

  private String line(GoodBatches.Input input, String line) {
    return switch (random.nextInt(input.isJson() ? 4 : 8)) {
      case 0 -> line;
      case 1 -> {
        int at = random.nextInt(line.length() + 1);
        yield line.substring(0, at) + any(PIECES) + line.substring(at);
      }
      default -> input.isJson() ? text(trees.changed(TestRequest.post("/", line)).body()) : line;
    };
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
