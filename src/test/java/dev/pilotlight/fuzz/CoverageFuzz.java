package dev.pilotlight.fuzz;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Jazzer calls this class with inputs that reach further code each time: `mvn -Pfuzz`.
///
/// The first byte of an input chooses a good request, or a kind of batch: an event, or an object of
/// lines. The second chooses the form of the event and a header, or the object's metadata. The rest
/// is the body, the event or the object. Any answer of ours other than 2xx, 3xx or 4xx, and
/// whatever [Answered] refuses, ends the run with the input.
public final class CoverageFuzz {
  private static final List<TestRequest> GOOD = GoodRequests.all();
  private static final List<GoodBatches.Input> BATCHES = GoodBatches.all();
  private static final int REST_EVENT = 1;
  private static final int COMPRESSED = 2;
  private static final int NO_CACHE = 4;
  private static final int OPTIONS = 1;
  private static final Path MODELS = models();
  private static final Harness FUNCTION = FuzzModels.start(MODELS);
  private static final Answered ANSWERED = new Answered(MODELS);

  private CoverageFuzz() {}

  private static Path models() {
    try {
      return Files.createTempDirectory("fuzz");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Loads every model before Jazzer measures how long an input takes.
  public static void fuzzerInitialize() {
    for (TestRequest good : GoodRequests.answered()) {
      answer(good, (byte) 0);
    }
  }

  /// Answers one input of Jazzer.
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int choice = (input[0] & 0xff) % (GOOD.size() + BATCHES.size());
    byte[] rest = Arrays.copyOfRange(input, 2, input.length);
    if (choice < GOOD.size()) {
      answer(GOOD.get(choice).withBody(rest), input[1]);
      return;
    }
    GoodBatches.Input batch = BATCHES.get(choice - GOOD.size());
    if (batch.isEvent()) {
      int _ = Answered.event(rest);
    } else {
      int _ = ANSWERED.object(batch.key(), rest, (input[1] & OPTIONS) != 0);
    }
  }

  private static void answer(TestRequest good, byte choice) {
    TestRequest request = good;
    if ((choice & COMPRESSED) != 0) {
      request = request.compressed();
    }
    if ((choice & NO_CACHE) != 0) {
      request = request.with("cache-control", "no-cache");
    }
    Harness.Reply reply =
        FUNCTION.send((choice & REST_EVENT) == 0 ? request.event() : request.restEvent());
    if (reply.status() < 200 || reply.status() >= 500) {
      throw new IllegalStateException(
          "%s %s gave %d: %s"
              .formatted(
                  request.path(),
                  new String(request.body(), StandardCharsets.ISO_8859_1),
                  reply.status(),
                  reply.text()));
    }
  }
}
