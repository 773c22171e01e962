package dev.pilotlight.pipeline;

import dev.pilotlight.cache.AwsIdentity;
import dev.pilotlight.cache.CacheSettings;
import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.InferenceRequest;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ItemOutcome;
import dev.pilotlight.domain.Later;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Outcome;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.store.DynamoStore;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The inference path with all its tiers, as one environment of the function has it, on one lane.
final class PipelineHarness implements AutoCloseable {
  static final String TABLE = "results";
  static final Duration LONG = Duration.ofSeconds(20);

  /// Longer than in the function, because the tests hold look-ups on a busy machine.
  private static final Duration LOOK_UP_MAX = Duration.ofSeconds(1);

  final MemoryTier memory;
  final ResultStore store;
  private final Clients clients;
  private final Optional<RedisTier> redis;
  private final ModelRepository models;
  private final InferencePipeline pipeline;

  /// @param pairs more settings, without their prefix
  PipelineHarness(URI dynamo, String redisUrl, Path modelRoot, String... pairs) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PILOTLIGHT_TABLE", TABLE);
    environment.put("PILOTLIGHT_REDIS", redisUrl);
    environment.put("PILOTLIGHT_MODELS", modelRoot.toString());
    environment.put("PILOTLIGHT_MODEL_SETTLE_MS", "0");
    environment.put("PILOTLIGHT_LANES", "1");
    environment.put("PILOTLIGHT_STORE_ATTEMPT_MS", "10000");
    environment.put("PILOTLIGHT_REDIS_READ_MS", "2000");
    environment.put("PILOTLIGHT_REDIS_TOTAL_MS", "2000");
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put("PILOTLIGHT_" + pairs[i], pairs[i + 1]);
    }
    Settings settings = new Settings(environment);
    Log log = new Log(System.out, Log.Level.ERROR);
    CacheSettings cache = CacheSettings.from(settings);
    StoreSettings stored = StoreSettings.from(settings);
    clients = EmulatedClients.of(stored, Map.of("DYNAMODB", dynamo));
    memory = new MemoryTier(cache.memoryBytesMax());
    store = new DynamoStore(stored, clients.calls(stored.table()), clients::s3);
    AwsIdentity aws = new AwsIdentity(clients.regionName(), clients::credentials);
    redis = RedisTier.connect(cache, aws, log);
    models = new ModelRepository(ModelSettings.from(settings), clients::s3, log);
    pipeline =
        new InferencePipeline(
            new Tiers(memory, redis, store, cache.timeToLive(), stored.timeToLive(), log),
            PipelineSettings.from(settings),
            new Runs(LOOK_UP_MAX));
    redis.ifPresent(PipelineHarness::awaitConnected);
  }

  /// It connects in the background.
  private static void awaitConnected(RedisTier redis) {
    ResultKey key = new ResultKey("-".repeat(43));
    long end = System.nanoTime() + LONG.toNanos();
    while (redis.get(List.of(key)).isEmpty()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("Redis is not there");
      }
      redis.put(
          Map.of(key, new CachedResult(new byte[1], Instant.now().plusSeconds(2))),
          Duration.ofSeconds(1));
    }
  }

  Model model(String name) {
    return models.get(name, null);
  }

  Outcome run(String model, Item... items) {
    return run("public", model, CacheUse.NORMAL, LONG, items);
  }

  Outcome run(String tenant, String model, CacheUse use, Duration time, Item... items) {
    return run(tenant, model, use, time, new Meter(), items);
  }

  Outcome run(
      String tenant, String model, CacheUse use, Duration time, Meter meter, Item... items) {
    List<Item> all = Arrays.asList(items);
    return pipeline.run(
        model(model),
        new InferenceRequest(tenant, all, i -> "input[" + i + "]", use, Deadline.in(time), meter));
  }

  /// Answers first.
  Outcome run(Later later, Meter meter, CacheUse use, Item... items) {
    List<Item> all = Arrays.asList(items);
    return pipeline.run(
        model("identity"),
        new InferenceRequest(
            "public", all, i -> "input[" + i + "]", use, Deadline.in(LONG), meter, later));
  }

  List<ItemOutcome> runEach(String model, Duration time, Item... items) {
    return runEach(model(model), time, items);
  }

  List<ItemOutcome> runEach(Model model, Duration time, Item... items) {
    return runEach(model, time, new Meter(), items);
  }

  List<ItemOutcome> runEach(Model model, Duration time, Meter meter, Item... items) {
    List<Item> all = Arrays.asList(items);
    return pipeline.runEach(
        model,
        new InferenceRequest(
            "public", all, i -> "line[" + i + "]", CacheUse.NORMAL, Deadline.in(time), meter));
  }

  /// For [dev.pilotlight.model.OnnxModels#identity].
  static Item floats(float... values) {
    return new Item.Tensors(
        List.of(Tensor.ofFloats("x", new long[] {values.length}, values)), List.of("y"));
  }

  /// For [dev.pilotlight.model.OnnxModels#slow].
  static Item rounds(long rounds) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return new Item.Tensors(
        List.of(
            new Tensor("rounds", Datatype.INT64, new long[0], bytes.putLong(0, rounds).array())),
        List.of("value"));
  }

  /// Items of about half a millisecond a round, each its own.
  static Item[] slowItems(int count, int rounds) {
    return IntStream.range(0, count).mapToObj(i -> rounds(rounds + i)).toArray(Item[]::new);
  }

  static void write(Path root, String name, OnnxGraph graph) {
    graph.write(root.resolve(name).resolve("1").resolve("model.onnx"));
  }

  @Override
  public void close() {
    pipeline.close();
    models.close();
    redis.ifPresent(RedisTier::close);
    clients.close();
  }
}
