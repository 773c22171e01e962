package dev.pilotlight.handler;

import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.cache.RedisTier;
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
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The wiring: the only place that knows every part, and the order in which they start.
final class App implements AutoCloseable {
  /// As in `pom.xml`.
  static final String VERSION = "0.1.0";

  private final Exchange exchange;
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
    Catalogue catalogue = new Catalogue(models, store, log, Instant.now());
    Api api =
        new Api(
            pipeline,
            catalogue,
            new Tenants(settings.tenant()),
            settings.protocol(),
            settings.api().itemsMax());
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
