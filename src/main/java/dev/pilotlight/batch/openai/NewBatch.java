package dev.pilotlight.batch.openai;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.files.FileFields;
import dev.pilotlight.protocol.http.Door;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body of `POST /v1/batches`.
///
/// @param inputFile the id of the file with the requests
/// @param endpoint the URL of all of them
/// @param outputSeconds how long its output files live; 0 for the default
public record NewBatch(
    String inputFile, String endpoint, Map<String, String> metadata, long outputSeconds) {
  static final String WINDOW = "24h";
  private static final String ACCEPTED =
      "input_file_id, endpoint, completion_window, metadata, output_expires_after";
  private static final int PAIRS_MAX = 16;
  private static final int NAME_CHARS_MAX = 64;
  private static final int VALUE_CHARS_MAX = 512;

  public NewBatch {
    metadata = Map.copyOf(metadata);
  }

  /// Reads a request.
  ///
  /// @throws Refusal INVALID, naming the field
  public static NewBatch read(HttpRequest request) {
    return request.readJson(json -> new Reader().read(json));
  }

  /// The route of all its requests.
  public Route route() {
    return route(endpoint);
  }

  private static Route route(String path) {
    return Router.route(
        new HttpRequest("POST", path, Map.of(), Map.of(), new byte[0], true, Map.of(), "", null));
  }

  private static final class Reader {
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private @Nullable String inputFile;
    private @Nullable String endpoint;
    private @Nullable String window;
    private long seconds;

    NewBatch read(JsonReader json) throws IOException {
      json.object(name -> field(json, name));
      String file = required("input_file_id", inputFile, "the id of a file of purpose batch");
      String path = required("endpoint", endpoint, Route.INFERENCE_PATHS);
      String until = required("completion_window", window, WINDOW);
      if (!until.equals(WINDOW)) {
        throw Refusal.invalid(
            "completion_window",
            "completion_window is '%s'; accepted: %s".formatted(Text.shorten(until), WINDOW));
      }
      requireInference(path);
      return new NewBatch(file, path, metadata, seconds);
    }

    private void field(JsonReader json, String name) throws IOException {
      switch (name) {
        case "input_file_id" -> inputFile = json.string();
        case "endpoint" -> endpoint = json.string();
        case "completion_window" -> window = json.string();
        case "metadata" -> {
          if (!json.isNull()) {
            json.object(key -> pair(json, key));
          }
        }
        case "output_expires_after" -> seconds = json.isNull() ? 0 : FileFields.expiry(json);
        default -> throw json.unknownField(ACCEPTED);
      }
    }

    private void pair(JsonReader json, String name) throws IOException {
      String value = json.string();
      int chars = name.codePointCount(0, name.length());
      if (chars == 0
          || chars > NAME_CHARS_MAX
          || value.codePointCount(0, value.length()) > VALUE_CHARS_MAX) {
        throw Refusal.invalid(
            "metadata",
            "metadata has the name '%s'; accepted: names of 1 to %d and values of up to %d"
                    .formatted(Text.shorten(name), NAME_CHARS_MAX, VALUE_CHARS_MAX)
                + " characters");
      }
      metadata.put(name, value);
      if (metadata.size() > PAIRS_MAX) {
        throw Refusal.invalid(
            "metadata",
            "metadata has more than %d pairs; accepted: %d".formatted(PAIRS_MAX, PAIRS_MAX));
      }
    }

    private static String required(String name, @Nullable String value, String accepted) {
      if (value == null) {
        throw Refusal.invalid(name, "%s is missing; accepted: %s".formatted(name, accepted));
      }
      return value;
    }

    private static void requireInference(String path) {
      if (!isInference(path)) {
        throw Refusal.invalid(
            "endpoint",
            "endpoint is '%s'; accepted: %s".formatted(Text.shorten(path), Route.INFERENCE_PATHS));
      }
    }

    private static boolean isInference(String path) {
      Route route;
      try {
        route = route(path);
      } catch (Refusal refusal) {
        return false;
      }
      return route instanceof Route.Embeddings
          || route instanceof Route.Infer
          || (route instanceof Route.AtDoor door && door.door().work() == Door.Work.INFERENCE);
    }
  }
}
