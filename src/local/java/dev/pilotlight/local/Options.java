package dev.pilotlight.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// What a local stack is started with.
///
/// @param ports 0 for free ones
/// @param environmentsMax environments of each function at most
/// @param queueMax events that wait for an environment at most, per function
/// @param classPath of the function; empty for what ships, as the build wrote it
/// @param packaged the unzipped package to run instead, with its own models
/// @param environment variables of the function that replace the template's and the runner's
/// @param grace how long the function may take to end when it is asked to
public record Options(
    PortNumbers ports,
    int environmentsMax,
    int queueMax,
    Path models,
    Path template,
    String classPath,
    Optional<Path> packaged,
    Map<String, String> environment,
    Duration grace,
    Logs logs) {
  private static final int PORT_MAX = 65_535;
  private static final int ENVIRONMENTS_MAX = 64;
  private static final int QUEUE_MAX = 1024;
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
    models = models.toAbsolutePath().normalize();
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
        Path.of(Option.MODELS.in(given)),
        Path.of(Option.TEMPLATE.in(given)),
        "",
        Optional.empty(),
        Map.of(),
        GRACE,
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
    Options standard = from(given);
    return standard.withPorts(new PortNumbers(0, 0, 0, 0, 0));
  }

  public Options withPorts(PortNumbers changed) {
    return new Options(
        changed,
        environmentsMax,
        queueMax,
        models,
        template,
        classPath,
        packaged,
        environment,
        grace,
        logs);
  }

  /// Adds or replaces one environment variable of the function.
  public Options withVariable(String name, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(name, value);
    return new Options(
        ports,
        environmentsMax,
        queueMax,
        models,
        template,
        classPath,
        packaged,
        changed,
        grace,
        logs);
  }

  public Options withTemplate(Path changed) {
    return new Options(
        ports,
        environmentsMax,
        queueMax,
        models,
        changed,
        classPath,
        packaged,
        environment,
        grace,
        logs);
  }

  /// Runs classes, not a package.
  public Options withClassPath(String changed) {
    return new Options(
        ports,
        environmentsMax,
        queueMax,
        models,
        template,
        changed,
        Optional.empty(),
        environment,
        grace,
        logs);
  }

  /// Runs the package in this directory, with its models.
  public Options withPackage(Path root) {
    Path absolute = root.toAbsolutePath().normalize();
    return new Options(
        ports,
        environmentsMax,
        queueMax,
        absolute.resolve("models"),
        template,
        classPath,
        Optional.of(absolute),
        environment,
        grace,
        logs);
  }

  public Options withEnvironmentsMax(int changed) {
    return new Options(
        ports, changed, queueMax, models, template, classPath, packaged, environment, grace, logs);
  }

  public Options withModels(Path changed) {
    return new Options(
        ports,
        environmentsMax,
        queueMax,
        changed,
        template,
        classPath,
        packaged,
        environment,
        grace,
        logs);
  }

  public Options withGrace(Duration changed) {
    return new Options(
        ports,
        environmentsMax,
        queueMax,
        models,
        template,
        classPath,
        packaged,
        environment,
        changed,
        logs);
  }

  public Options withLogs(Logs changed) {
    return new Options(
        ports,
        environmentsMax,
        queueMax,
        models,
        template,
        classPath,
        packaged,
        environment,
        grace,
        changed);
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
