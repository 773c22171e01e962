package dev.pilotlight.handler;

import dev.pilotlight.batch.BatchServices;
import dev.pilotlight.batch.Batches;
import dev.pilotlight.cache.AwsIdentity;
import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.call.Calls;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.handler.ApiSettings.MetricLines;
import dev.pilotlight.handler.EnvironmentStart.Kind;
import dev.pilotlight.idempotency.Idempotency;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.pipeline.InferencePipeline;
import dev.pilotlight.pipeline.Tiers;
import dev.pilotlight.store.DynamoStore;
import dev.pilotlight.store.GuardedStore;
import dev.pilotlight.store.NoStore;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.MetricCollector;
import dev.pilotlight.support.Prices;
import dev.pilotlight.support.ProcessAge;
import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.Tenants;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Wires all parts together and starts them in order.
public final class App implements AutoCloseable {
  /// The version in `pom.xml`.
  public static final String VERSION = "0.1.0";

  private static final Duration BATCHES_REMEMBERED = Duration.ofDays(14);

  private final Api api;
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
  // empty if requests are not traced, or no longer
  private volatile String traceDaemon;
  private @Nullable Traces traces; // guarded by this
  private @Nullable Idempotency idempotency; // guarded by this

  /// Starts everything and runs the default model once, so that the first caller does not wait for
  /// the model's first run.
  ///
  /// A default model that does not load does not stop the start: other models still serve, and the
  /// readiness endpoint reports the failure.
  ///
  /// @throws IllegalArgumentException naming the setting that is wrong
  public static App start(Map<String, String> environment) {
    return start(environment, System.out);
  }

  /// As [#start(Map)].
  ///
  /// @param out receives log and metrics
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
    traceDaemon =
        settings.api().traces() == ApiSettings.Tracing.ON
            ? environment.getOrDefault("AWS_XRAY_DAEMON_ADDRESS", "")
            : "";
    start = new EnvironmentStart(kind);
    metering = Metering.of(environment, cost, start, collector(settings.api().metrics(), out));
    clients = new Clients(environment, settings.store(), log);
    if (kind == Kind.SNAP_START) {
      clients.keepNoConnections();
    }
    // connects in the background while the model loads
    AwsIdentity aws = new AwsIdentity(clients.regionName(), clients::credentials);
    redis = RedisTier.connect(settings.cache(), aws, log);
    store = store(settings.store());
    models = new ModelRepository(settings.model(), clients::s3, log);
    pipeline = new InferencePipeline(tiers(store), settings.pipeline());
    catalogue = new Catalogue(VERSION, models, store, log);
    tenants = new Tenants(settings.tenant(), settings.store().table());
    RequestLog requestLog =
        new RequestLog(log, settings.api().slow(), settings.api().sampleOneIn());
    api = api(metering, requestLog);
    Optional<Rehearsal> rehearsal =
        kind.hasTime()
            ? Optional.of(
                new Rehearsal(api(metering.forRehearsal(), RequestLog.NONE), store, redis, log))
            : Optional.empty();
    Priming priming = new Priming(catalogue, store, rehearsal, kind, log);
    priming.run();
    snapshot =
        kind == Kind.SNAP_START
            ? Optional.of(Snapshot.registered(clients, redis, priming, start))
            : Optional.empty();
  }

  private static Optional<MetricCollector> collector(MetricLines lines, PrintStream out) {
    return lines == MetricLines.OFF
        ? Optional.empty()
        : Optional.of(new MetricCollector(out, lines == MetricLines.ON));
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

  private Api api(Metering measuring, RequestLog requestLog) {
    return new Api(
        settings,
        catalogue,
        pipeline,
        tenants,
        measuring,
        new Statistics(),
        requestLog,
        (request, owner, deadline, turn, inference) ->
            idempotency().answer(request, owner, deadline, turn.meter(), inference),
        log);
  }

  private synchronized Idempotency idempotency() {
    if (idempotency == null) {
      idempotency = new Idempotency(settings.store(), clients, store, log);
    }
    return idempotency;
  }

  private ResultStore store(StoreSettings settings) {
    return settings.policy() == Policy.OFF
        ? new NoStore()
        : new GuardedStore(
            new DynamoStore(settings, clients.calls(settings.table()), clients::s3),
            settings,
            clients::dynamoRefusedNanos,
            log);
  }

  /// How long a batch's state is kept: longer than any event waits, so that no late duplicate
  /// begins a finished batch again.
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

  /// Makes the parts for batches; only the batch function calls this.
  Batches batches() {
    return new Batches(
        clients::dynamo,
        settings.store().table(),
        remembered(settings.store().timeToLive()),
        new BatchServices(
            clients::s3,
            Calls.ofBatch(catalogue, settings.api().itemsMax(), settings.protocol()),
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

  /// The CloudWatch log of this environment.
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

  Api api() {
    return api;
  }

  /// Whether sampled requests are traced.
  boolean traces() {
    return !traceDaemon.isEmpty();
  }

  /// Begins the trace of a sampled request. After a failure, which is logged, no request is traced.
  ///
  /// @param header of X-Ray
  /// @return null where there is no daemon that takes it
  synchronized Traces.@Nullable Trace beginTrace(String header, Meter meter) {
    if (traceDaemon.isEmpty()) {
      return null;
    }
    try {
      if (traces == null) {
        traces = new Traces(traceDaemon, log);
      }
      return traces.begin(header, meter);
    } catch (IOException | RuntimeException e) {
      traceDaemon = "";
      log.warn("requests cannot be traced", e);
      return null;
    }
  }

  Log log() {
    return log;
  }

  Metering metering() {
    return metering;
  }

  private synchronized void closeMade() {
    traceDaemon = "";
    if (idempotency != null) {
      idempotency.close();
    }
    if (traces != null) {
      traces.close();
    }
  }

  @Override
  public void close() {
    closeMade();
    snapshot.ifPresent(Snapshot::close);
    pipeline.close();
    models.close();
    redis.ifPresent(RedisTier::close);
    store.close();
    clients.close();
    writeHeld();
  }

  /// Writes what the log still holds. Call this before the process ends.
  void writeHeld() {
    metering.collector().ifPresent(MetricCollector::writeHeld);
    log.writeAllRepeats();
  }

  /// Has [#writeHeld()] called when the process is asked to end.
  App writesAtShutdown() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::writeHeld, "pilotlight-shutdown"));
    return this;
  }
}
