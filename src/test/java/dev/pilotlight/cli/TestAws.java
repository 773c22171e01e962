package dev.pilotlight.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.suite.LoopbackServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Answers as AWS's documentation has them, by operation (in the REST protocols method, path and
/// query); an account with the usual quotas unless the test changes an answer.
public final class TestAws implements AutoCloseable {
  static final String LIMITS = "GetAccountSettings";
  static final String FUNCTIONS = "ListFunctions";
  static final String QUOTAS = "ListServiceQuotas";
  static final String ZONES = "DescribeAvailabilityZones";
  static final String MONITORS = "GetAnomalyMonitors";
  static final String IDENTITY = "GetCallerIdentity";
  static final String BUDGETS = "DescribeBudgets";

  /// A status and a body.
  record Answer(int status, String body) {}

  private final Map<String, Answer> answers = Collections.synchronizedMap(new HashMap<>());
  private final Map<String, Consumer<String>> effects =
      Collections.synchronizedMap(new HashMap<>());
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final List<String> changes = Collections.synchronizedList(new ArrayList<>());
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile @Nullable URI dynamo;

  public TestAws() throws IOException {
    put(LIMITS, 200, limits(1000, 1000, 80_530_636_800L, 0));
    put(FUNCTIONS, 200, "{\"Functions\":[],\"NextMarker\":null}");
    put(QUOTAS, 200, "{\"Quotas\":[{\"QuotaName\":\"Concurrent executions\",\"Value\":1000.0}]}");
    put(ZONES, 200, zones("use1-az4", "use1-az6", "use1-az1"));
    put(MONITORS, 200, "{\"AnomalyMonitors\":[]}");
    put(
        IDENTITY,
        200,
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>"
            + "</GetCallerIdentityResult></GetCallerIdentityResponse>");
    put(BUDGETS, 200, "{\"Budgets\":[]}");
    server = LoopbackServer.create();
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  static String limits(long concurrent, long unreserved, long code, long used) {
    return """
        {"AccountLimit":{"TotalCodeSize":%d,"CodeSizeUnzipped":262144000,"CodeSizeZipped":52428800,
         "ConcurrentExecutions":%d,"UnreservedConcurrentExecutions":%d},
         "AccountUsage":{"TotalCodeSize":%d,"FunctionCount":3}}
        """
        .formatted(code, concurrent, unreserved, used);
  }

  static String zones(String... ids) {
    StringBuilder items = new StringBuilder("<availabilityZoneInfo>");
    for (int i = 0; i < ids.length; i++) {
      items.append(
          """
          <item>
            <zoneName>us-east-1%c</zoneName>
            <messageSet/>
            <zoneId>%s</zoneId>
          </item>
          """
              .formatted('a' + i, ids[i]));
    }
    return items.append("</availabilityZoneInfo>").toString();
  }

  public TestAws put(String operation, int status, String body) {
    answers.put(operation, new Answer(status, body));
    return this;
  }

  /// Has an operation change something, from the body of its request.
  TestAws on(String operation, Consumer<String> effect) {
    effects.put(operation, effect);
    return this;
  }

  /// Answers requests below a path in another way.
  public void at(String path, HttpHandler handler) {
    server.createContext(path, handler);
  }

  /// Leaves calls to DynamoDB to an emulator.
  public void forwardDynamoDb(URI endpoint) {
    dynamo = endpoint;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// The operations called, each with region and service of its signature.
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /// The requests that change something, each with its body.
  List<String> changes() {
    return List.copyOf(changes);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String operation = operation(exchange, body);
    String signed = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    calls.add(operation + " " + signed.replaceAll(".*/\\d{8}/([^/]+/[^/]+)/aws4_request.*", "$1"));
    if (!List.of("GET", "POST").contains(exchange.getRequestMethod())) {
      changes.add((operation + " " + body).strip());
    }
    URI emulator = dynamo;
    Answer answer =
        emulator != null && isDynamoDb(exchange)
            ? forward(exchange, body, emulator)
            : answers.getOrDefault(operation, new Answer(404, ""));
    effects.getOrDefault(operation, _ -> {}).accept(body);
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static boolean isDynamoDb(HttpExchange exchange) {
    String target = exchange.getRequestHeaders().getFirst("x-amz-target");
    return target != null && target.startsWith("DynamoDB_");
  }

  private Answer forward(HttpExchange exchange, String body, URI emulator) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(emulator).POST(HttpRequest.BodyPublishers.ofString(body));
    for (String name :
        new String[] {"x-amz-target", "content-type", "authorization", "x-amz-date"}) {
      request.header(name, exchange.getRequestHeaders().getFirst(name));
    }
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static String operation(HttpExchange exchange, String body) {
    String target = exchange.getRequestHeaders().getFirst("x-amz-target");
    if (target != null) {
      return target.substring(target.indexOf('.') + 1);
    }
    if (body.startsWith("Action=")) {
      return body.substring("Action=".length(), body.indexOf('&'));
    }
    String uri = exchange.getRequestURI().toString();
    return uri.startsWith("/2015-03-31/functions/?")
        ? FUNCTIONS
        : uri.startsWith("/2016-08-19/account-settings/")
            ? LIMITS
            : exchange.getRequestMethod() + " " + uri;
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
