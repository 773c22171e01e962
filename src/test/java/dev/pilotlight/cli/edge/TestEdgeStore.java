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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The data API of a CloudFront KeyValueStore, as its documentation has it. It takes requests that
/// are signed by Version 4A, and changes of its current version only.
final class TestEdgeStore {
  static final String ID = "AKIDEXAMPLE";
  static final String SECRET = "secret";
  static final String ARN = "arn:aws:cloudfront::123456789012:key-value-store/s-1";
  private static final String STORE =
      "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2Fs-1";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE = 2;
  private static final int CHANGES_MAX = 50;

  /// The outcome of a change.
  enum Fate {
    PASSES,
    DENIED,
    /// Others have changed the store just before.
    LATE,
    CONFLICTS,
    /// It is made, and its answer is an error.
    ANSWER_LOST
  }

  private final Map<String, String> entries = Collections.synchronizedMap(new TreeMap<>());
  private final List<String> changes = Collections.synchronizedList(new ArrayList<>());
  private final Deque<Fate> fates = new ArrayDeque<>();
  private final Deque<Runnable> before = new ArrayDeque<>();
  private final AtomicInteger version = new AtomicInteger(1);
  private volatile Fate fate = Fate.PASSES;
  private volatile boolean denies;
  private volatile boolean omitsItems;
  private volatile Runnable beforeList = () -> {};

  TestEdgeStore(TestAws aws) {
    aws.at("/key-value-stores/", this::answer);
  }

  Map<String, String> entries() {
    return entries;
  }

  /// The methods of the changes that were made.
  List<String> changes() {
    return List.copyOf(changes);
  }

  /// The fates of the next changes; those after them have the last one.
  void fates(Fate... next) {
    fates.addAll(Arrays.asList(next));
    fate = next[next.length - 1];
  }

  void denyAll() {
    denies = true;
  }

  /// A list without entries has no `Items`.
  void omitItems() {
    omitsItems = true;
  }

  /// Runs these before the next changes, one each.
  void beforeChanges(Runnable... next) {
    before.addAll(Arrays.asList(next));
  }

  /// Runs this before the store is listed for the first time.
  void beforeList(Runnable now) {
    beforeList = now;
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String uri = exchange.getRequestURI().toString();
    boolean signed =
        TestSignature4A.isSigned(exchange, body, "cloudfront-keyvaluestore", ID, SECRET);
    if (denies || !signed) {
      refuse(exchange, 403, "AccessDeniedException", "not allowed");
    } else if (!uri.startsWith(STORE)) {
      refuse(exchange, 404, "ResourceNotFoundException", "no store");
    } else if (exchange.getRequestMethod().equals("GET")) {
      read(exchange, uri.substring(STORE.length()));
    } else {
      Objects.requireNonNullElse(before.poll(), (Runnable) () -> {}).run();
      change(exchange, uri.substring(STORE.length()), body);
    }
  }

  private void read(HttpExchange exchange, String path) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    if (!path.startsWith("/keys?")) {
      send(exchange, 200, answer.put("ItemCount", entries.size()));
      return;
    }
    Runnable now = beforeList;
    beforeList = () -> {};
    now.run();
    int next = path.contains("NextToken=") ? Integer.parseInt(path.replaceAll(".*%3D", "")) : 0;
    if (!omitsItems || !entries.isEmpty()) {
      ArrayNode items = answer.putArray("Items");
      List<String> keys = List.copyOf(entries.keySet());
      for (String key : keys.subList(next, Math.min(keys.size(), next + PAGE))) {
        items.addObject().put("Key", key).put("Value", entries.get(key));
      }
      if (next + PAGE < keys.size()) {
        answer.put("NextToken", "from=" + (next + PAGE));
      }
    }
    send(exchange, 200, answer);
  }

  private void change(HttpExchange exchange, String path, byte[] body) throws IOException {
    Fate now = Objects.requireNonNullElse(fates.poll(), fate);
    if (now == Fate.DENIED) {
      refuse(exchange, 403, "AccessDeniedException", "not allowed");
      return;
    }
    if (now == Fate.CONFLICTS) {
      refuse(exchange, 409, "ConflictException", "Resource is not in expected state");
      return;
    }
    if (now == Fate.LATE) {
      var _ = version.incrementAndGet();
    }
    if (!("v" + version).equals(exchange.getRequestHeaders().getFirst("If-Match"))) {
      refuse(exchange, 400, "ValidationException", "Pre-Condition failed");
      return;
    }
    String key = URLDecoder.decode(path.replaceFirst("^/keys/?", ""), StandardCharsets.UTF_8);
    String problem = change(exchange.getRequestMethod(), key, JSON.readTree(body));
    if (!problem.isEmpty()) {
      refuse(exchange, 404, problem, "no such key");
      return;
    }
    var _ = version.incrementAndGet();
    changes.add(exchange.getRequestMethod());
    send(exchange, now == Fate.ANSWER_LOST ? 500 : 200, JSON.createObjectNode());
  }

  /// @return the type of the error; empty for none
  private String change(String method, String key, JsonNode asked) {
    switch (method) {
      case "PUT" -> entries.put(key, asked.get("Value").textValue());
      case "DELETE" -> {
        return entries.remove(key) == null ? "ResourceNotFoundException" : "";
      }
      default -> {
        boolean absent = false;
        for (JsonNode each : asked.get("Deletes")) {
          absent |= !entries.containsKey(each.get("Key").textValue());
        }
        if (absent || asked.get("Puts").size() + asked.get("Deletes").size() > CHANGES_MAX) {
          return "ValidationException";
        }
        asked.get("Deletes").forEach(each -> entries.remove(each.get("Key").textValue()));
        asked
            .get("Puts")
            .forEach(
                each -> entries.put(each.get("Key").textValue(), each.get("Value").textValue()));
      }
    }
    return "";
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
