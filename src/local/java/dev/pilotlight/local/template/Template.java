package dev.pilotlight.local.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The parts of `template.yaml` that the local runner uses: functions and their triggers, tables,
/// buckets. Every local run tests these parts of the template.
public final class Template {
  /// The functions' variable with the cache's address; off without a cache.
  public static final String REDIS = "PILOTLIGHT_REDIS";

  private static final String NOT_MADE = "no resource";

  /// A table with its string keys and the attribute that holds when an item expires.
  ///
  /// @param keys the partition key, and the sort key if it has one
  public record Table(String name, List<String> keys, String timeToLive) {
    public Table {
      keys = List.copyOf(keys);
    }
  }

  private final Map<String, Map<?, ?>> resources = new LinkedHashMap<>();
  private final Map<?, ?> globals;

  private Template(Map<?, ?> root, Map<String, String> given) {
    Intrinsics intrinsics = new Intrinsics(map(root, "Parameters"), map(root, "Conditions"), given);
    globals = (Map<?, ?>) intrinsics.resolve(map(map(root, "Globals"), "Function")).orElseThrow();
    map(root, "Resources")
        .forEach(
            (id, resource) -> {
              Object condition = ((Map<?, ?>) resource).get("Condition");
              if (condition == null || intrinsics.holds(Map.of("Condition", condition))) {
                Object resolved = intrinsics.resolve(resource).orElse(NOT_MADE);
                resources.put((String) id, (Map<?, ?>) resolved);
              }
            });
  }

  /// Reads a template file. Its parameters have their defaults.
  ///
  /// @throws IllegalArgumentException in one clear line if it cannot be read
  public static Template read(Path file) {
    return read(file, Map.of());
  }

  /// Reads a template file.
  ///
  /// @param given values of parameters; the others have their defaults
  /// @throws IllegalArgumentException in one clear line if it cannot be read or has no such
  ///   parameter
  public static Template read(Path file, Map<String, String> given) {
    try {
      return parse(Files.readString(file), given);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no " + file.toAbsolutePath(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + " cannot be used: " + e.getMessage(), e);
    }
  }

  public static Template parse(String text) {
    return parse(text, Map.of());
  }

  static Template parse(String text, Map<String, String> given) {
    if (Yaml.read(text) instanceof Map<?, ?> root) {
      return new Template(root, given);
    }
    throw new IllegalArgumentException("it is not a map");
  }

  /// Every function, in the template's order.
  public List<FunctionSettings> functions() {
    List<FunctionSettings> functions = new ArrayList<>();
    ofType("AWS::Serverless::Function").forEach((id, own) -> functions.add(function(id, own)));
    return functions;
  }

  /// Whether a function has a cache: the template switches it off where the stack has none.
  public boolean usesRedis() {
    return functions().stream()
        .anyMatch(function -> !"off".equals(function.variables().get(REDIS)));
  }

  public Routes routes() {
    List<Route> routes = new ArrayList<>();
    ofType("AWS::Serverless::Function")
        .forEach(
            (id, function) ->
                map(function, "Events").values().stream()
                    .map(event -> (Map<?, ?>) event)
                    .filter(event -> "HttpApi".equals(event.get("Type")))
                    .forEach(event -> routes.add(route(id, map(event, "Properties")))));
    ofType("AWS::ApiGatewayV2::Route").forEach((id, own) -> routes.add(plainRoute(id, own)));
    ofType("AWS::Lambda::Url").forEach((id, own) -> routes.add(urlRoute(id, own)));
    return new Routes(routes);
  }

  /// A route outside a function's events: `METHOD /path`, to an integration, to a function.
  private Route plainRoute(String id, Map<?, ?> own) {
    String key = text(own, "RouteKey").orElse(Route.DEFAULT);
    int blank = key.indexOf(' ');
    String target = text(own, "Target").orElse("").replace("integrations/", "");
    String uri =
        find("AWS::ApiGatewayV2::Integration", target)
            .flatMap(integration -> text(resource(integration), "IntegrationUri"))
            .orElse("");
    String function = function(id, uri);
    return blank < 0
        ? new Route("ANY", key, function)
        : new Route(key.substring(0, blank), key.substring(blank + 1), function);
  }

  /// A function URL takes every method and path.
  private Route urlRoute(String id, Map<?, ?> own) {
    String target = text(own, "TargetFunctionArn").orElse("");
    return new Route("ANY", Route.DEFAULT, function(id, target));
  }

  private String function(String id, String localName) {
    return find("AWS::Serverless::Function", localName)
        .orElseThrow(() -> new IllegalArgumentException(id + " leads to no function"));
  }

  private Optional<String> find(String type, String localName) {
    return ofType(type).keySet().stream()
        .filter(id -> Intrinsics.localName(id).equals(localName))
        .findFirst();
  }

  private Map<?, ?> resource(String id) {
    return map(Objects.requireNonNull(resources.get(id)), "Properties");
  }

