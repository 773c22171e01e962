package dev.pilotlight.bench.setup;

import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The resources of every measure: the servers, the package, and the reference model.
///
/// @param peer if it was chosen and could be installed
public record Setup(
    BenchOptions options,
    Progress progress,
    RedisServer redis,
    DynamoLocal dynamo,
    S3Local s3,
    Template template,
    Texts texts,
    RawModel reference,
    Events events,
    Optional<NodePeer> peer)
    implements AutoCloseable {
  /// Megabytes of memory that stand for one vCPU.
  public static final int ONE_CPU_MB = 1769;

  public static final int TWO_CPUS_MB = 2 * ONE_CPU_MB;

  /// As the template names it.
  static final String BATCH = "BatchFunction";

  /// Output of the function and the other processes.
  public static final Path LOG = Path.of("target/bench/processes.log");

  private static final String API = "ApiFunction";
  private static final Path SETTINGS = Path.of("docs/reference/settings.md");
  static final Path TEMPLATE = Path.of("template.yaml");

  /// The original export.
  static final Path MODEL = Path.of("models", Events.MODEL, "1");

  /// Starts Redis, DynamoDB Local and the wire to the function.
  ///
  /// @throws IllegalStateException in one clear line if this machine cannot run it
  public static Setup start(BenchOptions options, Progress progress) throws IOException {
    Launch.Code.Packaged.at(options.packaged());
    Optional<NodePeer> peer = options.peer() ? NodePeer.install(progress) : Optional.empty();
    RedisServer.problem()
        .ifPresent(
            problem -> {
              throw new IllegalStateException("the bench needs Redis: " + problem);
            });
    Files.createDirectories(LOG.getParent());
    Files.deleteIfExists(LOG);
    Template template = Template.read(TEMPLATE);
    DynamoLocal dynamo = DynamoLocal.start(0);
    for (Template.Table table : template.tables()) {
      dynamo.createTable(table.name(), table.keys(), table.timeToLive());
    }
    return new Setup(
        options,
        progress,
        RedisServer.start(0),
        dynamo,
        S3Local.start(0, template.buckets().toArray(String[]::new)),
        template,
        new Texts(),
        RawModel.original(MODEL),
        Events.read(),
        peer);
  }

  /// Where the packaged graph and its tokenizer are.
  public Path packagedModel() {
    return options.packaged().resolve(MODEL);
  }

  /// A fresh environment of the packaged function.
  public FunctionProcess function(int memoryMb) throws IOException {
    return function(memoryMb, Map.of());
  }

  /// Starts the packaged function.
  ///
  /// @param variables added to Lambda's and the template's, or replacing them
  public FunctionProcess function(int memoryMb, Map<String, String> variables) throws IOException {
    return function(memoryMb, variables, Cores.ALL);
  }

  /// Starts the packaged function on some cores.
  ///
  /// @param variables added to Lambda's and the template's, or replacing them
  public FunctionProcess function(int memoryMb, Map<String, String> variables, Cores cores)
      throws IOException {
    Launch launch = launch(API, memoryMb, variables);
    return new FunctionProcess(launch, launch.command(), cores);
  }

  /// Starts the packaged batch function on some cores.
  ///
  /// @param variables added to Lambda's and the template's, or replacing them
  public FunctionProcess batchFunction(int memoryMb, Map<String, String> variables, Cores cores)
      throws IOException {
    Launch launch = launch(BATCH, memoryMb, variables);
    return new FunctionProcess(launch, launch.command(), cores);
  }

  /// Whether the package has the setting that stores a result after its answer.
  public boolean hasAnswerFirst() throws IOException {
    return Files.readString(SETTINGS).contains("| `PILOTLIGHT_ANSWER` |");
  }

  private FunctionSettings functionSettings(String name) {
    return functionSettings(template, name);
  }

  private static FunctionSettings functionSettings(Template template, String name) {
    return template.functions().stream()
        .filter(function -> function.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(TEMPLATE + " has no " + name));
  }

  /// Starts another process instead of the function's, with the same variables.
  public FunctionProcess process(int memoryMb, Map<String, String> variables, List<String> command)
      throws IOException {
    return process(memoryMb, variables, command, Cores.ALL);
  }

  /// Starts another process instead of the function's on some cores, with the same variables.
  public FunctionProcess process(
      int memoryMb, Map<String, String> variables, List<String> command, Cores cores)
      throws IOException {
    return new FunctionProcess(launch(API, memoryMb, variables), command, cores);
  }

  /// How an environment of the packaged API function is started.
  ///
  /// @param variables as [#function(int, Map)] takes them
  public Launch launch(int memoryMb, Map<String, String> variables) {
    return launch(API, memoryMb, variables);
  }

  private Launch launch(String name, int memoryMb, Map<String, String> variables) {
    return launch(functionSettings(name), memoryMb, variables);
  }

  /// Starts the packaged API function on some cores, with the settings of another template.
  ///
  /// @param variables added to Lambda's and the template's, or replacing them
  FunctionProcess function(Template other, int memoryMb, Map<String, String> variables, Cores cores)
      throws IOException {
    Launch launch = launch(functionSettings(other, API), memoryMb, variables);
    return new FunctionProcess(launch, launch.command(), cores);
  }

  private Launch launch(FunctionSettings settings, int memoryMb, Map<String, String> variables) {
    Map<String, String> overrides = new HashMap<>();
    overrides.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memoryMb));
    overrides.putAll(redis.variables());
    overrides.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
    overrides.put("AWS_ENDPOINT_URL_S3", s3.endpoint().toString());
    overrides.putAll(variables);
    return new Launch(
        settings, Launch.Code.Packaged.at(options.packaged()), overrides, Duration.ZERO);
  }

  @Override
  public void close() {
    reference.close();
    redis.close();
    dynamo.close();
    s3.close();
  }
}
