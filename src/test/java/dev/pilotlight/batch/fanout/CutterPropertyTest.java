package dev.pilotlight.batch.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.batch.lines.BatchLineReader;
import dev.pilotlight.batch.lines.CustomIdIndex;
import dev.pilotlight.batch.lines.CustomIds;
import dev.pilotlight.batch.lines.DuplicateCustomIds;
import dev.pilotlight.batch.lines.EarlierIds;
import dev.pilotlight.batch.s3.FanOutSettings;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.suite.Soak;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Shards of random objects have exactly the object's lines, with their numbers, and find the same
/// `custom_id`s that occur twice, at any place of the cuts.
final class CutterPropertyTest {
  private static final int ROUNDS = Soak.amount(60, 3_000);
  private static final ObjectVersion VERSION = new ObjectVersion("in", "a", "", "", -1, "");
  private static final String[] PIECES = {
    "a",
    "b",
    "é",
    "😀",
    ",",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\r",
    " ",
    "{}",
    "\ufeff",
    "a long line of x",
    "{\"custom_id\":\"1\",\"url\":\"/\"}\n",
    "{\"custom_id\":\"2\",\"body\":{}}\r\n",
    "{\"custom_id\":\"1\",\"text\":\"é\"}\n",
    "{\"custom_id\":\"é\"}\n",
    "{\"id\":1,\"text\":\"1\"}\n"
  };

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.txt", "a.csv", "a.tsv"})
  void anyCutGivesTheLinesOfTheWholeObject(String key) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Stored stored =
          new Stored(object(random, key), InputFormat.of(key, Map.of()), random.nextInt(8, 60));
      FanOutSettings limits = new FanOutSettings(1, random.nextInt(1, 6), random.nextInt(1, 80));
      List<String> whole = shown(stored.open(0, 0), new CustomIds(_ -> {}));
      List<Cutter.Cut> cuts = cuts(stored, limits, random);
      List<String> all = new ArrayList<>();
      for (Cutter.Cut cut : cuts) {
        Shard shard = Shard.list(Shard.json(List.of(cut.shard()))).getFirst();
        Lines lines = stored.open(shard.start(), shard.line()).until(shard.end());
        List<String> some = shown(lines, DuplicateCustomIds.of(cut.repeated().bytes()));
        assertThat(some).as("seed %d", seed).hasSize((int) shard.lines());
        assertThat(shard.lines()).isLessThanOrEqualTo(limits.shardLines());
        all.addAll(some);
      }
      assertThat(all).as("seed %d", seed).isEqualTo(whole);
      assertThat(cuts)
          .extracting(cut -> cut.shard().index())
          .containsExactlyElementsOf(IntStream.range(0, cuts.size()).boxed().toList());
    }
  }

  /// Cut by several invocations, the time of which is up at any line.
  private static List<Cutter.Cut> cuts(Stored stored, FanOutSettings limits, Random random) {
    List<Cutter.Cut> cuts = new ArrayList<>();
    while (true) {
      Optional<Shard> last =
          cuts.isEmpty() ? Optional.empty() : Optional.of(cuts.getLast().shard());
      long number = last.map(Shard::lineAfter).orElse(0L);
      EarlierIds earlier =
          new EarlierIds(VERSION, stored.format, () -> stored.open(0, 0), () -> false);
      CustomIds ids = new CustomIds(added -> earlier.addTo(added, number));
      Lines lines = stored.open(last.map(Shard::end).orElse(0L), number);
      Cutter cutter = new Cutter(lines, ids, limits, last, () -> random.nextInt(4) == 0, 1);
      for (Optional<Cutter.Cut> next = cutter.next(); next.isPresent(); next = cutter.next()) {
        cuts.add(next.get());
      }
      if (cutter.isAtEnd()) {
        return cuts;
      }
    }
  }

  private record Stored(byte[] bytes, InputFormat format, int lineBytesMax) {
    Lines open(long offset, long number) {
      return Lines.open(
          from -> new ByteArrayInputStream(bytes, (int) from, bytes.length),
          format,
          offset,
          number,
          lineBytesMax);
    }
  }

  private static byte[] object(Random random, String key) {
    StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "\ufeff" : "");
    text.append(key.endsWith("csv") ? "text,id\r\n" : key.endsWith("tsv") ? "id\ttext\n" : "");
    for (int i = random.nextInt(60); i > 0; i--) {
      String piece = PIECES[random.nextInt(PIECES.length)];
      text.append(key.endsWith("tsv") ? piece.replace(",", "\t") : piece);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> shown(Lines lines, CustomIdIndex ids) {
    List<String> shown = new ArrayList<>();
    try (lines) {
      for (Optional<Line> next = lines.next(); next.isPresent(); next = lines.next()) {
        Line line = next.get();
        String content =
            line.content() instanceof Line.Content.Json(byte[] utf8)
                ? new String(utf8, StandardCharsets.ISO_8859_1)
                : line.content() instanceof Line.Content.Text(Line.Row row, String text)
                    ? row + " " + text
                    : line.content().toString();
        shown.add(
            "%d to %d, %d: %s".formatted(line.number(), line.end(), firstLine(line, ids), content));
      }
    }
    return shown;
  }

  private static long firstLine(Line line, CustomIdIndex ids) {
    return line.content() instanceof Line.Content.Json(byte[] utf8)
        ? BatchLineReader.customId(utf8).map(id -> ids.firstLine(id, line)).orElse(line.number())
        : line.number();
  }
}
