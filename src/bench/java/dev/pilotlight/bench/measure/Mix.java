package dev.pilotlight.bench.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.bench.setup.Events;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A mix of requests: mostly repeated ones, some new, some wrong, by both protocols.
///
/// In each hundred, 70 are hits, 8 are new texts of 10 to 128 tokens, 1 has 64 new texts, 8 use the
/// Open Inference Protocol, 4 ask for health or a model, and 9 are wrong. Checks every status, and
/// that hits are hits.
final class Mix {
  private static final int HUNDRED = 100;
  private static final int MANY = 64;
  private static final int KNOWN_MAX = 500;
  private static final int KNOWN_STEP = 37;
  private static final int LEAST_TOKENS = 10;
  private static final int TOKENS_STEP = 13;
  private static final int OK = 200;
  private static final int INVALID = 400;
  private static final int NOT_FOUND = 404;
  private static final String INFER = "/v2/models/" + Events.MODEL + "/infer";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Setup setup;
  private final FunctionProcess function;
  private final List<byte[]> known = new ArrayList<>();
  private int sent;

  Mix(Setup setup, FunctionProcess function) {
    this.setup = setup;
    this.function = function;
  }

  /// @throws IllegalStateException if an answer is not as it must be
  void send(int count) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++, sent++) {
      int kind = sent % HUNDRED;
      if (kind == 0) {
        many();
      } else if (kind % 12 == 1) {
        fresh();
      } else if (kind % 12 == 2) {
        infer(kind);
      } else if (kind % 12 == 3) {
        wrong(kind);
      } else if (kind % 25 == 24) {
        require(OK, "", get(kind % 2 == 0 ? "/v2/health/ready" : "/v2/models/" + Events.MODEL));
      } else {
        hit();
      }
    }
  }

  private void many() throws IOException, InterruptedException {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      texts.add(setup.texts().next(Warm.SHORT));
    }
    require(OK, "fwd=miss; stored", setup.events().embeddings(texts));
  }

  private void fresh() throws IOException, InterruptedException {
    int tokens = LEAST_TOKENS + sent * TOKENS_STEP % (Warm.LONG - LEAST_TOKENS);
    byte[] event = setup.events().embeddings(setup.texts().next(tokens));
    require(OK, "fwd=miss; stored", event);
    if (known.size() < KNOWN_MAX) {
      known.add(event);
    } else {
      known.set(sent % KNOWN_MAX, event);
    }
  }

  private void hit() throws IOException, InterruptedException {
    require(OK, "hit", known.get(sent * KNOWN_STEP % known.size()));
  }

  /// Every other one is new.
  private void infer(int kind) throws IOException, InterruptedException {
    String text = kind % 24 == 2 ? setup.texts().next(Warm.SHORT) : "known";
    ObjectNode body = MAPPER.createObjectNode();
    ObjectNode input = body.putArray("inputs").addObject();
    input.put("name", "text").put("datatype", "BYTES").putArray("shape").add(1);
    input.putArray("data").add(text);
    require(OK, "", post(INFER, MAPPER.writeValueAsString(body)));
  }

  private void wrong(int kind) throws IOException, InterruptedException {
    switch (kind % 5) {
      case 0 -> require(INVALID, "", post("/v1/embeddings", "{\"model\":"));
      case 1 -> require(INVALID, "", setup.events().embeddings(""));
      case 2 -> require(NOT_FOUND, "", get("/no/such/route"));
      case 3 -> require(NOT_FOUND, "", post("/v2/models/unknown/infer", "{\"inputs\":[]}"));
      default -> require(INVALID, "", post(INFER, "{\"inputs\":[]}"));
    }
  }

  private byte[] post(String path, String body) throws IOException {
    return event("POST", path, body);
  }

  private byte[] get(String path) throws IOException {
    return event("GET", path, "");
  }

  private byte[] event(String method, String path, String body) throws IOException {
    ObjectNode event = setup.events().embeddings().deepCopy();
    event.put("rawPath", path).put("routeKey", method + " " + path).put("body", body);
    ((ObjectNode) event.get("requestContext").get("http")).put("method", method).put("path", path);
    return MAPPER.writeValueAsBytes(event);
  }

  private void require(int status, String cacheStatus, byte[] event) throws InterruptedException {
    String reply = function.call(event).text();
    if (!reply.startsWith("{\"statusCode\":%d,".formatted(status))
        || !reply.contains(cacheStatus)) {
      throw new IllegalStateException("not %d %s but %s".formatted(status, cacheStatus, reply));
    }
  }

  @Override
  public String toString() {
    return "%,d mixed requests".formatted(sent);
  }
}
