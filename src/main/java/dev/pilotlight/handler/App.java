package dev.pilotlight.handler;

import dev.pilotlight.access.Gate;
import dev.pilotlight.batch.BatchServices;
import dev.pilotlight.batch.Batches;
import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.claim.Turns;
import dev.pilotlight.batch.openai.ApiBatchService;
import dev.pilotlight.batch.s3.BatchStore;
import dev.pilotlight.cache.AwsIdentity;
import dev.pilotlight.cache.MemoryTier;
import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.handler.EnvironmentStart.Kind;
import dev.pilotlight.handler.demand.OnDemand;
import dev.pilotlight.handler.limits.AllowedModels;
import dev.pilotlight.handler.limits.BatchTenants;
import dev.pilotlight.limits.Limits;
import dev.pilotlight.limits.usage.UsageTable;
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
import dev.pilotlight.support.ProcessAge;
import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.TenantSettings;
import dev.pilotlight.tenant.TenantSettings.ObjectRule;
import dev.pilotlight.tenant.Tenants;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Wires all parts together and starts them in order.
public final class App implements AutoCloseable {
  /// The version in `pom.xml`.
  public static final String VERSION = "0.1.0";

  private final Api api;
  private final Tenants tenants;
  private final @Nullable Gate gate;
  private final @Nullable Limits limits;
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
  private final Traces.Source traces;
  private final OnDemand onDemand;

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
    cost = AppSettings.cost(environment, kind);
    logPlace = AppSettings.logPlace(environment);
    boolean traced = settings.api().traces() == ApiSettings.Tracing.ON;
    traces =
        new Traces.Source(
            traced ? environment.getOrDefault("AWS_XRAY_DAEMON_ADDRESS", "") : "", log);
    start = new EnvironmentStart(kind);
    metering = Metering.of(environment, cost, start, settings.api().metrics().collector(out));
    clients = new Clients(environment, settings.store(), log);
    if (kind == Kind.SNAP_START) {
      clients.keepNoConnections();
    }
    // connects in the background while the model loads
    AwsIdentity aws = new AwsIdentity(clients.regionName(), clients::credentials);
    redis = RedisTier.connect(settings.cache(), aws, log);
    store = store(settings.store());
    onDemand =
        new OnDemand(
            settings.store(),
            settings.files(),
            settings.apiBatches(),
            settings.protocol(),
            clients,
            store,
            log);
    models = new ModelRepository(settings.model(), clients::s3, log);
    pipeline = new InferencePipeline(tiers(store), settings.pipeline());
    catalogue = new Catalogue(VERSION, models, store, settings.store(), clients, log);
    tenants = new Tenants(settings.tenant(), settings.store().table());
    gate = gate(settings.tenant().keys());
    limits = limits(settings.tenant().keys());
    RequestLog requestLog =
        new RequestLog(log, settings.api().slow(), settings.api().sampleOneIn());
    api = api(tenants, gate, limits, metering, requestLog);
    Optional<Rehearsal> rehearsal =
        kind.hasTime()
            ? Optional.of(new Rehearsal(rehearsalApi(), store, redis, log))
            : Optional.empty();
    Priming priming = new Priming(catalogue, store, gate, rehearsal, kind, log);
    priming.run();
    snapshot =
        kind == Kind.SNAP_START
            ? Optional.of(Snapshot.registered(clients, redis, priming, start))
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

  private @Nullable Gate gate(TenantSettings.@Nullable Keys keys) {
    return keys == null ? null : new Gate(clients.rows(keys.table()), settings.store(), keys, log);
  }

  private @Nullable Limits limits(TenantSettings.@Nullable Keys keys) {
    if (keys == null) {
      return null;
    }
    UsageTable table =
        new UsageTable(keys.table(), clients.counters(keys.table()), clients.rows(keys.table()));
    return Limits.of(settings.limits(), redis.orElse(null), keys.table(), table, cost, log);
  }

  private Api api(
      Tenants naming,
      @Nullable Gate keys,
      @Nullable Limits counted,
      Metering measuring,
      RequestLog requestLog) {
    return new Api(
        settings,
        catalogue,
        pipeline,
        naming,
        keys,
        counted,
        measuring,
        new Statistics(),
        requestLog,
        onDemand,
        log);
  }

  /// A rehearsal has no caller: it needs neither a key nor a rule for its tenant.
  private Api rehearsalApi() {
    return api(
        Tenants.ofStack(settings.store().table()),
        null,
        null,
        metering.forRehearsal(),
        RequestLog.NONE);
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

  /// Makes the parts for batches; only the batch function calls this.
  Batches batches() {
    var keys = settings.tenant().objects() == ObjectRule.FOLDER ? settings.tenant().keys() : null;
    BatchTenants owners =
        new BatchTenants(
            tenants,
            keys == null ? null : gate,
            limits,
            caller -> new AllowedModels(catalogue, models, caller),
            settings.api().itemsMax(),
            settings.protocol());
    String table = settings.store().table();
    BatchStore kept = settings.batch().store();
    return new Batches(
        clients::dynamo,
        table,
        settings.store().batchesRemembered(),
        new BatchServices(
            clients::s3,
            this::useModels,
            kept == BatchStore.TABLE ? pipeline : pipeline.withoutStoring(kept.looksUp()),
            owners::of,
            keys == null ? null : new Turns(clients::dynamo, keys.table(), table),
            new Cancellation(clients::dynamo, table, InstantSource.system()),
            new ApiBatchService(clients::dynamo, table, settings.apiBatches(), settings.batch()),
            settings.api().itemsMax(),
            settings.batch(),
            BatchServices.Packing.of(kept, settings.store()),
            cost,
            VERSION,
            logPlace,
            log));
  }

  /// Until this is closed, no model that a batch uses is closed, and this thread waits for none
  /// beyond the deadline.
  ModelRepository.Use useModels(Deadline deadline) {
    return models.use(deadline, _ -> {});
  }

  public Api api() {
    return api;
  }

  /// Begins the traces of sampled requests.
  Traces.Source traces() {
    return traces;
  }

  public Log log() {
    return log;
  }

  Metering metering() {
    return metering;
  }

  @Override
  public void close() {
    traces.close();
    onDemand.close();
    snapshot.ifPresent(Snapshot::close);
    writeUsage();
    pipeline.close();
    models.close();
    redis.ifPresent(RedisTier::close);
    store.close();
    clients.close();
    writeLog();
  }

  private void writeUsage() {
    if (limits != null) {
      limits.accounts().writeAll();
    }
  }

  private void writeLog() {
    metering.collector().ifPresent(MetricCollector::writeHeld);
    log.writeAllRepeats();
  }

  /// Writes what the log and the counters of usage still hold. Call this before the process ends.
  void writeHeld() {
    writeUsage();
    writeLog();
  }

  /// Has [#writeHeld()] called when the process is asked to end.
  App writesAtShutdown() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::writeHeld, "pilotlight-shutdown"));
    return this;
  }
}
