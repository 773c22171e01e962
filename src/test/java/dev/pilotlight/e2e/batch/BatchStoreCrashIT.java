package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A kill at a random moment changes nothing in any place for a batch's results, and leaves no pack
/// of lines that were answered again.
///
/// `mvn -Pfaults` runs it.
@Timeout(900)
@OnlyInFaults
class BatchStoreCrashIT {
  private static final String KEY = "reviews/stored.jsonl";
  private static final String LARGE = "pilotlight-large-results";
  private static final int LINES = 240;
  private static final int RUNS = Soak.amount(2, 20);

  @ParameterizedTest
  @ValueSource(strings = {"packed", "off", "none"})
  void aKillAtARandomMomentChangesNothing(String store) throws Exception {
    String lines = BatchLines.mixed(4, LINES);
    Random random = new Random(23);
    try (BatchStack batches =
        BatchStack.start(options -> options.withVariable("PILOTLIGHT_BATCH_STORE", store))) {
      batches.forget();
      batches.awaitReady();
      long begun = System.nanoTime();
      batches.put(KEY, lines);
      BatchStack.Output reference = batches.awaitOutput(KEY);
      long millis = (System.nanoTime() - begun) / 1_000_000;
      BatchCrashIT.requireWhole(reference, LINES, LINES / 10);
      assertThat(reference.summary().get("store").asText()).isEqualTo(store);

      for (int run = 0; run < RUNS; run++) {
        batches.forget();
        batches.awaitReady();
        batches.put(KEY, lines);
        Thread.sleep(random.nextLong(millis)); // the moment is what is tested
        batches.kill();
        batches.awaitOutput(KEY).requireSame(reference);
        batches.requireNothingLeft();
        requirePacksOfTheLastRun(batches, store);
      }
      assertThat(batches.stack().failures()).isEmpty();
    }
  }

  /// In the order of their lines, each pack begins after the one before: no line is in two.
  private static void requirePacksOfTheLastRun(BatchStack batches, String store) {
    var packs = batches.keys(LARGE, "results/packed/");
    assertThat(packs.isEmpty()).isEqualTo(!store.equals("packed"));
    assertThat(packs.stream().map(key -> key.substring(0, key.indexOf('-', key.lastIndexOf('/')))))
        .as("last lines of packs")
        .doesNotHaveDuplicates();
  }
}
