package dev.pilotlight.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.cache.ScriptCall;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.local.redis.RedisCluster;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.suite.leaks.Planted;
import dev.pilotlight.support.Log;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/// The rates in a cluster, as ElastiCache has it, by a user with the template's rights alone.
final class SharedRatesClusterIT {
  private static final Pattern ACCESS = Pattern.compile("AccessString: \"([^\"]+)\"");
  private static final Rates ONE = new Rates(new Rate(1, 1), null);

  @Test
  void theKeysNodeKeepsTheRateWhileOthersAreAskedForResults() throws Exception {
    Matcher access = ACCESS.matcher(Files.readString(Path.of("template.yaml")));
    assertThat(access.find()).isTrue();
    var plan = new RedisCluster.Plan(3, 0, Optional.empty(), List.of());
    Log log = new Log(new PrintStream(PrintStream.nullOutputStream()), Log.Level.INFO);
    try (RedisCluster cluster = RedisCluster.start(plan)) {
      for (RedisServer node : cluster.nodes()) {
        try (Jedis jedis = node.jedis()) {
          jedis.aclSetUser("pilot", (access.group(1) + " >" + Planted.PASSWORD).split(" "));
        }
      }
      try (RedisTier tier =
          Tiers.connect(
              cluster.url(), log, "REDIS_USER", "pilot", "REDIS_PASSWORD", Planted.PASSWORD)) {
        for (String tenant : List.of("ada", "bob", "cleo", "dan", "eve", "finn")) {
          assertThat(reply(tier, tenant)[0]).as("%s is admitted", tenant).isZero();
          assertThat(reply(tier, tenant)[0]).as("%s is refused", tenant).isOne();
        }
      }
    }
  }

  /// With a look-up of keys of all nodes.
  private static long[] reply(RedisTier tier, String tenant) {
    List<ResultKey> keys = Stream.generate(ResultKey::random).limit(20).toList();
    List<ResultKey> absent = new ArrayList<>();
    ScriptCall call = SharedRates.admit(tenant, ONE);
    assertThat(tier.get(keys, absent, new Meter(), call)).isEmpty();
    assertThat(absent).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(call.reply()).as("refused: %s", call.refusal()).isNotNull();
    return Objects.requireNonNull(call.reply());
  }
}
