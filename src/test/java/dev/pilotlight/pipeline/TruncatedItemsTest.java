package dev.pilotlight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ItemOutcome;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.store.NoStore;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Items of one window that are equal but for whether they may be truncated, as lines of a batch
/// are.
final class TruncatedItemsTest {
  private static final String LONG = "hello ".repeat(20);
  private static final Log LOG = new Log(System.out, Log.Level.ERROR);

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static ModelRepository models;

  @SuppressWarnings("NullAway.Init")
  private static InferencePipeline pipeline;

  @BeforeAll
  static void start() throws IOException {
    models = ShortTexts.in(root);
    Duration day = Duration.ofDays(1);
    pipeline =
        new InferencePipeline(
            new Tiers(new MemoryTier(1 << 20), Optional.empty(), new NoStore(), day, day, LOG),
            PipelineSettings.from(new Settings(Map.of())));
  }

  @AfterAll
  static void stop() {
    pipeline.close();
    models.close();
  }

  private static Item text(String text, boolean truncate) {
    return new Item.Text(text, truncate);
  }

  private static List<ItemOutcome> runEach(Meter meter, Item... items) {
    return pipeline.runEach(
        models.get("m", null),
        new InferenceRequest(
            "public",
            Arrays.asList(items),
            i -> "line[" + i + "]",
            CacheUse.NORMAL,
            Deadline.in(Duration.ofSeconds(20)),
            meter));
  }

  private static Answer answer(ItemOutcome outcome) {
    return ((ItemOutcome.Answered) outcome).answer();
  }

  @Test
  void eachHasItsOwnOutcomeInWhateverOrderTheyCome() {
    for (boolean first : new boolean[] {true, false}) {
      String text = LONG + first;
      Meter meter = new Meter();
      List<ItemOutcome> outcomes =
          runEach(
              meter, text(text, first), text(text, !first), text(text, first), text("a", !first));
      for (int i = 0; i < 3; i++) {
        boolean truncates = i == 1 ? !first : first;
        if (truncates) {
          assertThat(answer(outcomes.get(i)).result().tokens()).isEqualTo(8);
        } else {
          Refusal refusal = ((ItemOutcome.Refused) outcomes.get(i)).refusal();
          assertThat(refusal.field()).hasValue("line[" + i + "]");
          assertThat(refusal.message()).contains("tokens; the model takes 8");
        }
      }
      assertThat(answer(outcomes.get(3)).result().tokens()).isEqualTo(3);
      assertThat(meter.answered(Tier.RUN)).isEqualTo(first ? 2 : 1);
    }
  }

  @Test
  void onesWithinTheLimitShareTheirResult() {
    Meter meter = new Meter();
    List<ItemOutcome> outcomes = runEach(meter, text("short", true), text("short", false));
    assertThat(answer(outcomes.get(0)).key()).isEqualTo(answer(outcomes.get(1)).key());
    assertThat(meter.answered(Tier.RUN)).isEqualTo(1);
    assertThat(meter.answered(Tier.MEMORY)).isEqualTo(1);
  }
}
