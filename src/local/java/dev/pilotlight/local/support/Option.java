package dev.pilotlight.local.support;

import java.util.List;
import java.util.Properties;

/// The options of the local runner, each given as `-D<name>=<value>`, with their names and
/// defaults. `pom.xml` passes them on from Maven's command line.
public enum Option {
  GATEWAY_PORT("pilotlight.gateway.port", "3000", "port of the HTTP gateway"),
  INVOKE_PORT("pilotlight.invoke.port", "3001", "port of the Lambda Invoke API"),
  REDIS_PORT("pilotlight.redis.port", "6379", "port of Redis"),
  DYNAMODB_PORT("pilotlight.dynamodb.port", "8000", "port of DynamoDB Local"),
  S3_PORT("pilotlight.s3.port", "9000", "port of the S3 server"),
  ENVIRONMENTS("pilotlight.environments", "2", "maximum environments of a function, 1–64"),
  MODELS(
      "pilotlight.models",
      "models",
      "directory of the models, or s3://bucket/prefix in the S3 server"),
  DATA(
      "pilotlight.data",
      ".pilotlight",
      "directory that keeps results, caches and objects for the next start, or memory (the default"
          + " with -Dbatch)"),
  RESET("pilotlight.reset", "", "empty that directory first"),
  PACKAGE(
      "pilotlight.package",
      "",
      "run this unzipped package, such as target/pilotlight, not the classes"),
  TEMPLATE("pilotlight.template", "template.yaml", "the template that defines the functions"),
  PRESET(
      "pilotlight.preset",
      "production",
      "the template's parameters, from samconfig.toml: starter (as sam deploy, without Redis),"
          + " production or busy"),
  AUTH(
      "pilotlight.auth",
      "",
      "keys: requests need an API key, and the runner makes and prints one of the tenant local"),
  LOGS("pilotlight.logs", "warn", "what the function logs: warn, all or off"),
  LOG_FILE("pilotlight.log.file", "", "append everything that the functions log to this file"),
  RETRY_MS(
      "pilotlight.retry.ms",
      "1000",
      "pause before the first retry of an asynchronous event, then doubled; Lambda's is a minute"),
  BATCH(
      "batch",
      "",
      "answer the lines of this file (.jsonl, .ndjson, .txt, .csv, .tsv, each also .gz, or"
          + " .parquet), then end"),
  BATCH_OUTPUT("batch.output", "", "where its answers go; default: next to the file");

  /// The ports of the parts.
  public static final List<Option> PORTS =
      List.of(GATEWAY_PORT, INVOKE_PORT, REDIS_PORT, DYNAMODB_PORT, S3_PORT);

  /// The value of [#DATA] that keeps nothing.
  public static final String MEMORY = "memory";

  private final String name;
  private final String defaultValue;
  private final String meaning;

  Option(String name, String defaultValue, String meaning) {
    this.name = name;
    this.defaultValue = defaultValue;
    this.meaning = meaning;
  }

  /// The name after `-D`.
  public String optionName() {
    return name;
  }

  public String defaultValue() {
    return defaultValue;
  }

  public String meaning() {
    return meaning;
  }

  /// Whether a value was given.
  public boolean isIn(Properties properties) {
    return !properties.getProperty(name, "").isBlank();
  }

  /// The value given, or the default if there is none or an empty one.
  public String in(Properties properties) {
    return isIn(properties) ? properties.getProperty(name).strip() : defaultValue;
  }

  /// Whether the option is on. For an option without a value, Maven passes the value true.
  ///
  /// @throws IllegalArgumentException in one clear line
  public boolean flag(Properties properties) {
    return switch (in(properties)) {
      case "true" -> true;
      case "", "false" -> false;
      case String other ->
          throw new IllegalArgumentException(
              "-D%s is '%s'; accepted: no value, true or false".formatted(name, other));
    };
  }

  /// The option's value as a number within bounds.
  ///
  /// @throws IllegalArgumentException in one clear line
  public int number(Properties properties, int min, int max) {
    String value = in(properties);
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw new IllegalArgumentException(
        "-D%s is '%s'; accepted: %d–%d".formatted(name, value, min, max));
  }
}
