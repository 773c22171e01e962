package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cache.FakeRedis.Plan;
import dev.pilotlight.cache.FakeRedis.Then;
import dev.pilotlight.domain.ResultKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Scripts on connections that break.
final class ScriptCallTest {
  private static final ResultKey KEY = Keys.key("a");
  private static final ScriptCall.Script SEVEN = ScriptCall.Script.of("return {7}");

  @Test
  void aScriptIsNotSentAgainAfterItsConnectionBrokeAndTheLookUpIs() {
    try (FakeRedis redis = new FakeRedis();
        LoggedTier tier = LoggedTier.connect(redis.url())) {
      tier.put(Map.of(KEY, new byte[] {1}));
      redis.plan(Plan.always("EVALSHA", "*1\r\n:7\r\n"));
      ScriptCall answered = script();
      assertThat(tier.get(List.of(KEY), answered)).containsOnlyKeys(KEY);
      assertThat(answered.reply()).containsExactly(7);

      redis.plan(new Plan("EVALSHA", "", Then.CLOSE));
      ScriptCall broken = script();
      assertThat(tier.get(List.of(KEY), broken)).containsOnlyKeys(KEY);
      assertThat(broken.reply()).isNull();
      redis.plan(new Plan("EVALSHA", "", Then.CLOSE));
      ScriptCall alone = script();
      assertThat(tier.get(List.of(), alone)).isEmpty();
      assertThat(alone.reply()).isNull();
      assertThat(Collections.frequency(redis.commands(), "EVALSHA")).isEqualTo(3);
    }
  }

  private static ScriptCall script() {
    return new ScriptCall(SEVEN, "key", List.of(), 1);
  }
}
