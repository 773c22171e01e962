package dev.pilotlight.bench.baseline;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.pilotlight.bench.setup.Events;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import redis.clients.jedis.Jedis;

/// Does the minimum for an answer: the same runs and the same calls by the same clients, and
/// nothing else. Its wire time is the baseline.
///
/// It runs instead of the function, in the same runtime, with the same flags and AOT cache.
public final class BaselineHandler implements RequestStreamHandler {
  /// For `_HANDLER`.
  static final String NAME = BaselineHandler.class.getName() + "::handleRequest";

  private static final Path MODEL = Path.of("models", Events.MODEL, "1", "model.onnx");

  /// The variable with the file whose bytes answer a request over HTTP.
  static final String ANSWER = "BENCH_ANSWER";

  private final byte[] answer;
  private final BaselineGraph graph;
  private final BaselineTable table;
  private final Jedis redis;

  /// For the runtime client.
  public BaselineHandler() {
    Map<String, String> variables = System.getenv();
    // the runtime never ends a handler, so nothing is closed
    Log log = new Log(System.out, Log.Level.WARN);
    Clients clients = new Clients(variables, StoreSettings.from(new Settings(variables)), log);
    table = new BaselineTable(clients.dynamo(), variable("PILOTLIGHT_TABLE"));
    graph = BaselineGraph.open(MODEL);
    redis = new Jedis(URI.create(variable("PILOTLIGHT_REDIS")));
    redis.ping();
    answer = answer();
  }

  /// The response of an HTTP API with the answer's bytes as its body.
  private static byte[] answer() {
    String file = System.getenv(ANSWER);
    if (file == null) {
      return new byte[0];
    }
    JsonBytes json = new JsonBytes().object().field("statusCode", 200).name("headers").object();
    json.field("content-type", "application/json").endObject();
    try {
      json.field("body", Files.readString(Path.of(file))).endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return json.toByteArray();
  }

  private static String variable(String name) {
    return Objects.requireNonNull(System.getenv(name), name);
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    byte[] bytes = in.readAllBytes();
    if (answer.length > 0) {
      out.write(answer);
      return;
    }
    BaselineEvent event = BaselineEvent.of(bytes);
    switch (event.work()) {
      case ECHO -> {}
      case REDIS_GET -> {
        if (redis.get(event.key().getBytes(StandardCharsets.US_ASCII)) == null) {
          throw new IllegalStateException("Redis does not have " + event.key());
        }
      }
      case MISS -> {
        table.get(event.key(0));
        byte[] value = graph.run(event.items().getFirst(), event.valueBytes());
        table.put(event.key(0), value);
      }
      case RUNS -> graph.run(event.items(), event.valueBytes(), (_, _) -> {});
      case MANY -> {
        for (int from = 0; from < event.items().size(); from += event.together()) {
          many(event, from, Math.min(from + event.together(), event.items().size()));
        }
      }
    }
    out.write(new byte[event.responseBytes()]);
  }

  private void many(BaselineEvent event, int from, int to) {
    List<String> keys = table.keys(event).subList(from, to);
    table.get(keys);
    graph.run(
        event.items().subList(from, to),
        event.valueBytes(),
        (first, values) -> table.put(keys.subList(first, first + values.size()), values));
  }
}
