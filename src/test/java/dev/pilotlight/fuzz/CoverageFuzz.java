package dev.pilotlight.fuzz;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;

/// Jazzer calls this class with inputs that reach further code each time: `mvn -Pfuzz`.
///
/// The first byte of an input chooses a good request, the second the form of the event and a
/// header; the rest is the body. Any answer of ours other than 2xx, 3xx or 4xx ends the run with
/// the input.
public final class CoverageFuzz {
  private static final List<TestRequest> GOOD = GoodRequests.all();
  private static final int REST_EVENT = 1;
  private static final int COMPRESSED = 2;
  private static final int NO_CACHE = 4;
  private static final Harness FUNCTION = start();

  private CoverageFuzz() {}

  private static Harness start() {
    try {
      return FuzzModels.start(Files.createTempDirectory("fuzz"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Answers one input of Jazzer.
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 2) {
      return;
    }
    TestRequest good = GOOD.get((input[0] & 0xff) % GOOD.size());
    TestRequest request = good.withBody(Arrays.copyOfRange(input, 2, input.length));
    if ((input[1] & COMPRESSED) != 0) {
      request = request.compressed();
    }
    if ((input[1] & NO_CACHE) != 0) {
      request = request.with("cache-control", "no-cache");
    }
    Harness.Reply reply =
        FUNCTION.send((input[1] & REST_EVENT) == 0 ? request.event() : request.restEvent());
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
