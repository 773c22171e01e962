package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import dev.pilotlight.support.TestSettings;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A tier with generous budgets, and what it logged.
final class LoggedTier implements AutoCloseable {
  static final AwsIdentity NO_AWS =
      new AwsIdentity(
          Optional.empty(),
          () -> {
            throw new AssertionError("no credentials are needed");
          });

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final CapturedLog logged = new CapturedLog();
  private final RedisTier tier;

  private LoggedTier(Map<String, String> environment, AwsIdentity aws, InstantSource clock) {
    Log log = new Log(new PrintStream(logged, true, StandardCharsets.UTF_8), Log.Level.INFO);
    tier =
        RedisTier.connect(CacheSettings.from(new Settings(environment)), aws, clock, log)
            .orElseThrow();
  }

  /// @param more settings and their values
  static LoggedTier connect(String url, String... more) {
    return connect(NO_AWS, InstantSource.system(), url, more);
  }

  static LoggedTier connect(AwsIdentity aws, InstantSource clock, String url, String... more) {
    Map<String, String> environment = new HashMap<>(Map.of("PILOTLIGHT_REDIS", url));
    environment.put("PILOTLIGHT_REDIS_CONNECT_MS", "5000");
    environment.put("PILOTLIGHT_REDIS_TOTAL_MS", "5000");
    environment.put("PILOTLIGHT_REDIS_READ_MS", "5000");
    environment.put("PILOTLIGHT_REDIS_PROBE_MS", "100");
    TestSettings.put(environment, "PILOTLIGHT_", more);
    return new LoggedTier(environment, aws, clock);
  }

  void put(Map<ResultKey, byte[]> values) {
    tier.put(Keys.kept(values), HOUR);
  }

  Map<ResultKey, byte[]> get(List<ResultKey> keys) {
    return Keys.values(tier.get(keys));
  }

  Map<ResultKey, byte[]> get(List<ResultKey> keys, ScriptCall script) {
    return Keys.values(tier.get(keys, new ArrayList<>(), new Meter(), script));
  }

  boolean has(ResultKey key) {
    return tier.get(List.of(key)).containsKey(key);
  }

  /// Puts until the condition holds.
  void putUntil(BooleanSupplier holds, Map<ResultKey, byte[]> values) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not within %s:%n%s", PATIENCE, log()).isLessThan(end);
      put(values);
      Thread.sleep(1);
    }
  }

  /// Looks up until all are there, without putting any.
  void awaitAll(List<ResultKey> keys) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (tier.get(keys).size() < keys.size()) {
      assertThat(System.nanoTime())
          .as("not all hit within %s:%n%s", PATIENCE, log())
          .isLessThan(end);
      Thread.sleep(5);
    }
  }

  /// Until it is logged.
  void awaitLog(String text) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!log().contains(text)) {
      assertThat(System.nanoTime()).as("'%s' was not logged:%n%s", text, log()).isLessThan(end);
      Thread.sleep(5);
    }
  }

  String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    tier.close();
  }
}
