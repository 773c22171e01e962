package dev.pilotlight.handler.limits;

import static java.util.Locale.ROOT;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.access.ClientRows;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.suite.LoopbackServer;
import dev.pilotlight.suite.leaks.Planted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A table of clients, and functions that read it through a proxy.
final class Tenancy implements AutoCloseable {
  static final String PATH = "/v1/embeddings";

  final Between between;
  private Metrics metrics = new Metrics();
  private final DynamoLocal dynamo = DynamoLocal.start(0);
  private final ClientRows rows;
  private final DynamoDbClient client;

  Tenancy() throws IOException {
    rows = new ClientRows(dynamo);
    client = dynamo.client();
    between = new Between(dynamo.endpoint());
  }

  /// Log and metrics of the functions since the last [#forget()].
  Metrics metrics() {
    return metrics;
  }

  /// Forgets what passed, and gives later functions another log.
  void forget() {
    between.rule(_ -> new Between.Fate.Pass());
    between.forgetCalls();
    metrics = new Metrics();
  }

  /// Writes a tenant of a plan, and returns a key of it.
  String key(String tenant, String plan) {
    rows.put(
        Map.of(
            "pk", fromS("tenant#" + tenant),
            "sk", fromS("tenant"),
            "state", fromS("live"),
            "generation", fromN("0"),
            "plan", fromS(plan)));
    return rows.key(tenant);
  }

  /// Creates the table of results.
  void createResults() {
    dynamo.createTable("pilotlight-results", "pk", "expires_at");
  }

  /// Writes a key of a tenant that has less rights than it.
  String key(String tenant, String right, List<String> values) {
    return rows.key(tenant, Map.of(right, fromSs(values)));
  }

