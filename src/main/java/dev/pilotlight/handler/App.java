package dev.pilotlight.handler;

import dev.pilotlight.batch.BatchServices;
import dev.pilotlight.batch.Batches;
import dev.pilotlight.cache.AwsIdentity;
import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.call.Calls;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.handler.ApiSettings.MetricLines;
import dev.pilotlight.handler.EnvironmentStart.Kind;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.pipeline.InferencePipeline;
import dev.pilotlight.pipeline.Tiers;
import dev.pilotlight.protocol.http.Bodies;
import dev.pilotlight.protocol.http.LambdaEvents;
import dev.pilotlight.store.DynamoStore;
import dev.pilotlight.store.GuardedStore;
import dev.pilotlight.store.NoStore;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Prices;
import dev.pilotlight.support.ProcessAge;
import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.Tenants;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The wiring: the only place that knows every part, and the order in which they start.
public final class App implements AutoCloseable {
  /// As in `pom.xml`.
  public static final String VERSION = "0.1.0";

  private static final Duration BATCHES_REMEMBERED = Duration.ofDays(14);

  private final Exchange exchange;
  private final Tenants tenants;
  private final AppSettings settings;
  private final Catalogue catalogue;
  private final Cost cost;
  private final Map<String, String> logPlace;
  private final EnvironmentStart start;
  private final Metering metering;
  private final Log log;
  private final InferencePipeline pipeline;
  private final ModelRepository models;
  private final ResultStore store;
  private final Optional<RedisTier> redis;
  private final Clients clients;
  private final Optional<Snapshot> snapshot;

  /// Starts everything and answers one inference by the default model, so that the first caller
  /// does not pay for the model's first run.
  ///
  /// A model that does not load is no reason not to start: the others serve, and readiness says no.
  ///
  /// @throws IllegalArgumentException naming the setting that is wrong
  public static App start(Map<String, String> environment) {
    return start(environment, System.out);
  }

  /// Reads the settings, connects everything, and loads the default model.
  ///
  /// @param out where log and metrics go
  public static App start(Map<String, String> environment, PrintStream out) {
    long begun = System.nanoTime();
    AppSettings settings = AppSettings.from(new Settings(environment));
    App app = new App(environment, settings, out);
    app.start.ready(ProcessAge.nanos().orElseGet(() -> System.nanoTime() - begun));
    return app;
  }

  private App(Map<String, String> environment, AppSettings settings, PrintStream out) {
    this.settings = settings;
    log = new Log(out, settings.api().logLevel());
    Kind kind = Kind.of(environment.getOrDefault("AWS_LAMBDA_INITIALIZATION_TYPE", ""));
    cost = cost(environment, kind);
    logPlace = logPlace(environment);
    start = new EnvironmentStart(kind);
    metering =
        Metering.of(
            environment,
            cost,
            start,
            settings.api().metrics() == MetricLines.ON ? Optional.of(out) : Optional.empty());
    clients = new Clients(environment, settings.store());
    if (kind == Kind.SNAP_START) {
      clients.keepNoConnections();
    }
    // connects in the background while the model loads
    AwsIdentity aws = new AwsIdentity(clients.regionName(), clients::credentials);
    redis = RedisTier.connect(settings.cache(), aws, log);
    store = store(settings.store());
    models = new ModelRepository(settings.model(), clients::s3, log);
    pipeline = new InferencePipeline(tiers(store), settings.pipeline());
    catalogue = new Catalogue(models, store, log);
    tenants = new Tenants(settings.tenant(), settings.store().table());
    exchange = newExchange();
    Optional<Rehearsal> rehearsal =
        kind.hasTime()
            ? Optional.of(new Rehearsal(exchange.with(metering.ofRehearsal()), store, redis, log))
            : Optional.empty();
    FirstTimes firstTimes = new FirstTimes(catalogue, store, rehearsal, kind, log);
    firstTimes.run();
    snapshot =
        kind == Kind.SNAP_START
            ? Optional.of(Snapshot.registered(clients, redis, firstTimes, start))
            : Optional.empty();
  }

  private Tiers tiers(ResultStore store) {
    return new Tiers(
        new MemoryTier(settings.cache().memoryBytesMax()),
        redis,
        store,
        settings.cache().timeToLive(),
        settings.store().timeToLive(),
        log);
  }

  private Exchange newExchange() {
    Api api =
        new Api(
            pipeline,
            Calls.ofApi(catalogue::model, settings.api().itemsMax(), settings.protocol()),
            catalogue,
            tenants);
    return new Exchange(
        api,
        new LambdaEvents(settings.protocol()),
        new Bodies(settings.protocol()),
        settings.api(),
        metering,
        log);
  }

  private ResultStore store(StoreSettings settings) {
    return settings.policy() == Policy.OFF
        ? new NoStore()
        : new GuardedStore(
            new DynamoStore(settings, clients::dynamo, clients::s3),
            settings,
            clients::dynamoRefusedNanos,
            log);
  }

  /// Longer than any event waits, so that none begins a batch again that is done.
  private static Duration remembered(Duration results) {
    return results.compareTo(BATCHES_REMEMBERED) > 0 ? results : BATCHES_REMEMBERED;
  }

  private static Cost cost(Map<String, String> environment, Kind kind) {
    return new Cost(
        Prices.KNOWN,
        Prices.Processor.of(System.getProperty("os.arch", "")),
        kind == Kind.PROVISIONED,
        Integer.parseInt(environment.getOrDefault("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0")));
  }

  /// Makes what answers batches; only the batch function asks for it.
  Batches batches() {
    return new Batches(
        clients::dynamo,
        settings.store().table(),
        remembered(settings.store().timeToLive()),
        new BatchServices(
            clients::s3,
            Calls.ofBatch(catalogue::model, settings.api().itemsMax(), settings.protocol()),
            name -> catalogue.model(name.orElseGet(models::defaultModel), Optional.empty()),
            this::useModels,
            pipeline,
            tenants::ofObject,
            settings.api().itemsMax(),
            settings.batch(),
            cost,
            VERSION,
            logPlace,
            log));
  }

  /// Where Lambda keeps what this environment logs.
  private static Map<String, String> logPlace(Map<String, String> environment) {
    return Map.of(
        "log_group", environment.getOrDefault("AWS_LAMBDA_LOG_GROUP_NAME", ""),
        "log_stream", environment.getOrDefault("AWS_LAMBDA_LOG_STREAM_NAME", ""));
  }

  /// Until this is closed, no model that a batch uses is closed, and this thread waits for none
  /// beyond the deadline.
  ModelRepository.Use useModels(Deadline deadline) {
    return models.use(deadline, _ -> {});
  }

  Exchange exchange() {
    return exchange;
  }

  Log log() {
    return log;
  }

  Metering metering() {
    return metering;
  }

  @Override
  public void close() {
    snapshot.ifPresent(Snapshot::close);
    pipeline.close();
    models.close();
    redis.ifPresent(RedisTier::close);
    store.close();
    clients.close();
    log.writeAllRepeats();
  }
}
