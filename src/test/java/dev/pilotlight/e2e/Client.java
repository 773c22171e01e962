package dev.pilotlight.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// A plain HTTP client of the API, with what the tests ask of a response.
public final class Client {
  private static final ObjectMapper JSON = new ObjectMapper();
  public static final String MODEL = "all-minilm-l6-v2";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;

  public Client(URI url) {
    this.url = url;
  }

  /// A response.
  public record Reply(int status, Map<String, List<String>> headers, byte[] body) {
    public String header(String name) {
      return String.join(",", headers.getOrDefault(name, List.of()));
    }

    public String cacheStatus() {
      return header("cache-status");
    }

    public String text() {
      return new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new IllegalStateException("not JSON: " + text(), e);
      }
    }

    /// How many items were run, from `Cache-Status`.
    int run() {
      return Integer.parseInt(cacheStatus().replaceAll(".*run=(\\d+).*", "$1"));
    }

    /// How long a stage took, from `Server-Timing`, in milliseconds.
    double stageMs(String stage) {
      return Arrays.stream(header("server-timing").split(", "))
          .filter(timing -> timing.startsWith(stage + ";dur="))
          .mapToDouble(timing -> Double.parseDouble(timing.substring(stage.length() + 5)))
          .findFirst()
          .orElse(0);
    }

    /// The embeddings' bytes, of a reply in base64.
    public List<byte[]> vectors() {
      List<byte[]> vectors = new ArrayList<>();
      json()
          .get("data")
          .forEach(item -> vectors.add(Base64.getDecoder().decode(item.get("embedding").asText())));
      return vectors;
    }

    List<String> ids() {
      List<String> ids = new ArrayList<>();
      json().get("data").forEach(item -> ids.add(item.get("id").asText()));
      return ids;
    }
  }

  public Reply embeddings(List<String> texts, String... headers) {
    var body = JSON.createObjectNode().put("model", MODEL).put("encoding_format", "base64");
    body.set("input", JSON.valueToTree(texts));
    return post("/v1/embeddings", body.toString(), headers);
  }

  public Reply post(String path, String body, String... headers) {
    return send(
        request(path, headers)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  public Reply post(String path, byte[] body, String... headers) {
    return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  public Reply get(String path) {
    return send(request(path).GET());
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path));
    return headers.length == 0 ? request : request.headers(headers);
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), response.headers().map(), response.body());
    } catch (IOException e) {
      throw new IllegalStateException("no answer: " + e, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