  /// A function whose keys are in the table.
  ///
  /// @param more settings and their values
  Harness function(String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("PILOTLIGHT_AUTH", "keys");
    settings.put("PILOTLIGHT_TENANT_FROM", "key");
    settings.put("PILOTLIGHT_CLIENTS_TABLE", ClientRows.TABLE);
    settings.put("PILOTLIGHT_METRICS", "each");
    settings.put("AWS_ENDPOINT_URL_DYNAMODB", between.endpoint().toString());
    settings.put("AWS_REGION", "eu-west-1");
    settings.put("AWS_ACCESS_KEY_ID", "local");
    settings.put("AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
    return new Harness(metrics, settings, more);
  }

  /// A function that limits tenants by plans. It waits for Redis as long as a busy machine needs:
  /// after the default time limit of 50 ms it would admit its own share next to what Redis counts.
  Harness limited(String plans, RedisServer redis) {
    return function(
        "PILOTLIGHT_PLANS",
        plans,
        "PILOTLIGHT_REDIS",
        redis.url(),
        "PILOTLIGHT_REDIS_READ_MS",
        "10000",
        "PILOTLIGHT_REDIS_TOTAL_MS",
        "10000");
  }

  /// Loads the model, which may take longer than a rate needs to admit the next request, and waits
  /// until Redis keeps the rates: a function connects in the background, and admits its own share
  /// until then. The plans need `wide` with 1,000 requests at once.
  void warm(Harness started) {
    String key = key("warm", "wide");
    Await.until(
        () -> {
          Harness.Reply answer = embed(started, key, "hello");
          return answer.header("x-ratelimit-limit-requests").equals("1000");
        });
  }

  /// Sends texts by a key.
  static Harness.Reply embed(Harness function, String key, String... texts) {
    String input =
        Stream.of(texts).map(text -> '"' + text + '"').collect(Collectors.joining(",", "[", "]"));
    return post(function, key, PATH, "{\"input\":" + input + "}");
  }

  static Harness.Reply post(Harness function, String key, String path, String body) {
    return function.send(
        "POST",
        path,
        Map.of("authorization", "Bearer " + key, "content-type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  static Harness.Reply get(Harness function, String key, String path) {
    return function.send("GET", path, Map.of("authorization", "Bearer " + key), new byte[0]);
  }

  /// Sends a request with a query.
  static Harness.Reply send(
      Harness function, String method, URI target, Map<String, String> headers, byte[] body) {
    var event = Harness.JSON.createObjectNode().put("version", "2.0");
    String query = Objects.requireNonNullElse(target.getRawQuery(), "");
    event.put("rawPath", target.getRawPath()).put("rawQueryString", query);
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String[] both = pair.split("=", 2);
      // as API Gateway joins values of one name
      parameters.merge(decoded(both[0]), decoded(both[1]), (one, other) -> one + ',' + other);
    }
    event.set("queryStringParameters", Harness.JSON.valueToTree(parameters));
    event.set("headers", Harness.JSON.valueToTree(headers));
    event.put("isBase64Encoded", true).put("body", Base64.getEncoder().encodeToString(body));
    var context = event.putObject("requestContext").put("requestId", "r").put("stage", "$default");
    context.putObject("http").put("method", method).put("path", target.getRawPath());
    return function.send(event.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /// Serves a function by HTTP on a free port, for clients.
  ///
  /// @param answered gets the status of each answer
  static HttpServer serve(Harness function, IntConsumer answered) throws IOException {
    HttpServer server = LoopbackServer.create();
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            Map<String, String> headers = new HashMap<>();
            exchange
                .getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(ROOT), values.getFirst()));
            Harness.Reply reply =
                send(
                    function,
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    headers,
                    exchange.getRequestBody().readAllBytes());
            reply
                .headers()
                .properties()
                .forEach(
                    header ->
                        exchange
                            .getResponseHeaders()
                            .add(header.getKey(), header.getValue().asText()));
            answered.accept(reply.status());
            exchange.sendResponseHeaders(reply.status(), reply.body().length);
            exchange.getResponseBody().write(reply.body());
          }
        });
    server.start();
    return server;
  }

  /// The rows of a tenant whose sort key begins so.
  List<Map<String, AttributeValue>> rows(String partition, String sort) {
    return client
        .query(
            query ->
                query
                    .tableName(ClientRows.TABLE)
                    .keyConditionExpression(
                        sort.isEmpty() ? "pk = :pk" : "pk = :pk AND begins_with(sk, :sk)")
                    .expressionAttributeValues(
                        sort.isEmpty()
                            ? Map.of(":pk", fromS(partition))
                            : Map.of(":pk", fromS(partition), ":sk", fromS(sort))))
        .items();
  }

  /// Writes a row.
  void put(Map<String, AttributeValue> row) {
    rows.put(row);
  }

  /// Erases the rows of a partition.
  void erase(String partition) {
    for (Map<String, AttributeValue> row : rows(partition, "")) {
      Map<String, AttributeValue> key =
          Map.of(
              "pk", Objects.requireNonNull(row.get("pk")),
              "sk", Objects.requireNonNull(row.get("sk")));
      var _ = client.deleteItem(delete -> delete.tableName(ClientRows.TABLE).key(key));
    }
  }

  /// The lines of the log with a message.
  List<JsonNode> lines(String message) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : metrics.lines()) {
      if (line.contains("\"message\":\"" + message + "\"")) {
        try {
          lines.add(Harness.JSON.readTree(line));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return lines;
  }

  /// The sums of the counters of rows.
  static Map<String, Long> sums(List<Map<String, AttributeValue>> rows) {
    Map<String, Long> sums = new TreeMap<>();
    rows.forEach(
        row ->
            row.forEach(
                (name, value) -> {
                  if (value.n() != null && !value.n().equals("0") && !name.equals("expires_at")) {
                    sums.merge(name, Long.parseLong(value.n()), Long::sum);
                  }
                }));
    return sums;
  }

  /// How many writes of counters passed.
  long writes() {
    return between.calls().stream().filter(call -> call.action().equals("UpdateItem")).count();
  }

  @Override
  public void close() {
    client.close();
    rows.close();
    between.close();
    dynamo.close();
  }
}
