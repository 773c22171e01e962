package dev.pilotlight.local;

import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.events.S3Triggers;
import dev.pilotlight.local.gateway.Gateway;
import dev.pilotlight.local.gateway.InvokeApi;
import dev.pilotlight.local.metrics.FunctionMetrics;
import dev.pilotlight.local.metrics.MetricsPage;
import dev.pilotlight.local.pages.BatchInbox;
import dev.pilotlight.local.pages.BatchProgress;
import dev.pilotlight.local.pages.Pages;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.runtime.AsyncFailure;
import dev.pilotlight.local.runtime.AsyncInvocations;
import dev.pilotlight.local.runtime.Environment;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.states.StateMachines;
import dev.pilotlight.local.support.DataDirectory;
import dev.pilotlight.local.support.Option;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.local.template.Template;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Runs the template on this machine: its functions with an HTTP API and the Invoke API, its
/// tables, its buckets and a Redis. Thread-safe.
public final class LocalStack implements AutoCloseable {
  /// Events that wait for an environment at most, per function.
  private static final int QUEUE_MAX = 1024;

  private final Parts parts;
  private final Console console;
  private final FunctionMetrics metrics = new FunctionMetrics();
  private final BatchProgress batches = new BatchProgress();
  private final Template template;
  private final @Nullable RedisServer redis;
  private final DynamoLocal dynamo;
  private final S3Local s3;
  private final Map<String, EnvironmentPool> functions;
  private final EnvironmentPool served;
  private final AsyncInvocations events;
  private final StateMachines machines;
  private final Gateway gateway;
  private final InvokeApi invokeApi;
  private final Optional<String> developmentKey;

  /// @param warm whether the served function is initialised while the servers start
  private LocalStack(Options options, Console console, Parts parts, boolean warm) {
    this.parts = parts;
    this.console = console;
    template = options.template();
    Optional<DataDirectory> data =
        options.data().map(it -> parts.add(DataDirectory.open(it, options.reset())));
    FreePorts.require(options, template.usesRedis());
    int dynamoPort = options.port(Option.DYNAMODB_PORT);
    dynamo = parts.add(DynamoLocal.listen(dynamoPort, data.map(DataDirectory::dynamoDb)));
    var dynamoStart =
        CompletableFuture.runAsync(
            () -> dynamo.serve(template.tables()), Thread::startVirtualThread);
    int s3Port = Ports.claim("S3", options.port(Option.S3_PORT));
    var s3Start =
        CompletableFuture.supplyAsync(
            () -> startS3(s3Port, data.map(DataDirectory::s3), options.models()),
            Thread::startVirtualThread);
    parts.add(() -> s3Start.join().close());
    redis = startRedis(options, data.map(DataDirectory::redis)).orElse(null);
    functions = functions(options, S3Local.endpoint(s3Port));
    served = Objects.requireNonNull(functions.get(template.routes().function()));
    // a first call to DynamoDB waits until the tables are there
    CompletableFuture<?> initialised =
        warm ? served.start() : CompletableFuture.completedFuture(null);
    dynamoStart.join();
    developmentKey = DevelopmentKey.of(options, dynamo, data);
    s3 = s3Start.join();
    events =
        parts.add(
            new AsyncInvocations(
                functions, template.asyncSettings(), options.retryPause(), console::line));
    s3.onCreated(new S3Triggers(template.s3Triggers(), events));
    machines =
        parts.add(StateMachines.of(template.machines(), functions, s3, events, console::line));
    s3.onCreated(machines);
    Place place = Place.local(dynamo.endpoint(), s3.endpoint(), false);
    var inbox =
        parts.add(new BatchInbox(s3, events, batches, LocalBatch.INPUT, LocalBatch.OUTPUT, place));
    MetricsPage page = new MetricsPage(metrics, functions, served, developmentKey.orElse(null));
    gateway =
        parts.add(
            new Gateway(
                options.port(Option.GATEWAY_PORT),
                template.routes(),
                functions,
                console,
                template.corsOrigins(),
                Gateway.INTEGRATION_TIMEOUT,
                new Pages(inbox, page)));
    invokeApi = parts.add(new InvokeApi(options.port(Option.INVOKE_PORT), functions, events));
    initialised.join();
  }

  /// Starts everything and returns when the function is initialised. It prints nothing.
  ///
  /// @throws IllegalStateException in one clear line if a part cannot be started; then it stops the
  ///   others
  public static LocalStack start(Options options) {
    return start(options, Console.of(options, line -> {}), new Parts());
  }

  static LocalStack start(Options options, Console console, Parts parts) {
    return start(options, console, parts, true);
  }

  /// Starts everything, but no function before its first event.
  static LocalStack startIdle(Options options, Console console, Parts parts) {
    return start(options, console, parts, false);
  }

