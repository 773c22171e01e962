package dev.pilotlight.batch.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.InputBucket;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

final class InputObjectTest extends InputBucket {
  private static final Duration PIECE_AFTER = Duration.ofMillis(300);

  @Test
  void valuesThatTheEventLacksComeFromTheObject() {
    InputObject object = open("large.txt");
    HeadObjectResponse head = direct.headObject(of -> of.bucket(BUCKET).key("large.txt"));
    assertThat(object.version())
        .isEqualTo(
            new ObjectVersion(
                BUCKET,
                "large.txt",
                Objects.requireNonNullElse(head.versionId(), ""),
                head.eTag().replace("\"", ""),
                CONTENT.length,
                "0A",
                head.lastModified().toEpochMilli()));
    assertThat(object.metadata()).containsExactly(Map.entry("text-column", "review"));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "4194303", "4194304", "4194305", "8400952", "8400953", "9000000"})
  void itIsReadFromAnyOffset(int offset) throws IOException {
    InputObject object = open("large.txt");
    try (InputStream in = object.from(offset)) {
      int from = Math.min(offset, CONTENT.length);
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(CONTENT, from, CONTENT.length));
    }
  }

  @Test
  void streamsHaveTheirOwnPositions() throws IOException {
    InputObject object = open("large.txt");
    InputStream in = object.from(100);
    assertThat(in.readNBytes(50)).hasSize(50);
    assertThat(object.from(0).read()).isEqualTo(CONTENT[0] & 0xff);
  }

  @Test
  void anEmptyObjectIsNotReadAtAll() throws IOException {
    put("empty.txt", new byte[0]);
    assertThat(open("empty.txt").from(0).readAllBytes()).isEmpty();
    assertThat(between.calls()).extracting(Between.Call::method).containsExactly("HEAD");
  }

  @Test
  void aBodyThatBreaksOffIsReadOnFromThere() throws IOException {
    AtomicInteger gets = new AtomicInteger();
    between.rule(
        call ->
            call.method().equals("GET") && gets.incrementAndGet() <= 20
                ? new Fate.Cut()
                : new Fate.Pass());
    assertThat(open("large.txt").from(0).readAllBytes()).isEqualTo(CONTENT);
    assertThat(gets).hasValueGreaterThan(20);
  }

  @Test
  void answersOf503AreOutlasted() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    between.rule(
        _ -> calls.incrementAndGet() % 3 == 0 ? new Fate.Pass() : new Fate.Fail(503, "SlowDown"));
    assertThat(open("large.txt").from(0).readAllBytes()).isEqualTo(CONTENT);
  }

  @Test
  void aServerThatNeverAnswersExhaustsThePatience() {
    between.rule(_ -> new Fate.Fail(503, ""));
    assertThatThrownBy(() -> open("large.txt", "", "", Duration.ofMillis(300)))
        .isInstanceOf(BatchException.Unavailable.class)
        .hasMessage("could not find s3://inbox/large.txt in time");
  }

  @Test
  void aBodyWithoutAFirstByteExhaustsThePatience() {
    InputObject object = open("small.txt", "", "", Duration.ofMillis(300));
    between.rule(_ -> new Fate.Fail(206, ""));
    assertThatThrownBy(() -> object.from(0).read())
        .isInstanceOf(BatchException.Unavailable.class)
        .hasMessage("could not read s3://inbox/small.txt in time");
  }

  @Test
  void progressRestoresThePatience() throws IOException {
    byte[] content = Arrays.copyOf(CONTENT, 4096);
    put("slow.txt", content);
    Duration patience = Duration.ofSeconds(3);
    InputObject object = open("slow.txt", "", "", patience);
    // each piece comes after failures that together take longer than the patience
    AtomicLong last = new AtomicLong(System.nanoTime());
    between.rule(
        _ -> {
          long now = System.nanoTime();
          if (now - last.get() < PIECE_AFTER.toNanos()) {
            return new Fate.Fail(503, "");
          }
          last.set(now);
          return new Fate.Cut();
        });
    long start = System.nanoTime();
    assertThat(object.from(0).readNBytes(4095)).isEqualTo(Arrays.copyOf(content, 4095));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(patience);
  }

  @Test
  void linesAreReadDespiteManyFailures() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 200_000; i++) {
      text.append("this is line ").append(i).append('\n');
    }
    byte[] plain = text.toString().getBytes(StandardCharsets.UTF_8);
    put("world.txt", plain);
    put("world.txt.gz", Stored.gzip(plain));
    Random random = new Random(7);
    between.rule(
        _ ->
            switch (random.nextInt(5)) {
              case 0 -> new Fate.Fail(503, "");
              case 1, 2 -> new Fate.Cut();
              default -> new Fate.Pass();
            });
    for (String key : List.of("world.txt", "world.txt.gz")) {
      InputObject object = open(key);
      long number = 0;
      try (Lines lines =
          Lines.open(object::from, InputFormat.of(key, object.metadata()), 0, 0, 100)) {
        for (var line = lines.next(); line.isPresent(); line = lines.next()) {
          number++;
          assertThat(Stored.shown(line.get())).isEqualTo("text this is line " + number);
        }
      }
      assertThat(number).isEqualTo(200_000);
    }
  }
}
