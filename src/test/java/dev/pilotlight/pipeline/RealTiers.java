package dev.pilotlight.pipeline;

import static dev.pilotlight.pipeline.PipelineHarness.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cache.ResultKeys;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.model.OnnxModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import redis.clients.jedis.Jedis;

/// The inference path on real tiers, as one environment of the function has it.
@ResourceLock("RealTiers") // its subclasses share what is static here
abstract class RealTiers {
  static final String PLAIN = "identity";
  static final String SLOW = "slow";
  static final String BRIEF = "brief";
  static final String SUM = "sum";
  private static final Duration DAY = Duration.ofDays(1);
  static final byte[] NO_RESULT = "no result".getBytes(StandardCharsets.UTF_8);

  @TempDir static Path models;

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  static RedisServer redis;

  @SuppressWarnings("NullAway.Init")
  Between between;

  @SuppressWarnings("NullAway.Init")
  PipelineHarness pipeline;

  /// How many answers each tier gave; tiers that gave none are absent.
  static Map<Tier, Integer> counts(Outcome outcome) {
    Map<Tier, Integer> counts = new EnumMap<>(Tier.class);
    outcome.answers().forEach(answer -> counts.merge(answer.tier(), 1, Integer::sum));
    return counts;
  }

  @BeforeAll
  static void start() throws IOException {
    PipelineHarness.write(models, PLAIN, OnnxModels.identity(Datatype.FP32, "n"));
    PipelineHarness.write(models, BRIEF, OnnxModels.identity(Datatype.FP32, "n"));
    Files.writeString(models.resolve("brief/1/pilotlight.json"), "{\"cache_ttl_seconds\": 2}");
    PipelineHarness.write(models, SLOW, OnnxModels.slow());
    PipelineHarness.write(models, SUM, OnnxModels.sumAndDifference());
    dynamo = DynamoLocal.start(0);
    dynamo.createTable(PipelineHarness.TABLE, "pk", "expires_at");
    redis = RedisServer.start(0);
  }

  @AfterAll
  static void stop() {
    redis.close();
    dynamo.close();
  }

  @BeforeEach
  void open() throws IOException {
    between = new Between(dynamo.endpoint());
    pipeline = new PipelineHarness(between.endpoint(), redis.url(), models);
  }

  @AfterEach
  void close() {
    pipeline.close();
    between.close();
  }

  void assertUnavailable(Item... items) {
    assertThatThrownBy(() -> pipeline.run(PLAIN, items))
        .isInstanceOfSatisfying(
            Refusal.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
              assertThat(e.retryAfter()).isPresent();
            });
  }

  /// Every tier has the item's own values, which is what the model answers.
  void assertKeptEverywhere(Item... items) {
    for (Item item : items) {
      float[] own = ((Item.Tensors) item).inputs().getFirst().floats();
      for (byte @Nullable [] kept :
          List.of(
              stored(item),
              Objects.requireNonNull(inRedis(item)),
              Objects.requireNonNull(pipeline.memory.get(key(item))))) {
        assertThat(ResultCodec.decode(kept).outputs().getFirst().floats()).containsExactly(own);
      }
    }
  }

  static List<List<Float>> values(Outcome outcome) {
    return outcome.answers().stream()
        .map(Answer::result)
        .map(Result::outputs)
        .map(outputs -> outputs.getFirst().floats())
        .map(all -> IntStream.range(0, all.length).mapToObj(i -> all[i]).toList())
        .toList();
  }

  ResultKey key(Item item) {
    return key(PLAIN, item);
  }

  ResultKey key(String model, Item item) {
    return ResultKeys.of("public", pipeline.model(model).info(), item);
  }

  /// The encoded result, without the time and the id that follow it.
  byte @Nullable [] inRedis(Item item) {
    try (Jedis jedis = new Jedis(redis.url())) {
      byte[] kept = jedis.get(redisKey(item));
      return kept == null ? null : Arrays.copyOf(kept, kept.length - Long.BYTES - 43);
    }
  }

  byte[] redisKey(Item item) {
    return ("pl:" + key(item).id()).getBytes(StandardCharsets.US_ASCII);
  }

  byte[] stored(Item item) {
    return pipeline.store.find(key(item), "public", new Meter()).orElseThrow().value();
  }

  boolean isStored(String model, Item item) {
    ResultKey key = ResultKeys.of("public", pipeline.model(model).info(), item);
    return pipeline.store.find(key, "public", new Meter()).isPresent();
  }

  static byte[] encoded(float... values) {
    Tensor output = Tensor.ofFloats("y", new long[] {values.length}, values);
    return ResultCodec.encode(new Result(List.of(output), 0));
  }

  /// Another writer's value, in the store only.
  void plant(Item item, byte[] value) {
    plant(item, value, DAY);
  }

  /// @param left until it expires in the store, to the second
  void plant(Item item, byte[] value, Duration left) {
    plant(PLAIN, item, value, left);
  }

  /// Another writer's value of a model, in the store only.
  void plant(String model, Item item, byte[] value) {
    plant(model, item, value, DAY);
  }

  private void plant(String model, Item item, byte[] value, Duration left) {
    Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());
    Instant created = now.minus(DAY).plus(left);
    StoredResult result =
        new StoredResult(key(model, item), "public", model, "1", value, created, DAY);
    try (PipelineHarness other = new PipelineHarness(dynamo.endpoint(), "off", models)) {
      other.store.putAll(List.of(result), Deadline.in(LONG), new Meter());
    }
  }

  void forgetCaches() {
    redis.flush();
    reopen();
  }

  /// As a new environment.
  ///
  /// @param pairs more settings, without their prefix
  void reopen(String... pairs) {
    pipeline.close();
    pipeline = new PipelineHarness(between.endpoint(), redis.url(), models, pairs);
  }
}
