package dev.pilotlight.local;

import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.support.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;

/// What a local stack is started with.
///
/// @param ports 0 for free ones
/// @param environmentsMax environments of each function at most
/// @param queueMax events that wait for an environment at most, per function
/// @param models an absolute directory, or `s3://bucket/prefix` in the stack's own S3
/// @param data what keeps the data between runs; empty for memory
/// @param reset whether that is emptied first
/// @param classPath of the function; empty for what ships, as the build wrote it
/// @param packaged the unzipped package to run instead, with its own models
/// @param environment variables of the function that replace the template's and the runner's
/// @param grace how long the function may take to end when it is asked to
/// @param retryPause before an asynchronous event is tried again the first time; then twice as long
public record Options(
    PortNumbers ports,
    int environmentsMax,
    int queueMax,
    String models,
    Optional<Path> data,
    boolean reset,
    Path template,
    String classPath,
    Optional<Path> packaged,
    Map<String, String> environment,
    Duration grace,
    Duration retryPause,
    Logs logs) {
  private static final int PORT_MAX = 65_535;
  private static final int ENVIRONMENTS_MAX = 64;
  private static final int QUEUE_MAX = 1024;
  private static final int RETRY_MS_MAX = 600_000;
  private static final Duration GRACE = Duration.ofSeconds(1);

  /// What of the function's own log is shown.
  public enum Logs {
    /// What is not a structured line of level DEBUG or INFO.
    WARN,
    ALL,
    OFF
  }

  /// The ports of 127.0.0.1.
  public record PortNumbers(int gateway, int invoke, int redis, int dynamo, int s3) {}

  public Options {
    environment = Map.copyOf(environment);
    models = ModelPlace.located(models);
    data = data.map(directory -> directory.toAbsolutePath().normalize());
  }

  /// From `-D` options.
  ///
  /// @throws IllegalArgumentException in one clear line if one is wrong
  public static Options from(Properties given) {
    Options options = ofClasses(given);
    String packaged = Option.PACKAGE.in(given);
    if (packaged.isEmpty()) {
      return options;
    }
    Options changed = options.withPackage(Path.of(packaged));
    return Option.MODELS.isIn(given) ? changed.withModels(options.models) : changed;
  }

  /// The same with free ports, and with data in memory, where none are given.
  public static Options onFreePortsUnlessIn(Properties given) {
    PortNumbers ports =
        new PortNumbers(
            portOrFree(Option.GATEWAY_PORT, given),
            portOrFree(Option.INVOKE_PORT, given),
            portOrFree(Option.REDIS_PORT, given),
            portOrFree(Option.DYNAMODB_PORT, given),
            portOrFree(Option.S3_PORT, given));
    Options options = from(given).withPorts(ports);
    return Option.DATA.isIn(given) ? options : options.withoutData();
  }

  private static Optional<Path> data(Properties given) {
    String value = Option.DATA.in(given);
    boolean memory = value.equals(Option.MEMORY);
    if (memory && Option.RESET.flag(given)) {
      throw new IllegalArgumentException(
          "-D%s has nothing to empty with -D%s=%s"
              .formatted(Option.RESET.optionName(), Option.DATA.optionName(), value));
    }
    return memory ? Optional.empty() : Optional.of(Path.of(value));
  }

  private static int portOrFree(Option option, Properties given) {
    return option.isIn(given) ? option.number(given, 0, PORT_MAX) : 0;
  }

  private static Options ofClasses(Properties given) {
    return new Options(
        new PortNumbers(
            Option.GATEWAY_PORT.number(given, 0, PORT_MAX),
            Option.INVOKE_PORT.number(given, 0, PORT_MAX),
            Option.REDIS_PORT.number(given, 0, PORT_MAX),
            Option.DYNAMODB_PORT.number(given, 0, PORT_MAX),
            Option.S3_PORT.number(given, 0, PORT_MAX)),
        Option.ENVIRONMENTS.number(given, 1, ENVIRONMENTS_MAX),
        QUEUE_MAX,
        Option.MODELS.in(given),
        data(given),
        Option.RESET.flag(given),
        Path.of(Option.TEMPLATE.in(given)),
        "",
        Optional.empty(),
        Map.of(),
        GRACE,
        Duration.ofMillis(Option.RETRY_MS.number(given, 0, RETRY_MS_MAX)),
        logs(Option.LOGS.in(given)));
  }

  /// For tests: the defaults on free ports, of the package if there is one: what is tested is what
  /// ships.
  public static Options onFreePorts() {
    Properties given = new Properties();
    Path packaged = Path.of(Option.PACKAGE.in(System.getProperties()));
    if (Files.isExecutable(packaged.resolve(Launch.BOOTSTRAP))) {
      given.setProperty(Option.PACKAGE.optionName(), packaged.toString());
    }
    return onFreePortsUnlessIn(given);
  }

  public Options withPorts(PortNumbers changed) {
    return with(draft -> draft.ports = changed);
  }

  /// Adds or replaces one environment variable of the function.
  public Options withVariable(String name, String value) {
    return with(draft -> draft.environment.put(name, value));
  }

  public Options withTemplate(Path changed) {
    return with(draft -> draft.template = changed);
  }

  /// Runs classes, not a package.
  public Options withClassPath(String changed) {
    return with(
        draft -> {
          draft.classPath = changed;
          draft.packaged = Optional.empty();
        });
  }

  /// Runs the package in this directory, with its models.
  public Options withPackage(Path root) {
    Path absolute = root.toAbsolutePath().normalize();
    return with(
        draft -> {
          draft.models = absolute.resolve("models").toString();
          draft.packaged = Optional.of(absolute);
        });
  }

  public Options withEnvironmentsMax(int changed) {
    return with(draft -> draft.environmentsMax = changed);
  }

  public Options withModels(Path changed) {
    return withModels(changed.toString());
  }

  Options withModels(String changed) {
    return with(draft -> draft.models = changed);
  }

  /// Keeps its data in this directory.
  public Options withData(Path changed) {
    return with(draft -> draft.data = Optional.of(changed));
  }

  Options withoutData() {
    return with(draft -> draft.data = Optional.empty());
  }

  public Options withGrace(Duration changed) {
    return with(draft -> draft.grace = changed);
  }

  public Options withRetryPause(Duration changed) {
    return with(draft -> draft.retryPause = changed);
  }

  public Options withLogs(Logs changed) {
    return with(draft -> draft.logs = changed);
  }

  private Options with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /// Options that are being changed.
  private static final class Draft {
    private final int queueMax;
    private final Map<String, String> environment;
    private PortNumbers ports;
    private int environmentsMax;
    private final boolean reset;
    private String models;
    private Optional<Path> data;
    private Path template;
    private String classPath;
    private Optional<Path> packaged;
    private Duration grace;
    private Duration retryPause;
    private Logs logs;

    Draft(Options from) {
      queueMax = from.queueMax;
      environment = new HashMap<>(from.environment);
      ports = from.ports;
      environmentsMax = from.environmentsMax;
      models = from.models;
      data = from.data;
      reset = from.reset;
      template = from.template;
      classPath = from.classPath;
      packaged = from.packaged;
      grace = from.grace;
      retryPause = from.retryPause;
      logs = from.logs;
    }

    Options options() {
      return new Options(
          ports,
          environmentsMax,
          queueMax,
          models,
          data,
          reset,
          template,
          classPath,
          packaged,
          environment,
          grace,
          retryPause,
          logs);
    }
  }

  private static Logs logs(String value) {
    for (Logs choice : Logs.values()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(value)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        "-D%s is '%s'; accepted: warn, all, off".formatted(Option.LOGS.optionName(), value));
  }
}
