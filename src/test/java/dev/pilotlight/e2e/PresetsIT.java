package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;

/// The local runner starts each preset of `samconfig.toml`: the same bytes come from its tiers, and
/// callers and batches share results.
class PresetsIT {
  private static final Duration BATCH_MAX = Duration.ofSeconds(60);
  private static final int RESTARTS_MAX = 5;

  @ParameterizedTest
  @CsvSource("production, redis")
  void presetAnswersFromItsTiersAndABatchSharesThem(String preset, String afterRestart)
      throws InterruptedException {
    List<String> text = List.of("of the preset " + preset);
    try (LocalStack stack = LocalStack.start(Options.onFreePorts().withPreset(preset))) {
      assertThat(stack.redis().isPresent()).isEqualTo(afterRestart.equals("redis"));
      Client client = new Client(stack.gatewayUrl());
      Client.Reply run = client.embeddings(text);
      assertThat(run.cacheStatus()).isEqualTo("pilotlight; fwd=miss; stored");
      Client.Reply memory = client.embeddings(text);
      assertThat(memory.cacheStatus()).isEqualTo("pilotlight; hit; detail=\"memory\"");
      Client.Reply kept = answerOf(afterRestart, stack, client, text);
      assertThat(List.of(memory, kept))
          .allSatisfy(reply -> assertThat(reply.body()).isEqualTo(run.body()));
      assertThat(summary(stack, text.getFirst())).contains("\"hits\":1");
    }
  }

  @ParameterizedTest
  @CsvSource({"starter, dynamodb", "busy, redis"})
  @OnlyInFaults
  void otherPresetAnswersFromItsTiersAndABatchSharesThem(String preset, String afterRestart)
      throws InterruptedException {
    presetAnswersFromItsTiersAndABatchSharesThem(preset, afterRestart);
  }

  /// The first answer of a new environment. The table answers if the machine stalled and Redis was
  /// late, so the environment is replaced a few times.
  private static Client.Reply answerOf(
      String tier, LocalStack stack, Client client, List<String> text) {
    List<String> seen = new ArrayList<>();
    String wanted = "pilotlight; hit; detail=\"%s\"".formatted(tier);
    while (seen.size() < RESTARTS_MAX) {
      stack.restartFunction();
      Client.Reply reply = client.embeddings(text);
      if (reply.cacheStatus().equals(wanted)) {
        return reply;
      }
      assertThat(reply.cacheStatus()).isEqualTo("pilotlight; hit; detail=\"dynamodb\"");
      seen.add(reply.cacheStatus());
    }
    throw new AssertionError(wanted + " in place of " + seen);
  }

  private static String summary(LocalStack stack, String line) throws InterruptedException {
    try (var s3 = stack.s3().client()) {
      s3.putObject(to -> to.bucket("pilotlight-in").key("one.txt"), RequestBody.fromString(line));
      assertThat(stack.awaitIdle(BATCH_MAX)).isTrue();
      return s3.getObjectAsBytes(of -> of.bucket("pilotlight-out").key("one.txt.summary.json"))
          .asUtf8String();
    }
  }
}
