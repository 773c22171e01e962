package dev.pilotlight.cli.edge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.pilotlight.cli.TestAws;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The data API of a CloudFront KeyValueStore, as its documentation has it. It takes requests that
/// are signed by Version 4A, and changes of its current version only.
final class TestEdgeStore {
  static final String ID = "AKIDEXAMPLE";
  static final String SECRET = "secret";
  static final String ARN = "arn:aws:cloudfront::123456789012:key-value-store/s-1";
  private static final String PATH = "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012";
  private static final String STORE = PATH + "%3Akey-value-store%2Fs-1";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE = 2;
  private static final int CHANGES_MAX = 50;

  private final Map<String, String> entries = Collections.synchronizedMap(new TreeMap<>());
  private final List<String> changes = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger version = new AtomicInteger(1);
  private final AtomicInteger others = new AtomicInteger();
  private volatile boolean denies;
  private volatile Runnable listed = () -> {};

  TestEdgeStore(TestAws aws) {
    aws.at("/key-value-stores/", this::answer);
  }

  Map<String, String> entries() {
    return entries;
  }

  /// The methods of the changes.
  List<String> changes() {
    return List.copyOf(changes);
  }

  /// Has others change the store before each of the next changes.
  void interfere(int times) {
    others.set(times);
  }

  void deny(boolean now) {
    denies = now;
  }

  /// Runs this when the store has been listed.
  void whenListed(Runnable now) {
    listed = now;
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String uri = exchange.getRequestURI().toString();
    if (denies
        || !TestSignature4A.isSigned(exchange, body, "cloudfront-keyvaluestore", ID, SECRET)) {
      refuse(exchange, 403, "AccessDeniedException", "not allowed");
    } else if (!uri.startsWith(STORE)) {
      refuse(exchange, 404, "ResourceNotFoundException", "no store");
    } else if (exchange.getRequestMethod().equals("GET")) {
      read(exchange, uri.substring(STORE.length()));
    } else {
      if (others.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        var _ = version.incrementAndGet();
      }
      change(exchange, uri.substring(STORE.length()), body);
    }
  }

  private void read(HttpExchange exchange, String path) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    if (!path.startsWith("/keys?")) {
      send(exchange, 200, answer.put("ItemCount", entries.size()));
      return;
    }
    int next = path.contains("NextToken=") ? Integer.parseInt(path.replaceAll(".*%3D", "")) : 0;
    ArrayNode items = answer.putArray("Items");
    List<String> keys = List.copyOf(entries.keySet());
    for (String key : keys.subList(next, Math.min(keys.size(), next + PAGE))) {
      items.addObject().put("Key", key).put("Value", entries.get(key));
    }
    if (next + PAGE < keys.size()) {
      answer.put("NextToken", "from=" + (next + PAGE));
    } else {
      listed.run();
    }
    send(exchange, 200, answer);
  }

  private void change(HttpExchange exchange, String path, byte[] body) throws IOException {
    if (!("v" + version).equals(exchange.getRequestHeaders().getFirst("If-Match"))) {
      refuse(exchange, 400, "ValidationException", "Pre-Condition failed");
      return;
    }
    String key = URLDecoder.decode(path.replaceFirst("^/keys/?", ""), StandardCharsets.UTF_8);
    JsonNode asked = JSON.readTree(body);
    switch (exchange.getRequestMethod()) {
      case "PUT" -> entries.put(key, asked.get("Value").textValue());
      case "DELETE" -> {
        if (entries.remove(key) == null) {
          refuse(exchange, 404, "ResourceNotFoundException", "no such key");
          return;
        }
      }
      default -> {
        boolean absent = false;
        for (JsonNode each : asked.get("Deletes")) {
          absent |= !entries.containsKey(each.get("Key").textValue());
        }
        if (absent || asked.get("Puts").size() + asked.get("Deletes").size() > CHANGES_MAX) {
          refuse(exchange, 400, "ValidationException", "wrong");
          return;
        }
        asked.get("Deletes").forEach(each -> entries.remove(each.get("Key").textValue()));
        asked
            .get("Puts")
            .forEach(
                each -> entries.put(each.get("Key").textValue(), each.get("Value").textValue()));
      }
    }
    var _ = version.incrementAndGet();
    changes.add(exchange.getRequestMethod());
    send(exchange, 200, JSON.createObjectNode().put("ItemCount", entries.size()));
  }

  private static void refuse(HttpExchange exchange, int status, String type, String message)
      throws IOException {
    exchange.getResponseHeaders().set("x-amzn-errortype", type);
    reply(exchange, status, JSON.createObjectNode().put("Message", message));
  }

  private void send(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
    exchange.getResponseHeaders().set("ETag", "v" + version);
    reply(exchange, status, answer);
  }

  private static void reply(HttpExchange exchange, int status, ObjectNode answer)
      throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(answer);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
