package dev.pilotlight.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.suite.LoopbackServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// An HTTP proxy before DynamoDB Local, which never throttles: it does, as DynamoDB would.
final class MoodyDynamo implements AutoCloseable {
  enum Mood {
    /// The call fails for want of throughput.
    THROTTLED,
    /// The call succeeds, but nothing was done.
    UNPROCESSED,
    /// DynamoDB fails.
    BROKEN
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI behind;
  private final Mood mood;
  private final AtomicInteger moodsLeft;
  private final AtomicInteger calls = new AtomicInteger();

  /// @param times how many calls fail before all pass
  MoodyDynamo(URI behind, Mood mood, int times) throws IOException {
    this.behind = behind;
    this.mood = mood;
    this.moodsLeft = new AtomicInteger(times);
    server = LoopbackServer.create();
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  int calls() {
    return calls.get();
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    calls.incrementAndGet();
    byte[] request = exchange.getRequestBody().readAllBytes();
    if (moodsLeft.getAndDecrement() <= 0) {
      forward(exchange, request);
      return;
    }
    switch (mood) {
      case THROTTLED ->
          error(exchange, 400, "ProvisionedThroughputExceededException", "too fast for this table");
      case BROKEN -> error(exchange, 500, "InternalServerError", "try again");
      case UNPROCESSED -> answer(exchange, 200, unprocessed(request));
    }
  }

  private static byte[] unprocessed(byte[] request) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    var items = JSON.readTree(request).required("RequestItems");
    if (items.elements().next().has("Keys")) {
      answer.putObject("Responses");
      answer.set("UnprocessedKeys", items);
    } else {
      answer.set("UnprocessedItems", items);
    }
    return JSON.writeValueAsBytes(answer);
  }

  private static void error(HttpExchange exchange, int status, String type, String message)
      throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("__type", "com.amazonaws.dynamodb.v20120810#" + type);
    answer.put("message", message);
    answer(exchange, status, JSON.writeValueAsBytes(answer));
  }

  private void forward(HttpExchange exchange, byte[] request) throws IOException {
    HttpRequest.Builder onward =
        HttpRequest.newBuilder(behind).POST(HttpRequest.BodyPublishers.ofByteArray(request));
    for (String name :
        new String[] {"X-Amz-Target", "Authorization", "X-Amz-Date", "Content-Type"}) {
      onward.header(name, exchange.getRequestHeaders().getFirst(name));
    }
    try {
      HttpResponse<byte[]> response =
          client.send(onward.build(), HttpResponse.BodyHandlers.ofByteArray());
      answer(exchange, response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
