package dev.pilotlight.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.event.Delivery;
import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.Harness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Reads events, and answers objects of lines as a batch does, without S3. Whatever they hold, an
/// event gives notices or one line of refusal; an object gives one line of JSON for each of its
/// lines, with no error of ours, or is refused in one line.
final class Answered implements AutoCloseable {
  private static final int LINE_BYTES_MAX = 4_096;
  private static final Map<String, String> OPTIONS =
      Map.of("fields", "carry", "encoding-format", "base64", "truncate", "true");

  private final LineHarness plain;
  private final LineHarness optional;

  /// @param models of [FuzzModels]
  Answered(Path models) {
    plain = new LineHarness(models, FuzzModels.EMBEDDER, Map.of());
    optional = new LineHarness(models, FuzzModels.EMBEDDER, OPTIONS);
  }

  /// Reads an event.
  ///
  /// @return how many objects it names
  static int event(byte[] event) {
    int created = 0;
    try {
      for (Delivery delivery : Delivery.read(event)) {
        switch (delivery.notice()) {
          case Notice.Created(var version) -> {
            require(!version.bucket().isEmpty() && !version.key().isEmpty(), "no name");
            created++;
          }
          case Notice.Scheduled _ -> {}
          case Notice.Other(String what) -> requireOneLine(what);
          case Notice.Malformed(String reason) -> requireOneLine(reason);
        }
      }
    } catch (IllegalArgumentException e) {
      requireOneLine(String.valueOf(e.getMessage()));
    }
    return created;
  }

  /// Answers an object's lines.
  ///
  /// @param options whether the object has metadata
  /// @return how many lines are answered with a result
  int object(String key, byte[] stored, boolean options) {
    LineHarness harness = options ? optional : plain;
    harness.beginObject();
    InputFormat format = InputFormat.of(key, options ? OPTIONS : Map.of());
    int sound = 0;
    long number = 0;
    long end = 0;
    try (Lines lines = Lines.open(offset -> from(stored, offset), format, 0, 0, LINE_BYTES_MAX)) {
      for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
        number++;
        require(line.get().number() == number && line.get().end() > end, "lines out of order");
        end = line.get().end();
        sound += isResult(harness.answer(line.get())) ? 1 : 0;
      }
      require(number == 0 || format.gzip() || end == stored.length, "lines were left out");
    } catch (BatchException.Unreadable e) {
      requireOneLine(String.valueOf(e.getMessage()));
    }
    return sound;
  }

  private static ByteArrayInputStream from(byte[] stored, long offset) {
    int start = Math.toIntExact(offset);
    return new ByteArrayInputStream(stored, start, stored.length - start);
  }

  private static boolean isResult(String answer) {
    require(answer.indexOf('\n') == answer.length() - 1, "not one line: " + answer);
    JsonNode json;
    try {
      json = Harness.JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + answer, e);
    }
    int status = json.at("/response/status_code").asInt(200);
    // not by the text: the answer repeats what the line has, and that may be these very words
    boolean internal = json.at("/error/code").asText().equals("internal_error");
    require(status < 500 && !internal, "an error of ours: " + answer);
    return status == 200 && !json.path("error").isObject();
  }

  private static void requireOneLine(String text) {
    require(!text.isEmpty() && text.lines().count() == 1, "not one line: " + text);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }

  @Override
  public void close() {
    plain.close();
    optional.close();
  }
}
