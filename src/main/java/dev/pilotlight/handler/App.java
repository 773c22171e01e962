package dev.pilotlight.handler;

import dev.pilotlight.batch.Batches;
import dev.pilotlight.batch.Tools;
import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.call.Calls;
import dev.pilotlight.model.ModelRepository;
import dev.pilotlight.pipeline.InferencePipeline;
import dev.pilotlight.pipeline.Tiers;
import dev.pilotlight.protocol.Bodies;
import dev.pilotlight.protocol.LambdaEvents;
import dev.pilotlight.store.Clients;
import dev.pilotlight.store.DynamoStore;
import dev.pilotlight.store.NoStore;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.Tenants;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The wiring: the only place that knows every part, and the order in which they start.
final class App implements AutoCloseable {
  /// As in `pom.xml`.
  static final String VERSION = "0.1.0";

  private static final Duration BATCHES_REMEMBERED = Duration.ofDays(14);

  private final Exchange exchange;
  private final AppSettings settings;
  private final Catalogue catalogue;
  private final int memoryMb;
  private final Log log;
  private final InferencePipeline pipeline;
  private final ModelRepository models;
  private final Optional<RedisTier> redis;
  private final Clients clients;

  /// Starts everything and answers one inference by the default model, so that the first caller
  /// does not pay for the model's first run.
  ///
  /// A model that does not load is no reason not to start: the others serve, and readiness says no.
  ///
  /// @throws IllegalArgumentException naming the setting that is wrong
  static App start(Map<String, String> environment) {
    AppSettings settings = AppSettings.from(new Settings(environment));
    return new App(environment, settings, new Log(System.out, settings.api().logLevel()));
  }

  private App(Map<String, String> environment, AppSettings settings, Log log) {
    this.settings = settings;
    this.log = log;
    memoryMb = memoryMb(environment);
    // connects in the background while the model loads
    redis = RedisTier.connect(settings.cache(), log);
    clients = new Clients(environment, settings.store());
    ResultStore store = store(settings.store());
    models = new ModelRepository(settings.model(), clients::s3, log);
    MemoryTier memory = new MemoryTier(settings.cache().memoryBytesMax());
    Tiers tiers =
        new Tiers(
            memory,
            redis,
            store,
            settings.cache().timeToLive(),
            settings.store().timeToLive(),
            log);
    pipeline = new InferencePipeline(tiers, settings.pipeline());
    catalogue = new Catalogue(models, store, log, Instant.now());
    Api api =
        new Api(
            pipeline,
            Calls.ofApi(catalogue::model, settings.api().itemsMax(), settings.protocol()),
            catalogue,
            new Tenants(settings.tenant()));
    exchange =
        new Exchange(
            api,
            new LambdaEvents(settings.protocol()),
            new Bodies(settings.protocol()),
            settings.api(),
            log);
    Optional<Rehearsal> rehearsal =
        isProvisioned(environment)
            ? Optional.of(new Rehearsal(exchange, store, redis, log))
            : Optional.empty();
    new FirstTimes(catalogue, store, rehearsal, log).run();
  }

  /// Started ahead of requests, and not for one that is waiting.
  private static boolean isProvisioned(Map<String, String> environment) {
    return "provisioned-concurrency".equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"));
  }

  private ResultStore store(StoreSettings settings) {
    return settings.policy() == Policy.OFF
        ? new NoStore()
        : new DynamoStore(settings, clients::dynamo, clients::s3);
  }

  /// Longer than any event waits, so that none begins a batch again that is done.
  private static Duration remembered(Duration results) {
    return results.compareTo(BATCHES_REMEMBERED) > 0 ? results : BATCHES_REMEMBERED;
  }

  private static int memoryMb(Map<String, String> environment) {
    return Integer.parseInt(environment.getOrDefault("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0"));
  }

  /// Makes what answers batches; only the batch function asks for it.
  Batches batches() {
    return new Batches(
        clients::dynamo,
        settings.store().table(),
        remembered(settings.store().timeToLive()),
        new Tools(
            clients::s3,
            Calls.ofBatch(catalogue::model, settings.api().itemsMax()),
            name -> catalogue.model(name.orElseGet(models::defaultModel), Optional.empty()),
            pipeline,
            settings.api().itemsMax(),
            settings.batch(),
            memoryMb,
            VERSION,
            log));
  }

  Exchange exchange() {
    return exchange;
  }

  @Override
  public void close() {
    pipeline.close();
    models.close();
    redis.ifPresent(RedisTier::close);
    clients.close();
  }
}