  /// The triggers of functions by new objects in S3.
  ///
  /// @throws IllegalArgumentException in one clear line if one is wrong, or if S3 would refuse them
  public List<S3Trigger> s3Triggers() {
    return new TriggerReader(this::ofType).triggers();
  }

  /// The state machines that new objects in S3 start.
  ///
  /// @throws IllegalArgumentException in one clear line if one or its rule is wrong
  public List<MachineSettings> machines() {
    return new MachineReader(this::ofType).machines();
  }

  /// Each function's settings for asynchronous events.
  ///
  /// @return by the function's name
  /// @throws IllegalArgumentException in one clear line if one is wrong
  public Map<String, AsyncSettings> asyncSettings() {
    Map<String, AsyncSettings> settings = new LinkedHashMap<>();
    Map<?, ?> shared = map(globals, "EventInvokeConfig");
    ofType("AWS::Serverless::Function")
        .forEach(
            (id, own) -> {
              Map<?, ?> config = map(own, "EventInvokeConfig");
              settings.put(id, AsyncSettings.of(id, config.isEmpty() ? shared : config));
            });
    return settings;
  }

  public List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    ofType("AWS::DynamoDB::Table")
        .forEach(
            (id, table) -> {
              List<String> keys = new ArrayList<>();
              for (Object key : (List<?>) required(table, "KeySchema")) {
                keys.add(text((Map<?, ?>) key, "AttributeName").orElseThrow());
              }
              tables.add(
                  new Table(
                      Intrinsics.localName(id),
                      keys,
                      text(map(table, "TimeToLiveSpecification"), "AttributeName").orElse("")));
            });
    return tables;
  }

  /// The origins whose pages may call the API.
  public Set<String> corsOrigins() {
    Set<String> origins = new HashSet<>();
    ofType("AWS::ApiGatewayV2::Api")
        .forEach((_, api) -> add(map(api, "CorsConfiguration"), origins));
    ofType("AWS::Lambda::Url").forEach((_, url) -> add(map(url, "Cors"), origins));
    return origins;
  }

  private static void add(Map<?, ?> cors, Set<String> origins) {
    if (cors.get("AllowOrigins") instanceof List<?> list) {
      list.forEach(origin -> origins.add(String.valueOf(origin)));
    }
  }

  /// The names of the buckets here.
  public List<String> buckets() {
    return ofType("AWS::S3::Bucket").keySet().stream().map(Intrinsics::localName).toList();
  }

  /// The buckets that keep versions.
  public List<String> versionedBuckets() {
    return ofType("AWS::S3::Bucket").entrySet().stream()
        .filter(
            bucket ->
                text(map(bucket.getValue(), "VersioningConfiguration"), "Status")
                    .equals(Optional.of("Enabled")))
        .map(bucket -> Intrinsics.localName(bucket.getKey()))
        .toList();
  }

  /// The resources of a type that the stack has: their properties, by logical id.
  public Map<String, Map<?, ?>> ofType(String type) {
    Map<String, Map<?, ?>> found = new LinkedHashMap<>();
    resources.forEach(
        (id, resource) -> {
          if (type.equals(resource.get("Type"))) {
            found.put(id, map(resource, "Properties"));
          }
        });
    return found;
  }

  private FunctionSettings function(String id, Map<?, ?> own) {
    Map<String, String> variables = new HashMap<>();
    for (Map<?, ?> source : List.of(globals, own)) {
      map(map(source, "Environment"), "Variables")
          .forEach(
              (name, value) ->
                  variables.put(
                      (String) name, BucketNames.local(this::ofType, String.valueOf(value))));
    }
    return new FunctionSettings(
        id,
        setting(own, "Handler")
            .orElseThrow(() -> new IllegalArgumentException(id + " has no Handler")),
        Duration.ofSeconds(Long.parseLong(setting(own, "Timeout").orElse("3"))),
        Integer.parseInt(setting(own, "MemorySize").orElse("128")),
        variables);
  }

  private Optional<String> setting(Map<?, ?> own, String name) {
    return text(own, name).or(() -> text(globals, name));
  }

  private static Route route(String function, Map<?, ?> properties) {
    String path = text(properties, "Path").orElse(Route.DEFAULT);
    String method = text(properties, "Method").orElse("ANY").toUpperCase(Locale.ROOT);
    String named =
        method.equals("*") || method.equals("X-AMAZON-APIGATEWAY-ANY-METHOD") ? "ANY" : method;
    return new Route(named, path, function);
  }

  private static Optional<String> text(Map<?, ?> from, String name) {
    return Optional.ofNullable(from.get(name)).map(String::valueOf);
  }

  private static Map<?, ?> map(Map<?, ?> from, String name) {
    return from.get(name) instanceof Map<?, ?> found ? found : Map.of();
  }

  private static Object required(Map<?, ?> from, String name) {
    return Objects.requireNonNull(from.get(name), () -> "it lacks " + name);
  }
}