  private static LocalStack start(Options options, Console console, Parts parts, boolean warm) {
    try {
      return new LocalStack(options, console, parts, warm);
    } catch (CompletionException e) {
      parts.close();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /// Empty if the template has no cache, or this machine cannot run the bundled Redis.
  public Optional<RedisServer> redis() {
    return Optional.ofNullable(redis);
  }

  public DynamoLocal dynamo() {
    return dynamo;
  }

  /// The API key of the tenant `local`; empty if requests need none.
  public Optional<String> developmentKey() {
    return developmentKey;
  }

  public S3Local s3() {
    return s3;
  }

  public URI gatewayUrl() {
    return URI.create("http://" + Ports.HOST + ":" + gateway.port());
  }

  public URI invokeUrl() {
    return URI.create("http://" + Ports.HOST + ":" + invokeApi.port());
  }

  /// The names of the template's tables here.
  public List<String> tables() {
    return template.tables().stream().map(Template.Table::name).toList();
  }

  /// The names of the template's buckets here.
  public List<String> buckets() {
    return template.buckets();
  }

  /// Ends the function's processes and returns when a new one is initialised, with an empty memory
  /// cache.
  public void restartFunction() {
    served.restart();
  }

  /// Kills the served function's processes, see [#kill].
  public void killFunction() {
    kill(function());
  }

  /// Kills a function's processes, as a crash would, and returns how many.
  public int kill(String function) {
    return kill(function, Integer.MAX_VALUE);
  }

  /// Kills the oldest of a function's processes.
  public int kill(String function, int most) {
    List<Environment> running = pool(function).environments();
    running.stream().limit(most).forEach(Environment::kill);
    return Math.min(most, running.size());
  }

  /// How many environments of the served function run.
  public int environments() {
    return environments(function());
  }

  /// How many environments of a function run.
  public int environments(String function) {
    return pool(function).environments().size();
  }

  /// The last asynchronous events that failed for good, oldest first.
  public List<AsyncFailure> failures() {
    return events.failures();
  }

  /// The state machines that new objects start.
  public StateMachines machines() {
    return machines;
  }

  /// Waits until no asynchronous event runs, waits or is due for a retry, and no state machine
  /// runs.
  ///
  /// @return whether that was so in time
  public boolean awaitIdle(Duration timeout) throws InterruptedException {
    return new Idle(s3, events, machines).await(timeout);
  }

  /// The lines so far: requests, and those lines of the function's log that the options show.
  public List<String> logs() {
    return console.lines();
  }

  @Override
  public void close() {
    parts.close();
  }

  String function() {
    return served.function().name();
  }

  private EnvironmentPool pool(String function) {
    EnvironmentPool pool = functions.get(function);
    if (pool == null) {
      throw new IllegalArgumentException(
          "there is no function %s; here are %s".formatted(function, functions.keySet()));
    }
    return pool;
  }

  private Optional<RedisServer> startRedis(Options options, Optional<Path> data) {
    if (!template.usesRedis()) {
      return Optional.empty();
    }
    Optional<String> problem = RedisServer.problem();
    problem.ifPresent(what -> console.line("serving without Redis: " + what));
    return problem.isPresent()
        ? Optional.empty()
        : Optional.of(parts.add(RedisServer.start(data, options.port(Option.REDIS_PORT))));
  }

  private S3Local startS3(int port, Optional<Path> data, String models) {
    List<String> buckets = new ArrayList<>(template.buckets());
    ModelPlace.bucket(models).ifPresent(buckets::add);
    S3Local started = S3Local.start(data, port, buckets);
    template.versionedBuckets().forEach(started::keepVersions);
    return started;
  }

  private Map<String, EnvironmentPool> functions(Options options, URI s3Endpoint) {
    Map<String, String> overrides = new HashMap<>();
    overrides.put("PILOTLIGHT_MODELS", options.models());
    overrides.putAll(redis == null ? Map.of(Template.REDIS, "off") : redis.variables());
    overrides.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
    overrides.put("AWS_ENDPOINT_URL_S3", s3Endpoint.toString());
    overrides.putAll(options.environment());
    Map<String, EnvironmentPool> pools = new LinkedHashMap<>();
    for (FunctionSettings function : template.functions()) {
      Launch launch =
          new Launch(function.withoutCredentials(), options.code(), overrides, options.grace());
      EnvironmentPool pool =
          new EnvironmentPool(launch, options.environmentsMax(), QUEUE_MAX, this::logged);
      pools.put(function.name(), parts.add(pool));
    }
    return pools;
  }

  private void logged(int environment, String line) {
    metrics.add(line);
    BatchReport.parse(line)
        .ifPresent(it -> batches.add(it.batch(), it.percentRead(), it.figures()));
    console.logged(environment, line);
  }
}
